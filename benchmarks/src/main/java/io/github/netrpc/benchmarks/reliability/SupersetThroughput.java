package io.github.netrpc.benchmarks.reliability;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.github.netrpc.benchmarks.PeerProcess;
import io.github.netrpc.benchmarks.peer.ArithClient;
import io.github.netrpc.benchmarks.peer.ArithServer;
import io.github.netrpc.benchmarks.peer.Sample;

/**
 * What the superset of the protocol costs: calls per second with it and without, of the
 * same build, measured in turns.
 */
final class SupersetThroughput implements Scenario {

	private static final int IN_FLIGHT = 64;

	private static final List<String> JVM = List.of("-Xms256m", "-Xmx256m");

	@Override
	public List<String> rows() {
		return List.of("superset");
	}

	@Override
	public String title() {
		return "throughput with the superset on and off";
	}

	@Override
	public Outcome run(Workbench bench) throws Exception {
		int rounds = bench.times(7, 1);
		Pair on = Pair.start(bench, "auto");
		Pair off = Pair.start(bench, "off");
		double warmUp = bench.times(6, 1);
		on.measure(warmUp, 0);
		off.measure(warmUp, 0);
		double seconds = bench.times(2, 1);
		List<Sample> withIt = new ArrayList<>();
		List<Sample> without = new ArrayList<>();
		for (int i = 0; i < rounds; i++) {
			if (i % 2 == 0) {
				withIt.add(on.measure(0.5, seconds));
				without.add(off.measure(0.5, seconds));
			}
			else {
				without.add(off.measure(0.5, seconds));
				withIt.add(on.measure(0.5, seconds));
			}
		}
		double ratio = median(withIt) / median(without);
		return new Outcome(List.of(Figure
			.atLeast("superset", "calls/s at 64 in flight, superset on to off", rounds, 0.9, ratio, "")), List
				.of("`Arith.Add` in gob, one connection, server and client in processes of their own, %d rounds of %.0f s in turns"
					.formatted(rounds, seconds), "on: " + text(withIt), "off: " + text(without)));
	}

	private static double median(List<Sample> samples) {
		return Latencies.median(samples.stream().mapToDouble(SupersetThroughput::callsPerSecond).toArray());
	}

	private static double callsPerSecond(Sample sample) {
		return sample.calls() / sample.seconds();
	}

	private static String text(List<Sample> samples) {
		return "median %s calls/s; each round: %s".formatted(Figure.number(median(samples)),
				samples.stream().map((sample) -> Figure.number(callsPerSecond(sample))).toList());
	}

	private record Pair(PeerProcess client) {

		static Pair start(Workbench bench, String extensions) throws IOException, InterruptedException {
			String handlers = (Runtime.version().feature() >= 21) ? "virtual" : "pool";
			PeerProcess server = bench.keep(bench.startJava(JVM, ArithServer.class, List.of("--handlers=" + handlers)));
			String address = server.expect("address ", bench.startSeconds());
			return new Pair(bench.keep(bench.startJava(JVM, ArithClient.class,
					List.of("--address=" + address, "--extensions=" + extensions))));
		}

		Sample measure(double warmUp, double seconds) throws IOException, InterruptedException {
			this.client.send(String.format(Locale.ROOT, "run %d %f %f", IN_FLIGHT, warmUp, seconds));
			this.client.expect("measuring", 30 + warmUp);
			return Sample.parse(this.client.expect("", 30 + seconds));
		}

	}

}
