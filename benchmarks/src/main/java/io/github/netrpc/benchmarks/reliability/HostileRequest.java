package io.github.netrpc.benchmarks.reliability;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.ServiceLoader;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.ServiceMethod;
import io.github.netrpc.type.TypeRef;
import io.github.netrpc.wire.EncodeException;
import io.github.netrpc.wire.MessageBuffer;
import io.github.netrpc.wire.ValuePlan;
import io.github.netrpc.wire.ValueShape;
import io.github.netrpc.wire.WireFormat;
import io.github.netrpc.wire.WireLimits;

/**
 * The bytes of a request that mean harm, and the type of the argument that its method
 * has. Immutable.
 *
 * @param name what it does
 * @param format the format it is for, with the limits of a server that was not told
 * others
 * @param plan how the argument is read
 * @param bytes the bytes
 */
// Nobody compares them
@SuppressWarnings("ArrayRecordComponent")
record HostileRequest(String name, WireFormat format, ValuePlan plan, byte[] bytes) {

	static final ServiceMethod METHOD = ServiceMethod.of("Work", "Read");

	static WireFormat format(String name) {
		return ServiceLoader.load(WireFormat.Provider.class)
			.stream()
			.map(ServiceLoader.Provider::get)
			.filter((provider) -> provider.name().equals(name))
			.findFirst()
			.orElseThrow()
			.create(WireLimits.DEFAULT);
	}

	/**
	 * A request as it should be.
	 * @param format the format
	 * @param type the type of the argument
	 * @param argument the argument
	 * @return the request
	 */
	static HostileRequest honest(WireFormat format, TypeRef<?> type, @Nullable Object argument) throws EncodeException {
		ValuePlan plan = format.plan(new ValueShape.Value(type.annotatedType()));
		MessageBuffer buffer = format.newBuffer();
		format.clientCodec().encodeRequest(METHOD, 1, 0, Map.of(), argument, plan, buffer);
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		buffer.writeTo(out::write);
		return new HostileRequest("honest", format, plan, out.toByteArray());
	}

	/**
	 * In gob: a request whose argument, an empty list, map, string or array of bytes,
	 * declares to have more than that.
	 * @param name what it does
	 * @param format gob
	 * @param type the type of the argument
	 * @param empty an argument without an element
	 * @param count how many elements it declares
	 * @param elements those that are there
	 * @return the request
	 */
	static HostileRequest declaring(String name, WireFormat format, TypeRef<?> type, Object empty, long count,
			byte[] elements) throws EncodeException {
		HostileRequest honest = honest(format, type, empty);
		byte[] all = honest.bytes();
		int last = lastMessage(all);
		// The length of a small message is one byte, and the last byte is the count, 0
		byte[] head = Arrays.copyOfRange(all, last + 1, all.length - 1);
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		byte[] declared = unsigned(count);
		out.write(all, 0, last);
		out.writeBytes(unsigned(head.length + (long) declared.length + elements.length));
		out.writeBytes(head);
		out.writeBytes(declared);
		out.writeBytes(elements);
		return new HostileRequest(name, format, honest.plan(), out.toByteArray());
	}

	/**
	 * Any bytes.
	 * @param name what they do
	 * @param format the format
	 * @param type the type of the argument
	 * @param bytes the bytes
	 * @return the request
	 */
	static HostileRequest of(String name, WireFormat format, TypeRef<?> type, byte[] bytes) {
		return new HostileRequest(name, format, format.plan(new ValueShape.Value(type.annotatedType())), bytes);
	}

	/**
	 * In JSON: a request with any text for its argument.
	 * @param name what it does
	 * @param format JSON
	 * @param type the type of the argument
	 * @param argument the text
	 * @return the request
	 */
	static HostileRequest json(String name, WireFormat format, TypeRef<?> type, String argument) {
		String text = "{\"method\":\"" + METHOD + "\",\"params\":[" + argument + "],\"id\":1}\n";
		return of(name, format, type, text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Where the last message of a stream of gob begins.
	 */
	private static int lastMessage(byte[] stream) {
		int from = 0;
		while (true) {
			int first = stream[from];
			int length = first;
			int next = from + 1;
			if (first < 0) {
				length = 0;
				for (int i = 0; i < -first; i++) {
					length = (length << 8) | (stream[next++] & 0xff);
				}
			}
			if (next + length >= stream.length) {
				return from;
			}
			from = next + length;
		}
	}

	/**
	 * An unsigned number as gob writes it.
	 * @param value the number
	 * @return one byte, or how many follow and these
	 */
	static byte[] unsigned(long value) {
		if (value >= 0 && value < 128) {
			return new byte[] { (byte) value };
		}
		int bytes = (64 - Long.numberOfLeadingZeros(value) + 7) / 8;
		byte[] written = new byte[bytes + 1];
		written[0] = (byte) -bytes;
		for (int i = 0; i < bytes; i++) {
			written[bytes - i] = (byte) (value >>> (8 * i));
		}
		return written;
	}

}
