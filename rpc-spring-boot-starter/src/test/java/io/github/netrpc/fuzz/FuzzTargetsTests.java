package io.github.netrpc.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Every target with its seeds, all that was ever found, and some more of the same kind.
 * Who looks further is {@code benchmarks/fuzz}.
 */
class FuzzTargetsTests {

	private static final int MUTATIONS = 500;

	private static final Logger LOG = (Logger) LoggerFactory.getLogger("io.github.netrpc");

	@BeforeAll
	static void hushed() {
		LOG.setLevel(Level.OFF);
	}

	@AfterAll
	static void loud() {
		LOG.setLevel(null);
	}

	static Set<String> targets() {
		return FuzzTargets.names();
	}

	@ParameterizedTest
	@MethodSource("targets")
	void keepsItsPromisesOnAllThatIsKnown(String name) {
		FuzzTarget target = FuzzTargets.of(name);
		assertThat(target.name()).isEqualTo(name);
		assertThat(target.seeds()).isNotEmpty();
		target.seeds().forEach((seed) -> run(target, "seed", seed));
		Corpus.read(Corpus.FOLDER, name).inputs().forEach((input) -> run(target, input.name(), input.bytes()));
	}

	@ParameterizedTest
	@MethodSource("targets")
	void keepsItsPromisesOnMutations(String name) {
		FuzzTarget target = FuzzTargets.of(name);
		assumeThat(target.missing()).isNull();
		List<byte[]> known = FuzzTargets.known(target);
		Random random = new Random(1);
		for (int i = 0; i < MUTATIONS; i++) {
			run(target, "mutation " + i, mutated(known, random));
		}
	}

	private static void run(FuzzTarget target, String what, byte[] input) {
		try {
			target.run(input);
		}
		catch (Exception | Error ex) {
			throw new AssertionError(target.name() + ", " + what + " " + Base64.getEncoder().encodeToString(input), ex);
		}
	}

	/** Cut, glued, made up, or with some other bytes. */
	private static byte[] mutated(List<byte[]> known, Random random) {
		byte[] bytes = known.get(random.nextInt(known.size())).clone();
		if (bytes.length == 0) {
			return bytes;
		}
		int how = random.nextInt(6);
		if (how == 0) {
			return Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
		}
		if (how == 1) {
			byte[] other = known.get(random.nextInt(known.size()));
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

	@Test
	void savedInputsWithoutNamesAreFew() {
		for (String name : FuzzTargets.names()) {
			long bytes = Corpus.read(Corpus.FOLDER, name)
				.inputs()
				.stream()
				.filter((input) -> input.name().isEmpty())
				.mapToLong((input) -> input.bytes().length)
				.sum();
			assertThat(bytes).as(name).isLessThanOrEqualTo(FuzzRunner.MOST_SAVED_BYTES);
		}
	}

	@Test
	void cutsFeedEveryByteOnceInOrder() {
		byte[] bytes = new byte[300];
		new Random(2).nextBytes(bytes);
		for (int length = 0; length < bytes.length; length++) {
			byte[] stream = Arrays.copyOf(bytes, length);
			for (Cuts cuts : List.of(Cuts.NONE, Cuts.of(stream), Cuts.everywhere(length))) {
				List<Byte> read = new ArrayList<>();
				int consumed = cuts.feed(stream, (buffer, from, to) -> {
					int count = Math.max(1, (to - from) / 2 * 2);
					for (int i = from; i < from + count; i++) {
						read.add(buffer[i]);
					}
					return count;
				});
				assertThat(read).hasSize(consumed);
				for (int i = 0; i < consumed; i++) {
					assertThat(read.get(i)).isEqualTo(stream[i]);
				}
			}
		}
	}

	@Test
	void memoryBeyondTheLimitIsNoticed() {
		byte[][] kept = new byte[1][];
		byte[] input = new byte[10];
		Promises.bounded(input, 1_000, () -> kept[0] = new byte[60_000]);
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> Promises.bounded(input, 1_000, () -> kept[0] = new byte[70_000]))
			.withMessageContaining("10 bytes of input took 700");
	}

	@Test
	void memoryThatIsTakenOnceIsNot() {
		byte[][] kept = new byte[1][];
		Promises.bounded(new byte[0], 0, () -> {
			if (kept[0] == null) {
				kept[0] = new byte[1 << 20];
			}
		});
		assertThat(kept[0]).isNotNull();
	}

}
