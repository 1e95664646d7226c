package io.github.netrpc.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.github.netrpc.cluster.RpcCluster;
import io.github.netrpc.simulation.Promises.Call;
import io.github.netrpc.simulation.SimulatedCallers.Sim;
import io.github.netrpc.simulation.SimulatedFormats.Order;
import io.github.netrpc.simulation.SimulatedFormats.Receipt;
import io.github.netrpc.work.JobProgress;
import io.github.netrpc.work.JobProgress.State;
import io.github.netrpc.work.ParkedItem;
import io.github.netrpc.work.SimulatedScheduler;

/**
 * Jobs over the nodes of a simulation, beside its callers: with the scheduler, the
 * channel and the bytes that are real.
 */
final class SimulatedJobs {

	private static final Duration ITEM_TIME = Duration.ofSeconds(10);

	private static final long PAUSE_NANOS = 4_000_000_000L;

	private static final long LATE_NANOS = 100_000_000;

	private final SimulatedClock clock;

	private final SimulatedProcess client;

	private final SimulatedRandom random;

	private final RpcCluster<Sim> cluster;

	private final Promises promises;

	/** Those that go on, or have left calls. */
	private final Set<Job> jobs = new LinkedHashSet<>();

	private int begun;

	private long items;

	private long attempts;

	private boolean stopped;

	SimulatedJobs(SimulatedClock clock, SimulatedProcess client, SimulatedRandom random, RpcCluster<Sim> cluster,
			Promises promises) {
		this.clock = clock;
		this.client = client;
		this.random = random;
		this.cluster = cluster;
		this.promises = promises;
	}

	/**
	 * Begins a job now and then.
	 */
	void start() {
		this.client.after(this.random.around(PAUSE_NANOS), () -> {
			if (!this.stopped) {
				new Job(++this.begun).begin();
				start();
			}
		});
	}

	/**
	 * Begins no more jobs.
	 */
	void stop() {
		this.stopped = true;
	}

	/**
	 * What there was so far.
	 */
	Counts counts() {
		return new Counts(1, this.begun, this.items, this.attempts);
	}

	/**
	 * Ends the jobs that go on.
	 */
	void close() {
		stop();
		this.jobs.forEach(Job::cancel);
	}

	/**
	 * Checks what is left of jobs that have ended.
	 */
	void check() {
		this.jobs.removeIf(Job::isGone);
	}

	/**
	 * Checks that all jobs have ended.
	 */
	void checkEnded() {
		this.jobs.stream()
			.filter((job) -> !job.over)
			.forEach((job) -> this.promises.broken("a job ends when all is well again",
					job + ": " + job.scheduler.progress(), null));
	}

	/**
	 * Jobs of simulations.
	 *
	 * @param seeds how many simulations had jobs
	 * @param jobs how many were begun
	 * @param items how many items they had
	 * @param attempts how often items were given to a node
	 */
	record Counts(long seeds, long jobs, long items, long attempts) {

		static final Counts NONE = new Counts(0, 0, 0, 0);

		Counts plus(Counts other) {
			return new Counts(this.seeds + other.seeds, this.jobs + other.jobs, this.items + other.items,
					this.attempts + other.attempts);
		}

	}

	/**
	 * One job. Its items are numbers from 0 on.
	 */
	private final class Job {

		private final int number;

		private final int items;

		private final boolean ordered;

		private final long pauseNanos;

		private final SimulatedScheduler<Integer, Integer> scheduler;

		private final Map<Integer, List<Call>> calls = new HashMap<>();

		private final Set<Integer> idempotent = new HashSet<>();

		private final Set<Integer> counted = new LinkedHashSet<>();

		private int last = -1;

		private boolean cancelled;

		private boolean over;

		private long endedNanos;

		Job(int number) {
			SimulatedRandom chance = SimulatedJobs.this.random;
			this.number = number;
			this.items = (int) chance.between(0, 60);
			this.ordered = chance.chance(0.3);
			this.pauseNanos = chance.between(1_000_000, 500_000_000);
			double mayRunTwice = chance.pick(List.of(0.0, 0.5, 1.0));
			IntStream.range(0, this.items).filter((item) -> chance.chance(mayRunTwice)).forEach(this.idempotent::add);
			this.scheduler = new SimulatedScheduler<>(SimulatedJobs.this.cluster
				.distributeAsync(IntStream.range(0, this.items).boxed().toList(), this::run),
					(int) chance.between(1, 8), chance.chance(0.8), this.ordered, ITEM_TIME);
			boolean given = chance.chance(0.1);
			if (given) {
				SimulatedJobs.this.client.after(chance.between(0, 5_000_000_000L), this::cancel);
			}
		}

