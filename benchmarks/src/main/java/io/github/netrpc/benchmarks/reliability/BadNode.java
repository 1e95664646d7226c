package io.github.netrpc.benchmarks.reliability;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import io.github.netrpc.benchmarks.reliability.node.Work;
import io.github.netrpc.client.CircuitState;
import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.cluster.RpcChannel;

/**
 * R11: some of four nodes fail every call, or answer none, and are well again later.
 */
final class BadNode implements Scenario {

	private static final int NODES = 4;

	private static final int IN_FLIGHT = 16;

	private static final long WORK_MICROS = 20_000;

	private static final Duration TIMEOUT = Duration.ofSeconds(1);

	private static final Duration SETTLED = Duration.ofSeconds(1);

	private static final Duration BACK_LIMIT = Duration.ofSeconds(15);

	/** More than the calls of one round. */
	private static final int CAPACITY = 200_000;

	@Override
	public List<String> rows() {
		return List.of("R11");
	}

	@Override
	public String title() {
		return "bad nodes among %d".formatted(NODES);
	}

	@Override
	public Outcome run(Workbench bench) throws Exception {
		List<NodeProcess> nodes = bench.startNodes(NODES);
		List<Figure> figures = new ArrayList<>();
		List<String> details = new ArrayList<>();
		details
			.add(("%d callers, each with one call of %d ms after the other, 5 ms later after a failure; counted are the "
					+ "attempts given to each node. A node that fails answers at once, with UNAVAILABLE and NOT_RUN, as a handler "
					+ "does whose node cannot serve; the others do not know of it")
				.formatted(IN_FLIGHT, WORK_MICROS / 1000));
		details.add(
				"back: from the moment the nodes are well until all are connected, get calls again, and none is ejected");
		// Long enough for the longest ejection to begin: 3 s, 6 s, 9 s, then 10 s
		Duration longest = Duration.ofSeconds(bench.times(19, 4));
		Rounds fails = measure(bench, nodes, new Failing(1), longest, bench.times(3, 1));
		Rounds silent = measure(bench, nodes, new Silent(), longest, 1);
		Duration shorter = Duration.ofSeconds(bench.times(10, 4));
		Rounds two = measure(bench, nodes, new Failing(2), shorter, 1);
		Rounds three = measure(bench, nodes, new Failing(3), shorter, 1);
		for (Rounds rounds : List.of(fails, silent)) {
			figures.add(Figure.atMost("R11", rounds.name() + ": its share of calls from 1 s on", rounds.calls(), 1,
					rounds.worstShare() * 100, " %"));
		}
		for (Rounds rounds : List.of(fails, silent, two, three)) {
			figures.add(Figure.atMost("R11", rounds.name() + ": back after", rounds.rounds().size(),
					(double) BACK_LIMIT.toSeconds(), rounds.worstBackSeconds(), " s"));
		}
		int looks = 0;
		int most = 0;
		for (Rounds rounds : List.of(fails, silent, two, three)) {
			looks += rounds.looks();
			most = Math.max(most, rounds.mostEjected());
			details.add(rounds.text());
		}
		figures.add(Figure.atMost("R11", "most nodes ejected at a time, looked at every 5 ms", looks, 50,
				100.0 * most / NODES, " %"));
		return new Outcome(figures, details);
	}

	private static Rounds measure(Workbench bench, List<NodeProcess> nodes, Fault fault, Duration lasts, int rounds)
			throws Exception {
		List<Round> results = new ArrayList<>();
		for (int i = 0; i < rounds; i++) {
			try (RpcChannel channel = RpcChannel.builder()
				.name("bad-node")
				.target(nodes.stream().map(NodeProcess::address).collect(Collectors.joining(",")))
				.timeout(TIMEOUT)
				.build()) {
				results.add(round(bench, channel, nodes, fault, lasts));
			}
		}
		return new Rounds(fault.name(), lasts, results);
	}

