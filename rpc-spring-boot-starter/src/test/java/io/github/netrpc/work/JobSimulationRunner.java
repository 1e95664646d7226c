package io.github.netrpc.work;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Runs many jobs in worlds of trouble, and prints the log of the first that breaks a
 * promise. System properties: <pre>
 * simulation.seeds    how many, 1,000 by default
 * simulation.first    the first seed, 1 by default
 * simulation.threads  how many run at the same time, one for each processor by default
 * simulation.seed     one seed only, whose log is printed
 * simulation.lines    how much is printed of the log of the first breach, 60 by default
 * </pre>
 */
public final class JobSimulationRunner {

	private static final double NANOS_PER_HOUR = TimeUnit.HOURS.toNanos(1);

	private static final int MOST_BREACHES = 10;

	private final List<JobWorld.Outcome> breaches = new ArrayList<>();

	private long seeds;

	private long items;

	private long attempts;

	private long freezes;

	private long lapses;

	private long givenUp;

	private long reassigned;

	private long refused;

	private long speculated;

	private long late;

	private long parked;

	private long broken;

	private double hours;

	private JobSimulationRunner() {
	}

	/**
	 * Runs what the system properties say.
	 * @param arguments none
	 * @throws InterruptedException if the thread was interrupted
	 */
	public static void main(String[] arguments) throws InterruptedException {
		Long seed = Long.getLong("simulation.seed");
		if (seed != null) {
			System.exit((replay(seed, Integer.MAX_VALUE).breach() == null) ? 0 : 1);
		}
		JobSimulationRunner runner = new JobSimulationRunner();
		runner.run(Long.getLong("simulation.first", 1), Long.getLong("simulation.seeds", 1_000),
				Integer.getInteger("simulation.threads", Runtime.getRuntime().availableProcessors()));
		System.exit(runner.breaches.isEmpty() ? 0 : 1);
	}

	/**
	 * The command that runs a seed again.
	 */
	static String command(long seed) {
		return "benchmarks/simulation jobs -Dsimulation.seed=" + seed;
	}

	private static JobWorld.Outcome replay(long seed, int lines) {
		List<String> log = new ArrayList<>();
		JobWorld.Outcome outcome = new JobWorld(seed, log).run();
		log.subList(Math.max(0, log.size() - lines), log.size()).forEach(System.out::println);
		System.out.println(outcome);
		return outcome;
	}

	private void run(long first, long count, int threads) throws InterruptedException {
		AtomicLong next = new AtomicLong(first);
		long began = System.nanoTime();
		List<Thread> workers = IntStream.range(0, threads).mapToObj((i) -> new Thread(() -> {
			for (long seed = next.getAndIncrement(); seed < first + count; seed = next.getAndIncrement()) {
				add(outcome(seed));
			}
		}, "simulation-" + i)).toList();
		workers.forEach(Thread::start);
		for (Thread worker : workers) {
			worker.join();
		}
		print((System.nanoTime() - began) / 1e9);
	}

	private static JobWorld.Outcome outcome(long seed) {
		JobWorld world = new JobWorld(seed, null);
		try {
			return world.run();
		}
		catch (RuntimeException | Error ex) {
			return world.failed(ex);
		}
	}

	private synchronized void add(JobWorld.Outcome outcome) {
		JobProgress progress = outcome.progress();
		this.seeds++;
		this.items += outcome.items();
		this.attempts += outcome.attempts();
		this.freezes += outcome.freezes();
		this.lapses += outcome.lapses();
		this.givenUp += outcome.givenUp();
		this.hours += outcome.nanos() / NANOS_PER_HOUR;
		this.reassigned += progress.reassigned();
		this.refused += progress.refused();
		this.speculated += progress.speculated();
		this.late += progress.late();
		this.parked += progress.parked();
		if (outcome.breach() != null) {
			this.broken++;
			if (this.breaches.size() < MOST_BREACHES) {
				this.breaches.add(outcome);
			}
		}
	}

	private void print(double seconds) {
		System.out.printf(Locale.ROOT,
				"%,d seeds, %,.1f h of virtual time, %,d items, %,d attempts in %,.1f s (%,.0f seeds/s)%n", this.seeds,
				this.hours, this.items, this.attempts, seconds, this.seeds / seconds);
		System.out.printf(Locale.ROOT,
				"%,d reassigned, %,d refused, %,d copies, %,d of two given up for a write, %,d late results, %,d parked; the coordinator was stopped %,d times, "
						+ "and %,d leases were over%n",
				this.reassigned, this.refused, this.speculated, this.givenUp, this.late, this.parked, this.freezes,
				this.lapses);
		System.out.printf(Locale.ROOT, "breaches: %,d%n", this.broken);
		this.breaches.forEach((outcome) -> System.out
			.println(outcome + System.lineSeparator() + "    replay: " + command(outcome.seed())));
		if (!this.breaches.isEmpty()) {
			replay(this.breaches.get(0).seed(), Integer.getInteger("simulation.lines", 60));
		}
	}

}