		private void begin() {
			SimulatedJobs.this.promises.log(() -> this + " begins: " + this.items + " items");
			SimulatedJobs.this.items += this.items;
			SimulatedJobs.this.jobs.add(this);
			this.scheduler.start();
			consume();
		}

		private CompletionStage<Integer> run(Sim node, int item) {
			SimulatedJobs.this.attempts++;
			boolean twice = this.idempotent.contains(item);
			List<Call> others = this.calls.computeIfAbsent(item, (absent) -> new ArrayList<>());
			long now = SimulatedJobs.this.clock.now();
			long open = others.stream().filter((call) -> !call.hasEnded() && !call.isLate(now)).count();
			check(open == 0 || (open == 1 && twice), "an item runs at two nodes at most, and twice only if it may",
					() -> "item " + item + ", beside " + others);
			check(!this.over, "a job begins nothing after its end", () -> "item " + item);
			Call call = SimulatedJobs.this.promises.began(twice, ITEM_TIME.toNanos());
			others.add(call);
			SimulatedJobs.this.promises.log(() -> call + " is item " + item + " of " + this);
			Order order = new Order(call.token(), new byte[10]);
			CompletionStage<Receipt> made = twice ? node.read(order) : node.write(order);
			return made.whenComplete((receipt, failure) -> SimulatedJobs.this.promises.ended(call, receipt, failure))
				.thenApply((receipt) -> item);
		}

		private void consume() {
			if (this.scheduler.consume(this::count)) {
				end();
			}
			else {
				SimulatedJobs.this.client.after(SimulatedJobs.this.random.around(this.pauseNanos), this::consume);
			}
		}

		private void count(int item) {
			check(this.counted.add(item), "an item counts once", () -> "item " + item);
			check(!this.ordered || item > this.last, "results come in their order",
					() -> "item " + item + " after " + this.last);
			this.last = item;
		}

		private void cancel() {
			if (!this.over) {
				this.cancelled = true;
				this.scheduler.cancel();
			}
		}

		private void end() {
			this.over = true;
			this.endedNanos = SimulatedJobs.this.clock.now();
			JobProgress progress = this.scheduler.progress();
			SimulatedJobs.this.promises.log(() -> this + " ends: " + progress.state() + ", " + progress);
			SimulatedJobs.this.clock.mix(progress.completed() * 31 + progress.reassigned());
			switch (progress.state()) {
				case SUCCEEDED -> checkComplete(progress);
				case CANCELLED -> check(this.cancelled, "nobody else cancels a job", () -> "cancelled");
				default -> {
					String why = String.valueOf(this.scheduler.failure());
					check(progress.state() == State.FAILED && why.contains("nobody has taken an item"),
							"a job fails only if nobody takes its items", () -> progress + ": " + why);
				}
			}
			check(this.scheduler.ends() == 1, "the end of a job is told once", () -> this.scheduler.ends() + " times");
		}

		private void checkComplete(JobProgress progress) {
			Set<Integer> known = new HashSet<>(this.counted);
			for (ParkedItem parked : this.scheduler.parked()) {
				check(known.add((Integer) parked.item()), "an item counts once", () -> "parked, too: " + parked);
				check(parked.failures().stream().noneMatch((failure) -> failure.message().contains("not be begun")),
						"every item can be begun", parked::toString);
			}
			check(known.size() == this.items, "no item is lost",
					() -> known.size() + " of " + this.items + ": " + progress);
			check(progress.completed() == this.counted.size() && progress.running() == 0, "no item is lost",
					() -> this.counted.size() + " were counted: " + progress);
		}

		/**
		 * Whether nothing is left, as it should be as soon as the job has ended.
		 */
		private boolean isGone() {
			if (!this.over) {
				return false;
			}
			List<Call> left = this.calls.values()
				.stream()
				.flatMap(List::stream)
				.filter((call) -> !call.hasEnded())
				.toList();
			long due = Math.max(this.endedNanos, SimulatedJobs.this.client.wokeNanos());
			check(left.isEmpty() || SimulatedJobs.this.clock.now() <= due + LATE_NANOS,
					"the calls of a job end with it", left::toString);
			return left.isEmpty();
		}

		private void check(boolean kept, String promise, Supplier<String> what) {
			if (!kept) {
				SimulatedJobs.this.promises.broken(promise, this + ": " + what.get(), null);
			}
		}

		@Override
		public String toString() {
			return "job " + this.number;
		}

	}

}