	private static Round round(Workbench bench, RpcChannel channel, List<NodeProcess> nodes, Fault fault,
			Duration lasts) throws Exception {
		WorkClient client = channel.proxy(WorkClient.class);
		CallLedger ledger = new CallLedger(CAPACITY);
		ClosedLoad load = ClosedLoad.start(ledger,
				bench.deadlines()
					.tally("bad node: " + fault.name())
					.watch(TIMEOUT, (token) -> client.writeAsync(new Work.Task(token, WORK_MICROS, 0))),
				IN_FLIGHT, CAPACITY - IN_FLIGHT - 1);
		CircuitWatch watch = CircuitWatch.start(channel);
		try {
			if (!Workbench.awaitReady(channel, NODES, Duration.ofSeconds(5))) {
				throw new IllegalStateException("not connected to all nodes: " + channel.nodes());
			}
			Thread.sleep(2000);
			List<NodeProcess> bad = nodes.subList(0, fault.nodes());
			for (NodeProcess node : bad) {
				fault.begin(node);
			}
			Thread.sleep(SETTLED.toMillis());
			long[] before = calls(channel);
			Thread.sleep(lasts.minus(SETTLED).toMillis());
			long[] after = calls(channel);
			long begin = System.nanoTime();
			for (NodeProcess node : bad) {
				fault.end(node);
			}
			Duration back = awaitAll(channel, calls(channel), begin);
			return new Round(sum(after, fault.nodes()) - sum(before, fault.nodes()),
					sum(after, NODES) - sum(before, NODES), back, watch.mostEjected(), watch.looks(),
					channel.ejections(), ledger.failures().toString());
		}
		finally {
			watch.close();
			load.stop(TIMEOUT.plusSeconds(5));
		}
	}

	private static long[] calls(RpcChannel channel) {
		return channel.nodes().stream().mapToLong(NodeSnapshot::calls).toArray();
	}

	private static long sum(long[] calls, int nodes) {
		long sum = 0;
		for (int i = 0; i < nodes; i++) {
			sum += calls[i];
		}
		return sum;
	}

	/**
	 * Waits until every node gets calls.
	 * @param before how many each had been given when they were well again
	 * @return how long that took, or a little more than the limit
	 */
	private static Duration awaitAll(RpcChannel channel, long[] before, long beginNanos) throws InterruptedException {
		Duration limit = BACK_LIMIT.plusSeconds(3);
		while (true) {
			Duration passed = Duration.ofNanos(System.nanoTime() - beginNanos);
			if (passed.compareTo(limit) > 0 || isBack(channel.nodes(), before)) {
				return passed;
			}
			Thread.sleep(5);
		}
	}

	private static boolean isBack(List<NodeSnapshot> nodes, long[] before) {
		for (int i = 0; i < nodes.size(); i++) {
			NodeSnapshot node = nodes.get(i);
			if (node.state() != NodeState.READY || node.circuit() != CircuitState.CLOSED
					|| node.calls() <= before[i] + 1) {
				return false;
			}
		}
		return true;
	}

	/**
	 * What becomes of the first nodes.
	 */
	private interface Fault {

		String name();

		int nodes();

		void begin(NodeProcess node) throws Exception;

		void end(NodeProcess node) throws Exception;

	}

	private record Failing(int nodes) implements Fault {

		@Override
		public String name() {
			return "%d of %d fail%s every call".formatted(this.nodes, NODES, (this.nodes == 1) ? "s" : "");
		}

		@Override
		public void begin(NodeProcess node) throws Exception {
			node.behave("failing");
		}

		@Override
		public void end(NodeProcess node) throws Exception {
			node.behave("well");
		}

	}

	private record Silent() implements Fault {

		@Override
		public String name() {
			return "1 of %d is frozen".formatted(NODES);
		}

		@Override
		public int nodes() {
			return 1;
		}

		@Override
		public void begin(NodeProcess node) throws Exception {
			node.freeze();
		}

		@Override
		public void end(NodeProcess node) throws Exception {
			node.wake();
		}

	}

	private record Round(long badCalls, long calls, Duration back, int mostEjected, int looks, long ejections,
			String failures) {

		double share() {
			return (this.calls > 0) ? this.badCalls / (double) this.calls : 1;
		}

	}

	private record Rounds(String name, Duration lasts, List<Round> rounds) {

		long calls() {
			return this.rounds.stream().mapToLong(Round::calls).sum();
		}

		double worstShare() {
			return this.rounds.stream().mapToDouble(Round::share).max().orElse(1);
		}

		double worstBackSeconds() {
			return this.rounds.stream().mapToDouble((round) -> round.back().toMillis() / 1000.0).max().orElseThrow();
		}

		int mostEjected() {
			return this.rounds.stream().mapToInt(Round::mostEjected).max().orElse(NODES);
		}

		int looks() {
			return this.rounds.stream().mapToInt(Round::looks).sum();
		}

		String text() {
			return "%s for %d s, %d rounds: %s".formatted(this.name, this.lasts.toSeconds(), this.rounds.size(),
					this.rounds.stream()
						.map((round) -> ("%s of %s attempts from 1 s on (%s %%), back after %s s, at most %d ejected, "
								+ "%d ejections, failures %s")
							.formatted(Figure.count(round.badCalls()), Figure.count(round.calls()),
									Figure.number(round.share() * 100), Figure.number(round.back().toMillis() / 1000.0),
									round.mostEjected(), round.ejections(), round.failures()))
						.collect(Collectors.joining("; ")));
		}

	}

}
