package io.github.netrpc.benchmarks.reliability;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;

/**
 * R3: one of four nodes is killed when half of a job is done.
 */
final class WorkerKilled implements Scenario {

	static final int NODES = 4;

	static final int ITEMS = 10_000;

	static final int WINDOW = 16;

	static final Duration WORK = Duration.ofMillis(5);

	@Override
	public List<String> rows() {
		return List.of("R3");
	}

	@Override
	public String title() {
		return "one of %d workers killed in a job".formatted(NODES);
	}

	@Override
	public Outcome run(Workbench bench) throws Exception {
		int rounds = bench.times(20, 2);
		JobFleet fleet = JobFleet.start(bench, NODES, (channel) -> channel);
		fleet.run(ITEMS, WORK, (job) -> job.window(WINDOW), JobFleet.Watch.NONE);
		List<CountedJob> healthy = new ArrayList<>();
		List<CountedJob> killed = new ArrayList<>();
		for (int i = 0; i < rounds; i++) {
			healthy.add(fleet.run(ITEMS, WORK, (job) -> job.window(WINDOW), JobFleet.Watch.NONE));
			NodeProcess node = fleet.nodes().get(i % NODES);
			FutureTask<Void> kill = new FutureTask<>(() -> {
				node.kill();
				return null;
			});
			// No copies: each run beyond the first is one that the kill has cost.
			killed.add(fleet.run(ITEMS, WORK, (job) -> job.window(WINDOW).speculate(false), (job, results) -> {
				if (results == ITEMS / 2) {
					new Thread(kill, "killer").start();
				}
			}));
			kill.get();
			node.start();
			fleet.awaitReady();
		}
		return outcome(healthy, killed, fleet.runs());
	}

	private static Outcome outcome(List<CountedJob> healthy, List<CountedJob> killed, int[] runs) {
		int rounds = killed.size();
		double[] ratios = new double[rounds];
		Arrays.setAll(ratios, (i) -> killed.get(i).seconds() / healthy.get(i).seconds());
		double reruns = killed.stream().mapToDouble((job) -> (double) job.extraRuns(runs)).max().orElse(0);
		long reassigned = killed.stream().mapToLong((job) -> job.progress().reassigned()).max().orElse(0);
		List<String> details = new ArrayList<>();
		details.add(
				"a job has %s items of %d ms, and each node %d of them at a time; each round has one with all nodes, and one in which a node is killed with kill -9 when half of the results are there"
					.formatted(Figure.count(ITEMS), WORK.toMillis(), WINDOW));
		details.add("time: with all nodes %s; with the kill %s".formatted(seconds(healthy), seconds(killed)));
		details.add("re-runs in each round: " + killed.stream().map((job) -> job.extraRuns(runs)).toList()
				+ "; reassigned at most: " + reassigned);
		return new Outcome(
				List.of(counts("R3", killed),
						Figure.atMost("R3", "re-runs in a round, at most; the node had %d items".formatted(WINDOW),
								rounds, WINDOW, reruns, ""),
						Figure
							.atMost("R3", "time with the kill ÷ time without", rounds, 1.25, Latencies.median(ratios),
									"")
							.explained("ideal 1.167; at most " + Figure.number(Arrays.stream(ratios).max().orElse(0)))),
				details);
	}

	/**
	 * The figure of what must not be: items that were lost, or counted twice.
	 */
	static Figure counts(String row, List<CountedJob> jobs) {
		String failures = String.join("; ",
				jobs.stream().map(CountedJob::failure).filter((text) -> !text.isEmpty()).limit(3).toList());
		Figure figure = Figure.zero(row, "items without a result, or with two",
				jobs.stream().mapToLong(CountedJob::items).sum(),
				jobs.stream().mapToLong((job) -> job.lost() + job.twice()).sum());
		return failures.isEmpty() ? figure : figure.explained(failures.replace("|", "/"));
	}

	/**
	 * The times of jobs.
	 */
	static String seconds(List<CountedJob> jobs) {
		double[] times = jobs.stream().mapToDouble(CountedJob::seconds).toArray();
		return "median %s s, %s to %s s".formatted(Figure.number(Latencies.median(times)),
				Figure.number(Arrays.stream(times).min().orElse(0)),
				Figure.number(Arrays.stream(times).max().orElse(0)));
	}

}
