package io.github.netrpc.gob;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;

import io.github.netrpc.fuzz.FuzzTarget;

/**
 * Messages whose lengths are right and whose definitions are anything: as
 * {@link GobValuesFuzz}. An input is the byte that chooses the type, and then messages,
 * each with its length before it in one byte.
 */
public final class GobDefinitionsFuzz implements FuzzTarget {

	private static final int LONGEST = 0xff;

	private final GobValuesFuzz values = new GobValuesFuzz();

	@Override
	public String name() {
		return "gob-definitions";
	}

	@Override
	public String description() {
		return "well-framed gob messages with any type definitions";
	}

	@Override
	public List<byte[]> seeds() {
		return this.values.seeds()
			.stream()
			.map(GobDefinitionsFuzz::withoutFrames)
			.filter((seed) -> seed.length > 1)
			.toList();
	}

	/** The messages of a stream, each with its length in one byte. */
	private static byte[] withoutFrames(byte[] input) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		out.write(input[0]);
		int at = 1;
		while (at < input.length) {
			try {
				int start = GobInput.lengthPrefixEnd(input, at, input.length);
				int size = (start > 0) ? new GobInput(Gob.standard()).messageSize(input, at, start) : LONGEST + 1;
				if (size > LONGEST || size > input.length - start) {
					break;
				}
				out.write(size);
				out.write(input, start, size);
				at = start + size;
			}
			catch (GobException ex) {
				break;
			}
		}
		return out.toByteArray();
	}

	@Override
	public void run(byte[] input) {
		if (input.length < 2) {
			return;
		}
		GobWriter out = Gob.standard().writer();
		int at = 1;
		while (at < input.length) {
			int size = Math.min(input[at] & 0xff, input.length - at - 1);
			if (size > 0) {
				int start = out.beginMessage();
				out.write(input, at + 1, size);
				out.endMessage(start);
			}
			at += size + 1;
		}
		this.values.check(Arrays.copyOf(out.array(), out.length()), this.values.choice(input[0] & 0xff));
	}

}
