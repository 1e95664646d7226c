package io.github.netrpc.benchmarks.reliability;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;

import io.github.netrpc.benchmarks.reliability.node.Work;
import io.github.netrpc.cluster.RpcChannel;

/**
 * R10: how soon calls are good again when a fault of the only node is over.
 */
final class Healing implements Scenario {

	private static final Duration TIMEOUT = Duration.ofSeconds(1);

	private static final Duration HEALED = Duration.ofSeconds(2);

	private static final Duration JUDGED = Duration.ofSeconds(3);

	private static final double CALLS_PER_SECOND = 200;

	@Override
	public List<String> rows() {
		return List.of("R10");
	}

	@Override
	public String title() {
		return "healing, the only node under fault";
	}

	@Override
	public Outcome run(Workbench bench) throws Exception {
		List<Figure> figures = new ArrayList<>();
		List<String> details = new ArrayList<>();
		details.add(
				("%s calls/s in an open loop, limit %d ms; good are those answered in time. Judged are the calls begun %d to %d s "
						+ "after the fault is over, the worst round counts")
					.formatted(Figure.number(CALLS_PER_SECOND), TIMEOUT.toMillis(), HEALED.toSeconds(),
							HEALED.plus(JUDGED).toSeconds()));
		NodeProcess node = bench.node("--address=127.0.5.1");
		node.start();
		measure(bench, figures, details, node, new Killed(node), bench.times(5, 1));
		measure(bench, figures, details, node, new Frozen(node), bench.times(5, 1));
		String missing = BlackHoles.missing(bench.options());
		if (missing != null) {
			figures.add(Figure.notMeasured("R10", "black hole for 5 s, then none", missing));
		}
		else {
			BlackHoles holes = bench.keep(BlackHoles.open(bench.options()));
			measure(bench, figures, details, node, new Swallowed(holes, 5), bench.times(3, 1));
			measure(bench, figures, details, node, new Swallowed(holes, 12), bench.times(3, 1));
		}
		return new Outcome(figures, details);
	}

	private static void measure(Workbench bench, List<Figure> figures, List<String> details, NodeProcess node,
			Fault fault, int rounds) throws Exception {
		double worst = 1;
		int calls = 0;
		long[] healed = new long[rounds];
		for (int i = 0; i < rounds; i++) {
			try (RpcChannel channel = RpcChannel.builder()
				.name("healing")
				.target("127.0.5.1:" + node.port())
				.timeout(TIMEOUT)
				.build()) {
				WorkClient client = channel.proxy(WorkClient.class);
				client.read(new Work.Task(1, 0, 0));
				Caller caller = bench.deadlines()
					.tally("healing: " + fault.name())
					.watch(TIMEOUT, (token) -> client.readAsync(new Work.Task(token, 1000, 0)));
				Round round = round(caller, fault);
				worst = Math.min(worst, round.share());
				calls += round.calls();
				healed[i] = round.healed().toNanos();
			}
		}
		figures.add(Figure.atLeast("R10", "good calls from 2 s after: " + fault.name(), calls, 99, worst * 100, " %"));
		Latencies latencies = new Latencies(healed);
		details.add(
				"%s: %d rounds; 99 %% of all later calls are good from %s ms after its end on (median), %s ms (worst round)"
					.formatted(fault.name(), rounds, Figure.number(latencies.millis(0.5)),
							Figure.number(latencies.worstMillis())));
	}

	private static Round round(Caller caller, Fault fault) throws Exception {
		Duration whole = fault.length().plus(HEALED).plus(JUDGED).plusSeconds(1);
		FutureTask<OpenSamples> load = new FutureTask<>(
				() -> OpenLoad.run(caller, CALLS_PER_SECOND, whole, TIMEOUT.plusSeconds(5)));
		long begin = System.nanoTime();
		new Thread(load, "healing load").start();
		Thread.sleep(500);
		fault.begin();
		Thread.sleep(fault.lasts().toMillis());
		fault.end();
		Duration over = Duration.ofNanos(System.nanoTime() - begin);
		OpenSamples samples = load.get();
		Duration from = over.plus(HEALED);
		Duration to = from.plus(JUDGED);
		return new Round(samples.goodShare(from, to, TIMEOUT), samples.callsBetween(from, to),
				samples.healedAfter(over, 0.99, TIMEOUT));
	}

	private record Round(double share, int calls, Duration healed) {

	}

	/**
	 * A fault that has an end.
	 */
	private interface Fault {

		String name();

		/** How long it lasts after it has begun, before its end is brought about. */
		Duration lasts();

		/** How long it takes at most from its begin to its end. */
		default Duration length() {
			return lasts().plusSeconds(3);
		}

		void begin() throws Exception;

		void end() throws Exception;

	}

	private record Killed(NodeProcess node) implements Fault {

		@Override
		public String name() {
			return "kill -9, back after 1 s and its start";
		}

		@Override
		public Duration lasts() {
			return Duration.ofSeconds(1);
		}

		@Override
		public void begin() throws Exception {
			this.node.kill();
		}

		@Override
		public void end() throws Exception {
			this.node.start();
		}

	}

	private record Frozen(NodeProcess node) implements Fault {

		@Override
		public String name() {
			return "frozen (SIGSTOP) for 4 s, then awake";
		}

		@Override
		public Duration lasts() {
			return Duration.ofSeconds(4);
		}

		@Override
		public void begin() throws Exception {
			this.node.freeze();
		}

		@Override
		public void end() throws Exception {
			this.node.wake();
		}

	}

	private record Swallowed(BlackHoles holes, int seconds) implements Fault {

		@Override
		public String name() {
			return "black hole for " + this.seconds + " s, then none";
		}

		@Override
		public Duration lasts() {
			return Duration.ofSeconds(this.seconds);
		}

		@Override
		public void begin() throws Exception {
			this.holes.drop("127.0.5.1");
		}

		@Override
		public void end() throws Exception {
			this.holes.restore("127.0.5.1");
		}

	}

}
