package io.github.netrpc.benchmarks.reliability;

import java.util.ArrayList;
import java.util.List;

/**
 * R24: many peers begin a request and do not end it.
 */
final class Slowloris implements Scenario {

	/** A timer fires when its time is over, and the news of it travels. */
	private static final double SLACK_SECONDS = 0.25;

	@Override
	public List<String> rows() {
		return List.of("R24");
	}

	@Override
	public String title() {
		return "half-said requests";
	}

	@Override
	public Outcome run(Workbench bench) throws Exception {
		bench.needGo();
		int connections = bench.times(2000, 100);
		int rounds = bench.times(5, 1);
		BeforeAndDuring times = new BeforeAndDuring();
		List<Gone> all = new ArrayList<>();
		double heap = 0;
		double resident = 0;
		int fewest = connections;
		int firstSeconds = bench.times(5, 1);
		int laterSeconds = bench.times(10, 2);
		try (NodeProcess node = bench.node("--first-request=" + firstSeconds, "--request=" + laterSeconds)
			.fixedHeap("256m")) {
			node.start();
			long pid = node.process().pid();
			List<String> strangers = bench.keep(Processors.divide(pid)).strangers();
			Bystander bystander = Bystander.of(bench, "half-said requests", node.address(), false);
			Crowd.warmUp(bench, strangers, node.address(), Math.max(10, connections / 40), false);
			warmUp(bench, strangers, node, Math.max(10, connections / 40));
			bystander.warmUp(bench.times(5, 1));
			HeldMemory before = HeldMemory.of(node);
			int openBefore = ProcessFiles.descriptors(pid);
			// The calls of the first round do not count: it compiles what there is to do
			for (int i = bench.times(-1, 0); i < rounds; i++) {
				double without = bystander.p99(bench.times(4, 1));
				try (Crowd crowd = Crowd.gather(bench, strangers, "half", node.address(), connections, false)) {
					double during = bystander.p99(bench.times(4, 1));
					HeldMemory now = HeldMemory.of(node);
					// Should the first of them be gone already
					int open = Math.max(1, Math.min(connections, ProcessFiles.descriptors(pid) - openBefore));
					heap = Math.max(heap, now.heapEach(before, open));
					resident = Math.max(resident, now.residentEach(before, open));
					fewest = Math.min(fewest, open);
					Gone gone = crowd.await(Gone.class, 40);
					if (i >= 0) {
						times.before(without);
						times.during(during);
						all.add(gone);
					}
				}
			}
			long n = (long) connections * rounds;
			return new Outcome(List.of(
					gone("half of the first request, gone after", all.stream().map(Gone::first).toList(), firstSeconds),
					gone("half of a later request, gone after", all.stream().map(Gone::later).toList(), laterSeconds),
					Figure.zero("R24", "half-said connections still open after 30 s", n,
							all.stream().mapToLong((each) -> each.first().open() + each.later().open()).sum()),
					Figure.atMost("R24", "resident memory for each of them", n, 16, resident, " KiB")
						.explained("heap %s KiB".formatted(Figure.number(heap))),
					Figure
						.atMost("R24", "others' p99 beside them ÷ without them", bystander.calls(), 1.5, times.ratio(),
								"")
						.explained(times.both()),
					Figure.zero("R24", "others' calls that failed", bystander.calls(), bystander.failed())),
					List.of(("%s connections at a time, %d rounds after one that does not count: half of a first request "
							+ "in gob, in JSON and of a CONNECT, and half of a second request, a quarter each; then a byte every 2 s")
						.formatted(Figure.count(connections), rounds),
							"times count from the first byte at the client to the end it sees; the bounds allow %s s for the timer and the way"
								.formatted(Figure.number(SLACK_SECONDS)),
							("memory: worst round, 4 s after the first halves, when %s of them or more were open; beside a node that has had %d, "
									+ "resident as in R16")
								.formatted(Figure.count(fewest), Math.max(10, connections / 40)),
							"others: open loop of %s calls/s; p99 %s; %s of %s calls failed".formatted(
									Figure.number(Bystander.CALLS_PER_SECOND), times.each(),
									Figure.count(bystander.failed()), Figure.count(bystander.calls()))));
		}
	}

	/** What is said by halves is read in ways of its own. */
	private static void warmUp(Workbench bench, List<String> strangers, NodeProcess node, int connections)
			throws Exception {
		try (Crowd crowd = Crowd.gather(bench, strangers, "half", node.address(), connections, false)) {
			crowd.await(Gone.class, 40);
		}
	}

	private static Figure gone(String test, List<Closed> rounds, int seconds) {
		long n = rounds.stream().mapToLong(Closed::connections).sum();
		double last = rounds.stream().mapToDouble(Closed::lastSeconds).max().orElseThrow();
		double median = Latencies.median(rounds.stream().mapToDouble(Closed::medianSeconds).toArray());
		return Figure.atMost("R24", test, n, seconds + SLACK_SECONDS, last, " s")
			.explained("median %s s".formatted(Figure.number(median)));
	}

	/**
	 * What the crowd has seen.
	 *
	 * @param first connections whose first request was said by halves
	 * @param later those whose second one was
	 */
	record Gone(Closed first, Closed later) {

	}

	/**
	 * When connections were closed.
	 *
	 * @param connections how many there were
	 * @param open how many were not closed at all
	 * @param medianSeconds when half of the others were
	 * @param lastSeconds when all of them were
	 */
	record Closed(int connections, int open, double medianSeconds, double lastSeconds) {

	}

}
