package io.github.netrpc.benchmarks.reliability;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import io.github.netrpc.benchmarks.reliability.node.Work;
import io.github.netrpc.cluster.RpcChannel;

/**
 * R15: all nodes refuse every call, in a way that allows to repeat it; then the last of a
 * chain of nodes does. The nodes count.
 */
final class RetryAmplification implements Scenario {

	private static final int NODES = 3;

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	@Override
	public List<String> rows() {
		return List.of("R15");
	}

	@Override
	public String title() {
		return "retry amplification, all nodes fail";
	}

	@Override
	public Outcome run(Workbench bench) throws Exception {
		int calls = bench.times(10_000, 1000);
		List<Figure> figures = new ArrayList<>();
		List<String> details = new ArrayList<>();
		allNodes(bench, calls, figures, details);
		chain(bench, calls, figures, details);
		return new Outcome(figures, details);
	}

	private static void allNodes(Workbench bench, int calls, List<Figure> figures, List<String> details)
			throws Exception {
		List<NodeProcess> nodes = new ArrayList<>();
		for (int i = 0; i < NODES; i++) {
			nodes.add(start(bench.node()));
		}
		Refused refused = refuse(bench, "all nodes fail", nodes, calls);
		int[] runs = refused.runs(nodes);
		long attempts = Arrays.stream(runs).sum();
		figures.add(Figure.atMost("R15", "attempts for each call", refused.calls(), 1.1,
				attempts / (double) refused.calls(), ""));
		figures.add(Figure.atMost("R15", "most attempts of one call", refused.calls(), 3,
				Arrays.stream(runs).max().orElse(0), ""));
		details
			.add("%d nodes answer each call with UNAVAILABLE, NOT_RUN, so that a repeat is allowed".formatted(NODES));
		details.add(refused.text() + "; the nodes have seen " + Figure.count(attempts) + " attempts");
		details.add("failures: " + refused.ledger().failures());
	}

	/**
	 * Calls go from A to B and from there to C, which refuses them. Each of the three
	 * callers has retries: if each used them, they would multiply.
	 */
	private static void chain(Workbench bench, int calls, List<Figure> figures, List<String> details) throws Exception {
		NodeProcess last = start(bench.node());
		NodeProcess middle = start(bench.node("--next=" + last.address()));
		NodeProcess first = start(bench.node("--next=" + middle.address()));
		Refused refused = refuse(bench, "the last of a chain of three nodes fails", List.of(first), calls);
		int[] firstRuns = refused.runs(List.of(first));
		int[] middleRuns = refused.runs(List.of(middle));
		int[] lastRuns = refused.runs(List.of(last));
		long attempts = Arrays.stream(lastRuns).sum();
		figures.add(Figure.atMost("R15", "a chain A → B → C, C refuses: attempts at C for each call", refused.calls(),
				1.1, attempts / (double) refused.calls(), ""));
		figures.add(Figure.zero("R15", "the same: attempts at A and B beyond one for each call", refused.calls(),
				beyondFirst(firstRuns) + beyondFirst(middleRuns)));
		figures.add(Figure.atMost("R15", "the same: most attempts of one call at C", refused.calls(), 3,
				Arrays.stream(lastRuns).max().orElse(0), ""));
		details
			.add(("chain: A hands each call on to B, B to C, which answers UNAVAILABLE, NOT_RUN; all three methods are "
					+ "idempotent and all three callers retry. Runs: A %s, B %s, C %s")
				.formatted(Figure.count(Arrays.stream(firstRuns).sum()), Figure.count(Arrays.stream(middleRuns).sum()),
						Figure.count(attempts)));
		details.add("chain: " + refused.text());
		details.add("chain, failures: " + refused.ledger().failures());
	}

	/** A busy node may refuse a call, which then has no run there at all. */
	private static long beyondFirst(int[] runs) {
		return Arrays.stream(runs).filter((each) -> each > 1).mapToLong((each) -> each - 1).sum();
	}

	private static NodeProcess start(NodeProcess node) throws IOException, InterruptedException {
		node.keepTokens().start();
		return node;
	}

	private static Refused refuse(Workbench bench, String fault, List<NodeProcess> nodes, int calls)
			throws InterruptedException {
		RpcChannel channel = bench.keep(RpcChannel.builder()
			.name("amplification")
			.target(nodes.stream().map(NodeProcess::address).collect(Collectors.joining(",")))
			.timeout(TIMEOUT)
			.build());
		WorkClient client = channel.proxy(WorkClient.class);
		// Room for the calls that begin while the last one does
		CallLedger ledger = new CallLedger(calls + 1000);
		long begin = System.nanoTime();
		ClosedLoad load = ClosedLoad.start(ledger,
				bench.deadlines()
					.tally(fault)
					.watch(TIMEOUT, (token) -> client.refuseAsync(new Work.Task(token, 0, 0))),
				MixedLoad.IN_FLIGHT, calls);
		load.await(Duration.ofMinutes(2));
		return new Refused(ledger, calls + 1000, (System.nanoTime() - begin) / 1e9);
	}

	/**
	 * What callers were told.
	 *
	 * @param ledger the ends of the calls
	 * @param capacity more than their highest token
	 * @param seconds how long it took
	 */
	private record Refused(CallLedger ledger, int capacity, double seconds) {

		long calls() {
			return this.ledger.calls();
		}

		/**
		 * Counts the runs at some nodes.
		 * @return how often each token was run, by token
		 */
		int[] runs(List<NodeProcess> nodes) throws IOException {
			int[] runs = new int[this.capacity];
			for (NodeProcess node : nodes) {
				node.countRuns(runs);
			}
			return runs;
		}

		String text() {
			long failed = this.ledger.failures().values().stream().mapToLong(Long::longValue).sum();
			return "%s calls in %.1f s, %d in flight; %d calls succeeded, which none should"
				.formatted(Figure.count(calls()), this.seconds, MixedLoad.IN_FLIGHT, calls() - failed);
		}

	}

}
