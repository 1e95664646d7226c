package io.github.netrpc.benchmarks.reliability;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * R4: one of four nodes takes ten times as long as the others for its items.
 */
final class Straggler implements Scenario {

	@Override
	public List<String> rows() {
		return List.of("R4");
	}

	@Override
	public String title() {
		return "one of %d workers ten times slower".formatted(WorkerKilled.NODES);
	}

	@Override
	public Outcome run(Workbench bench) throws Exception {
		int rounds = bench.times(7, 2);
		JobFleet fleet = JobFleet.start(bench, WorkerKilled.NODES, (channel) -> channel);
		job(fleet);
		List<CountedJob> healthy = new ArrayList<>();
		List<CountedJob> slow = new ArrayList<>();
		for (int i = 0; i < rounds; i++) {
			healthy.add(job(fleet));
			NodeProcess node = fleet.nodes().get(i % WorkerKilled.NODES);
			node.behave("slow 10");
			slow.add(job(fleet));
			node.behave("well");
		}
		int[] runs = fleet.runs();
		double[] ratios = new double[rounds];
		Arrays.setAll(ratios, (i) -> slow.get(i).seconds() / healthy.get(i).seconds());
		long extra = slow.stream().mapToLong((each) -> each.extraRuns(runs)).max().orElse(0);
		long copies = slow.stream().mapToLong((each) -> each.progress().speculated()).sum();
		List<String> details = List.of("the jobs of R3; a node is slow from the first item to the last",
				"time: all nodes well %s; with the slow one %s".formatted(WorkerKilled.seconds(healthy),
						WorkerKilled.seconds(slow)),
				"copies that were begun in all rounds: " + copies);
		return new Outcome(List.of(
				Figure.atMost("R4", "time with the slow node ÷ time without", rounds, 1.4, Latencies.median(ratios), "")
					.explained("ideal 1.29; at most " + Figure.number(Arrays.stream(ratios).max().orElse(0))),
				Figure.atMost("R4", "extra runs in a round, at most", slow.stream().mapToLong(CountedJob::items).sum(),
						2, 100.0 * extra / WorkerKilled.ITEMS, " %"),
				WorkerKilled.counts("R4", slow)), details);
	}

	private static CountedJob job(JobFleet fleet) throws Exception {
		return fleet.run(WorkerKilled.ITEMS, WorkerKilled.WORK, (job) -> job.window(WorkerKilled.WINDOW),
				JobFleet.Watch.NONE);
	}

}
