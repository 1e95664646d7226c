package io.github.netrpc.benchmarks.reliability;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;

import io.github.netrpc.benchmarks.reliability.node.Work;
import io.github.netrpc.cluster.RpcChannel;

/**
 * R10: how soon calls are good again when a fault is over, that of the only node, and
 * that of one or all of three.
 */
final class Healing implements Scenario {

	private static final Duration TIMEOUT = Duration.ofSeconds(1);

	private static final Duration HEALED = Duration.ofSeconds(2);

	private static final Duration JUDGED = Duration.ofSeconds(3);

	private static final double CALLS_PER_SECOND = 200;

	private static final String ADDRESS = "127.0.5.1";

	private final int nodes;

	private Healing(int nodes) {
		this.nodes = nodes;
	}

	static Healing ofOneNode() {
		return new Healing(1);
	}

	static Healing ofThreeNodes() {
		return new Healing(3);
	}

	@Override
	public List<String> rows() {
		return List.of("R10");
	}

	@Override
	public String title() {
		return (this.nodes == 1) ? "healing, the only node under fault"
				: "healing, one or all of %d nodes under fault".formatted(this.nodes);
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
		List<NodeProcess> all = bench.startNodes(this.nodes, "--address=" + ADDRESS);
		Rounds rounds = new Rounds(bench, all, figures, details);
		if (this.nodes == 1) {
			rounds.measure(new Killed("", all), bench.times(5, 1));
			rounds.measure(new Frozen("", all), bench.times(5, 1));
			swallow(bench, rounds);
		}
		else {
			List<NodeProcess> one = all.subList(0, 1);
			rounds.measure(new Killed("one of 3 nodes, ", one), bench.times(3, 1));
			rounds.measure(new Killed("all 3 nodes, ", all), bench.times(3, 1));
			rounds.measure(new Frozen("one of 3 nodes, ", one), bench.times(3, 1));
			rounds.measure(new Frozen("all 3 nodes, ", all), bench.times(3, 1));
		}
		return new Outcome(figures, details);
	}

	private static void swallow(Workbench bench, Rounds rounds) throws Exception {
		String missing = BlackHoles.missing(bench.options());
		if (missing != null) {
			rounds.figures().add(Figure.notMeasured("R10", "black hole for 5 s, then none", missing));
			return;
		}
		BlackHoles holes = bench.keep(BlackHoles.open(bench.options()));
		rounds.measure(new Swallowed(holes, 5), bench.times(3, 1));
		rounds.measure(new Swallowed(holes, 12), bench.times(3, 1));
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

	/**
	 * Where rounds are measured.
	 *
	 * @param bench the bench
	 * @param nodes the nodes that calls go to
	 * @param figures takes what was found
	 * @param details takes what explains it
	 */
	private record Rounds(Workbench bench, List<NodeProcess> nodes, List<Figure> figures, List<String> details) {

		void measure(Fault fault, int rounds) throws Exception {
			double worst = 1;
			int calls = 0;
			long[] healed = new long[rounds];
			for (int i = 0; i < rounds; i++) {
				try (RpcChannel channel = RpcChannel.builder()
					.name("healing")
					.target(this.nodes.stream()
						.map((node) -> ADDRESS + ":" + node.port())
						.collect(Collectors.joining(",")))
					.timeout(TIMEOUT)
					.build()) {
					WorkClient client = channel.proxy(WorkClient.class);
					client.read(new Work.Task(1, 0, 0));
					Workbench.awaitReady(channel, this.nodes.size(), Duration.ofSeconds(5));
					Caller caller = this.bench.deadlines()
						.tally("healing: " + fault.name())
						.watch(TIMEOUT, (token) -> client.readAsync(new Work.Task(token, 1000, 0)));
					Round round = round(caller, fault);
					worst = Math.min(worst, round.share());
					calls += round.calls();
					healed[i] = round.healed().toNanos();
				}
			}
			this.figures
				.add(Figure.atLeast("R10", "good calls from 2 s after: " + fault.name(), calls, 99, worst * 100, " %"));
			Latencies latencies = new Latencies(healed);
			this.details.add(
					"%s: %d rounds; 99 %% of all later calls are good from %s ms after its end on (median), %s ms (worst round)"
						.formatted(fault.name(), rounds, Figure.number(latencies.millis(0.5)),
								Figure.number(latencies.worstMillis())));
		}

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
			return lasts().plusSeconds(6);
		}

		void begin() throws Exception;

		void end() throws Exception;

	}

	private record Killed(String which, List<NodeProcess> nodes) implements Fault {

		@Override
		public String name() {
			return this.which + "kill -9, back after 1 s and its start";
		}

		@Override
		public Duration lasts() {
			return Duration.ofSeconds(1);
		}

		@Override
		public void begin() throws Exception {
			for (NodeProcess node : this.nodes) {
				node.kill();
			}
		}

		@Override
		public void end() throws Exception {
			for (NodeProcess node : this.nodes) {
				node.start();
			}
		}

	}

	private record Frozen(String which, List<NodeProcess> nodes) implements Fault {

		@Override
		public String name() {
			return this.which + "frozen (SIGSTOP) for 4 s, then awake";
		}

		@Override
		public Duration lasts() {
			return Duration.ofSeconds(4);
		}

		@Override
		public void begin() throws Exception {
			for (NodeProcess node : this.nodes) {
				node.freeze();
			}
		}

		@Override
		public void end() throws Exception {
			for (NodeProcess node : this.nodes) {
				node.wake();
			}
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
			this.holes.drop(ADDRESS);
		}

		@Override
		public void end() throws Exception {
			this.holes.restore(ADDRESS);
		}

	}

}
