package io.github.netrpc.simulation;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

import io.github.netrpc.RpcCode;
import io.github.netrpc.simulation.Simulation.Outcome;

/**
 * Runs many simulations, and the first that breaks a promise once more with a log. System
 * properties: <pre>
 * simulation.seeds    how many, 1,000 by default
 * simulation.first    the first seed, 1 by default
 * simulation.threads  how many run at the same time, one for each processor by default
 * simulation.seed     one seed only, whose whole log is printed
 * simulation.lines    how much is printed of the log of the first breach, 60 by default
 * </pre> Each simulation runs on one thread, whatever the number of threads.
 */
public final class SimulationRunner {

	private static final String SEED = "simulation.seed";

	private static final int LAST_LINES = Integer.getInteger("simulation.lines", 60);

	private static final int MOST_BREACHES = 10;

	private static final double NANOS_PER_HOUR = TimeUnit.HOURS.toNanos(1);

	private final PrintStream out;

	private final LongFunction<Outcome> simulation;

	SimulationRunner(PrintStream out) {
		this(out, (seed) -> new Simulation(seed, null).run());
	}

	/**
	 * Creates a runner.
	 * @param simulation runs a simulation without a log
	 */
	SimulationRunner(PrintStream out, LongFunction<Outcome> simulation) {
		this.out = out;
		this.simulation = simulation;
	}

	/**
	 * Runs what the system properties say.
	 * @param arguments none
	 */
	public static void main(String[] arguments) {
		silence();
		SimulationRunner runner = new SimulationRunner(System.out);
		Long seed = Long.getLong(SEED);
		boolean kept = (seed != null) ? runner.replay(seed, Integer.MAX_VALUE).breach() == null
				: runner
					.run(Long.getLong("simulation.first", 1), Long.getLong("simulation.seeds", 1_000),
							Integer.getInteger("simulation.threads", Runtime.getRuntime().availableProcessors()))
					.isEmpty();
		System.exit(kept ? 0 : 1);
	}

	/**
	 * Nodes that fail are the rule here, and would fill the log.
	 */
	static void silence() {
		((Logger) LoggerFactory.getLogger("io.github.netrpc")).setLevel(Level.OFF);
	}

	/**
	 * The command that runs a seed again.
	 */
	static String command(long seed) {
		String jobs = Boolean.getBoolean("simulation.always-jobs") ? " -Dsimulation.always-jobs=true" : "";
		return "benchmarks/simulation -Dsimulation.seed=" + seed + jobs;
	}

	/**
	 * Runs one seed and prints its log.
	 * @param lines how many of the last lines
	 */
	Outcome replay(long seed, int lines) {
		List<String> log = new ArrayList<>();
		Outcome outcome = new Simulation(seed, log).run();
		log.subList(Math.max(0, log.size() - lines), log.size()).forEach(this.out::println);
		this.out.println(outcome);
		if (outcome.breach() != null && outcome.breach().cause() != null) {
			outcome.breach().cause().printStackTrace(this.out);
		}
		return outcome;
	}

	/**
	 * Runs seeds, and prints what they came to.
	 * @return the outcomes that are breaches, the first few
	 */
	List<Outcome> run(long first, long seeds, int threads) {
		Sum sum = new Sum();
		long began = System.nanoTime();
		AtomicLong next = new AtomicLong(first);
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Callable<Void>> workers = new ArrayList<>();
			for (int i = 0; i < threads; i++) {
				workers.add(() -> {
					for (long seed = next.getAndIncrement(); seed < first + seeds; seed = next.getAndIncrement()) {
						sum.add(this.simulation.apply(seed));
					}
					return null;
				});
			}
			for (Future<Void> worker : executor.invokeAll(workers)) {
				worker.get();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("interrupted", ex);
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex.getCause());
		}
		finally {
			executor.shutdownNow();
		}
		sum.print((System.nanoTime() - began) / 1e9);
		return sum.breaches;
	}

	/**
	 * What the simulations came to. Thread-safe.
	 */
	private final class Sum {

		private final List<Outcome> breaches = new ArrayList<>();

		private final Map<String, Integer> promises = new TreeMap<>();

		private final Map<RpcCode, Long> codes = new EnumMap<>(RpcCode.class);

		private SimulatedJobs.Counts jobs = SimulatedJobs.Counts.NONE;

		private long seeds;

		private long events;

		private long calls;

		private double hours;

		private synchronized void add(Outcome outcome) {
			this.seeds++;
			this.events += outcome.events();
			this.calls += outcome.calls();
			this.jobs = this.jobs.plus(outcome.jobs());
			this.hours += outcome.nanos() / NANOS_PER_HOUR;
			outcome.codes().forEach((code, count) -> this.codes.merge(code, (long) count, Long::sum));
			if (outcome.breach() != null) {
				this.promises.merge(outcome.breach().promise(), 1, Integer::sum);
				if (this.breaches.size() < MOST_BREACHES) {
					this.breaches.add(outcome);
				}
			}
		}

		private synchronized void print(double seconds) {
			PrintStream out = SimulationRunner.this.out;
			out.printf(Locale.ROOT,
					"%,d seeds, %,.1f h of virtual time, %,d calls, %,d events in %,.1f s (%,.0f seeds/s)%n",
					this.seeds, this.hours, this.calls, this.events, seconds, this.seeds / seconds);
			out.println("outcomes of calls: " + this.codes);
			out.printf(Locale.ROOT, "jobs: %,d in %,d of the seeds, %,d items, %,d attempts%n", this.jobs.jobs(),
					this.jobs.seeds(), this.jobs.items(), this.jobs.attempts());
			int count = this.promises.values().stream().mapToInt(Integer::intValue).sum();
			out.println("breaches: " + count + ((count > 0) ? " " + this.promises : ""));
			this.breaches.forEach((outcome) -> out
				.println(outcome + System.lineSeparator() + "    replay: " + command(outcome.seed())));
			if (!this.breaches.isEmpty() && LAST_LINES > 0) {
				out.println("the end of seed " + this.breaches.get(0).seed() + ":");
				replay(this.breaches.get(0).seed(), LAST_LINES);
			}
		}

	}

}
