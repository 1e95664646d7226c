package io.github.netrpc.interop;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.interop.Types.BlobArgs;
import io.github.netrpc.interop.Types.Empty;
import io.github.netrpc.interop.Types.Everything;
import io.github.netrpc.interop.Types.Optionals;
import io.github.netrpc.interop.Types.Person;
import io.github.netrpc.interop.Types.Tree;

/**
 * Echo as the Go fixture implements it, for both formats.
 */
public class EchoService implements Echo {

	private static final long MAX_BLOB = 64 << 20;

	@Override
	public String say(String text) {
		return text;
	}

	@Override
	public boolean bool(boolean value) {
		return value;
	}

	@Override
	public long integer(long value) {
		return value;
	}

	@Override
	public long unsigned(long value) {
		return value;
	}

	@Override
	public double floating(double value) {
		return value;
	}

	@Override
	public byte[] bytes(byte[] value) {
		return value;
	}

	@Override
	public List<Long> ints(List<Long> value) {
		return value;
	}

	@Override
	public List<String> strings(List<String> value) {
		return value;
	}

	@Override
	public Map<String, Long> table(Map<String, Long> value) {
		return value;
	}

	@Override
	public Map<String, Person> people(Map<String, Person> value) {
		return value;
	}

	@Override
	public OffsetDateTime time(OffsetDateTime value) {
		return value;
	}

	@Override
	public Person person(Person value) {
		return value;
	}

	@Override
	public Everything everything(Everything value) {
		return value;
	}

	@Override
	public Optionals optional(Optionals value) {
		return value;
	}

	@Override
	public Tree tree(Tree value) {
		return value;
	}

	@Override
	public Empty nothing(Empty value) {
		return value;
	}

	@Override
	public String fail(String text) {
		if (text.isEmpty()) {
			return "no error";
		}
		throw new RpcException(RpcCode.UNKNOWN, text);
	}

	@Override
	public byte[] blob(BlobArgs args) {
		if (args.size() < 0 || args.size() > MAX_BLOB) {
			throw new RpcException(RpcCode.OUT_OF_RANGE, "blob: bad size");
		}
		return blobOf((int) args.size(), args.seed());
	}

	@Override
	public int sum(byte[] bytes) {
		CRC32 sum = new CRC32();
		sum.update(bytes);
		return (int) sum.getValue();
	}

	static byte[] blobOf(int size, long seed) {
		byte[] blob = new byte[size];
		for (int i = 0; i < size; i++) {
			blob[i] = (byte) ((i * 31L + seed) % 251);
		}
		return blob;
	}

}
