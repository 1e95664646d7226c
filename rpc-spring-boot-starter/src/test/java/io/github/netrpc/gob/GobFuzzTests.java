package io.github.netrpc.gob;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import io.github.netrpc.gob.Vectors.Case;
import io.github.netrpc.gob.Vectors.EndOfStream;
import io.github.netrpc.gob.Vectors.Feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * Flipped, cut, glued and made-up bytes: a value or a {@link GobException}, the same
 * whole as one byte at a time, and never anything else.
 */
class GobFuzzTests {

	private final Gob gob = Gob.builder()
		.types(GoTypes.NAMES)
		.limits(GobLimits.DEFAULT.withMaxMessageBytes(1 << 16).withMaxDecodedBytes(1 << 20))
		.build();

	private final List<byte[]> streams = new ArrayList<>();

	private final List<GobType<?>> types = new ArrayList<>();

	GobFuzzTests() {
		for (Case vector : Vectors.values()) {
			if (!vector.has("types")) {
				this.streams.add(vector.bytes());
				this.types.add(GoTypes.type(this.gob, vector.text("type")));
			}
		}
	}

	@Test
	void brokenBytesGiveAValueOrAnError() {
		run(30_000, 1);
	}

	@Test
	@Tag("long")
	void twoMillionBrokenStreamsGiveAValueOrAnError() {
		run(2_000_000, System.nanoTime());
	}

	private void run(int count, long seed) {
		Random random = new Random(seed);
		for (int i = 0; i < count; i++) {
			byte[] bytes = broken(random);
			GobType<?> type = this.types.get(random.nextInt(this.types.size()));
			boolean skipped = random.nextInt(4) == 0;
			String whole = outcome(bytes, type, skipped, Feed.WHOLE, seed);
			if (i % 8 == 0) {
				assertThat(outcome(bytes, type, skipped, Feed.BYTE_BY_BYTE, seed))
					.as("seed %d, bytes %s, %s", seed, java.util.HexFormat.of().formatHex(bytes),
							skipped ? "skipped" : type)
					.isEqualTo(whole);
			}
		}
	}

	private byte[] broken(Random random) {
		byte[] bytes = this.streams.get(random.nextInt(this.streams.size())).clone();
		int how = random.nextInt(6);
		if (how == 0) {
			return Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
		}
		if (how == 1) {
			byte[] other = this.streams.get(random.nextInt(this.streams.size()));
			int cut = random.nextInt(bytes.length);
			byte[] glued = Arrays.copyOf(bytes, cut + other.length);
			System.arraycopy(other, 0, glued, cut, other.length);
			return glued;
		}
		if (how == 2) {
			random.nextBytes(bytes);
			return bytes;
		}
		for (int i = random.nextInt(4); i >= 0; i--) {
			bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
		}
		return bytes;
	}

	private String outcome(byte[] bytes, GobType<?> type, boolean skipped, Feed feed, long seed) {
		Vectors.Stream stream = new Vectors.Stream(this.gob, bytes, feed);
		StringBuilder outcome = new StringBuilder();
		for (int i = 0; i < 5; i++) {
			try {
				Object value = stream.read((decoder) -> skipped ? decoder.skip() : decoder.read(type));
				outcome.append((value != null) ? value.getClass().getSimpleName() : "null").append(' ');
			}
			catch (GobException ex) {
				outcome.append(ex.inStep() ? "value error " : "stream error ");
				if (!ex.inStep()) {
					return outcome.toString();
				}
			}
			catch (EndOfStream ex) {
				return outcome.append(ex.clean).toString();
			}
			catch (RuntimeException | Error ex) {
				fail("seed " + seed + ", bytes " + java.util.HexFormat.of().formatHex(bytes), ex);
			}
		}
		return outcome.toString();
	}

}
