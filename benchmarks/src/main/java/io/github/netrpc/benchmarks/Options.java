package io.github.netrpc.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * What to run. Immutable.
 *
 * @param rounds how often every cell is measured
 * @param seconds the measured time of a cell
 * @param warmUp seconds before each cell that are not counted
 * @param firstWarmUp seconds of load on every fresh pair of processes, for the JIT
 * @param peers who is measured
 * @param inFlight the numbers of calls in flight
 * @param write whether {@code docs/benchmarks.md} is written
 * @param jfr whether the Java processes record themselves
 * @param home the directory of this module
 * @param arguments the arguments as given
 */
record Options(int rounds, double seconds, double warmUp, double firstWarmUp, List<Peer> peers, List<Integer> inFlight,
		boolean write, boolean jfr, Path home, List<String> arguments) {

	static final String USAGE = """
			benchmarks/run [options]      side by side: this project, Go's net/rpc, a raw Netty echo
			  --rounds=N                  how often every cell is measured, medians are shown (3)
			  --seconds=S                 measured time of a cell (3)
			  --warm-up=S                 time before each cell that is not counted (1)
			  --first-warm-up=S           load on every fresh pair of processes, for the JIT (6)
			  --peers=A,B                 who is measured (all without TLS):
			                              %s
			  --tls                       those over TLS as well: go-gob-tls, gob-tls
			  --in-flight=N,M             calls in flight on the one connection (1,64,256)
			  --jfr                       record the Java processes into benchmarks/target/jfr
			  --write                     write docs/benchmarks.md
			""".formatted(Peer.options());

	private static final Set<String> NAMES = Set.of("--rounds", "--seconds", "--warm-up", "--first-warm-up", "--peers",
			"--in-flight", "--tls", "--write", "--jfr");

	Options {
		peers = List.copyOf(peers);
		inFlight = List.copyOf(inFlight);
		arguments = List.copyOf(arguments);
		require(rounds >= 1 && rounds <= 100, "--rounds=" + rounds, "1 to 100");
		require(seconds > 0 && seconds <= 600, "--seconds=" + seconds, "more than 0, at most 600");
		require(warmUp >= 0 && warmUp <= 600, "--warm-up=" + warmUp, "0 to 600");
		require(firstWarmUp >= 0 && firstWarmUp <= 600, "--first-warm-up=" + firstWarmUp, "0 to 600");
		for (int level : inFlight) {
			require(level >= 1 && level <= 65536, "--in-flight=" + level, "1 to 65536");
		}
		require(!(write && jfr), "--write with --jfr", "one of them: a recording slows what it records");
		require(!write || rounds >= 3, "--write with --rounds=" + rounds, "3 or more");
	}

	static Options parse(String[] args, Path home) {
		Map<String, String> values = new HashMap<>();
		for (String arg : args) {
			String name = arg.replaceFirst("=.*", "");
			require(NAMES.contains(name), "\"" + arg + "\"", "one of the options\n" + USAGE);
			values.put(name, arg.substring(Math.min(arg.length(), name.length() + 1)));
		}
		return new Options(Integer.parseInt(values.getOrDefault("--rounds", "3")),
				Double.parseDouble(values.getOrDefault("--seconds", "3")),
				Double.parseDouble(values.getOrDefault("--warm-up", "1")),
				Double.parseDouble(values.getOrDefault("--first-warm-up", "6")),
				peers(values.get("--peers"), values.containsKey("--tls")),
				list(values.getOrDefault("--in-flight", "1,64,256")).stream().map(Integer::valueOf).toList(),
				values.containsKey("--write"), values.containsKey("--jfr"), home, List.of(args));
	}

	private static List<Peer> peers(@Nullable String names, boolean tls) {
		Stream<Peer> named = (names != null) ? list(names).stream().map(Peer::ofOption)
				: Stream.of(Peer.values()).filter((peer) -> !peer.isTls());
		Stream<Peer> added = tls ? Stream.of(Peer.values()).filter(Peer::isTls) : Stream.empty();
		return Stream.concat(named, added).distinct().toList();
	}

	private static List<String> list(String value) {
		List<String> words = new ArrayList<>();
		for (String word : value.split(",")) {
			if (!word.isBlank()) {
				words.add(word.strip());
			}
		}
		return words;
	}

	private static void require(boolean condition, String found, String expected) {
		if (!condition) {
			throw new IllegalArgumentException(found + " (expected: " + expected + ")");
		}
	}

	Path target() {
		return this.home.resolve("target");
	}

}
