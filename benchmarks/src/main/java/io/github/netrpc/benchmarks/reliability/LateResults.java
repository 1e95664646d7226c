package io.github.netrpc.benchmarks.reliability;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import io.github.netrpc.client.ConnectionPolicy;
import io.github.netrpc.client.ConnectionPolicy.Keepalive;
import io.github.netrpc.cluster.RpcChannelBuilder;
import io.github.netrpc.work.RpcJob;
import io.github.netrpc.work.RpcJobBuilder;

/**
 * R5: a node is frozen with items in hand until others have them, and then woken.
 */
final class LateResults implements Scenario {

	private static final int NODES = 3;

	private static final int WINDOW = 8;

	private static final int ITEMS = 120;

	private static final int FROZEN_AT = 40;

	private static final Duration WORK = Duration.ofMillis(50);

	@Override
	public List<String> rows() {
		return List.of("R5");
	}

	@Override
	public String title() {
		return "late results of a frozen worker";
	}

	@Override
	public Outcome run(Workbench bench) throws Exception {
		List<Lane> lanes = new ArrayList<>();
		for (Why why : Why.values()) {
			lanes.add(new Lane(why, bench.times(why.rounds, 2), JobFleet.start(bench, NODES, why::channel)));
		}
		ExecutorService threads = Executors.newCachedThreadPool();
		AutoCloseable stop = threads::shutdownNow;
		bench.keep(stop);
		List<Future<List<CountedJob>>> running = lanes.stream().map(threads::submit).toList();
		List<CountedJob> all = new ArrayList<>();
		List<String> details = new ArrayList<>();
		details.add(
				"a job has %d items of %d ms at %d nodes; one is frozen (SIGSTOP) with %d of them, and woken 0 to %d ms after others have got some of these"
					.formatted(ITEMS, WORK.toMillis(), NODES, WINDOW, WORK.toMillis()));
		long twiceRun = 0;
		for (int i = 0; i < lanes.size(); i++) {
			Lane lane = lanes.get(i);
			List<CountedJob> jobs = running.get(i).get();
			int[] runs = lane.fleet().runs();
			long rounds = jobs.stream().filter((job) -> job.extraRuns(runs) > 0).count();
			twiceRun += jobs.stream().mapToLong((job) -> job.extraRuns(runs)).sum();
			details
				.add("%s: %d rounds, items ran twice in %d of them; late results refused: %d".formatted(lane.why().text,
						jobs.size(), rounds, jobs.stream().mapToLong((job) -> job.progress().late()).sum()));
			all.addAll(jobs);
		}
		return new Outcome(List
			.of(Figure.zero("R5", "results counted twice", all.size(), all.stream().mapToLong(CountedJob::twice).sum())
				.explained(Figure.count(twiceRun) + " items ran twice"), WorkerKilled.counts("R5", all)), details);
	}

	/**
	 * Why the items of a frozen node go to others.
	 */
	private enum Why {

		COPIED("copied near the end", 70),

		EXPIRED("given up after their time of 250 ms", 70),

		DEAD("given up with their node, tuned to be dead after 400 ms", 60);

		private final String text;

		private final int rounds;

		Why(String text, int rounds) {
			this.text = text;
			this.rounds = rounds;
		}

		RpcChannelBuilder channel(RpcChannelBuilder channel) {
			ConnectionPolicy standard = ConnectionPolicy.DEFAULT;
			Keepalive keepalive = new Keepalive(Duration.ofMillis(150), Duration.ofMillis(400),
					standard.keepalive().idleInterval(), standard.keepalive().idleTimeout());
			return (this != DEAD) ? channel : channel.connectionPolicy(new ConnectionPolicy(keepalive,
					standard.firstRetry(), standard.longestRetry(), standard.idleClose(), standard.maxAge()));
		}

		/**
		 * Attempts without a bound in practice: a busy machine must not park items.
		 */
		RpcJobBuilder<Long, Long> job(RpcJobBuilder<Long, Long> job) {
			job.window(WINDOW).attempts(100).speculate(this == COPIED);
			return (this == EXPIRED) ? job.itemTimeout(Duration.ofMillis(250)) : job;
		}

	}

	/**
	 * Rounds of one kind, one after the other.
	 */
	private record Lane(Why why, int rounds, JobFleet fleet) implements Callable<List<CountedJob>> {

		@Override
		public List<CountedJob> call() throws Exception {
			Random random = new Random(5);
			List<CountedJob> jobs = new ArrayList<>();
			for (int i = 0; i < this.rounds; i++) {
				NodeProcess node = this.fleet.nodes().get(i % NODES);
				int delay = random.nextInt((int) WORK.toMillis());
				FutureTask<Void> wake = new FutureTask<>(() -> {
					TimeUnit.MILLISECONDS.sleep(delay);
					node.wake();
					return null;
				});
				UnaryOperator<RpcJobBuilder<Long, Long>> settings = this.why::job;
				jobs.add(this.fleet.run(ITEMS, WORK, settings, (job, results) -> {
					if (results == FROZEN_AT) {
						node.freeze();
						wakeWhenReassigned(job, wake);
					}
				}));
				wake.run();
				wake.get();
				this.fleet.awaitReady();
			}
			return jobs;
		}

		private static void wakeWhenReassigned(RpcJob<Long> job, FutureTask<Void> wake) {
			job.onProgress((progress) -> {
				if (progress.reassigned() + progress.speculated() > 0) {
					// Has an effect once only
					new Thread(wake, "waker").start();
				}
			});
		}

	}

}
