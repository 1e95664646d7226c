package io.github.netrpc.work;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;

/**
 * One job over workers that die, freeze, refuse, answer late, come and go, and with a
 * coordinator that is stopped for a while now and then. What happens is decided by a
 * seed, on one thread, in virtual time. Checked are
 * <ul>
 * <li>every item has one outcome, a result or its place among the parked ones; none is
 * lost, and none counted twice
 * <li>results come in the order of the items where that was wanted
 * <li>no worker that has items waits for a sign of life for longer than its lease while
 * the coordinator is awake
 * <li>an item runs at two workers at a time at most, twice only if it may, and is not
 * tried more often than it may fail, refusals apart
 * <li>of two attempts at an item one does what may be done once only, and the other one
 * is given up
 * <li>at the end nothing runs, no timer is left, and the end was told once
 * </ul>
 */
final class JobWorld {

	private static final long LEASE_NANOS = Duration.ofSeconds(9).toNanos();

	private static final long RENEWAL_NANOS = Duration.ofSeconds(3).toNanos();

	private static final int ATTEMPTS = 3;

	private static final int MOST_STEPS = 100_000;

	/** From then on all is well. */
	private static final int TROUBLED_STEPS = 2_000;

	private final long seed;

	private final @Nullable List<String> log;

	private final Random random;

	private final JobFixture fixture = new JobFixture();

	private final FakeWorkers workers = this.fixture.workers;

	/** When each worker heard of the coordinator last. */
	private final Map<String, Long> heard = new HashMap<>();

	/** Attempts that their workers are stuck with, or have been given up. */
	private final List<FakeWorkers.Run> stuck = new ArrayList<>();

	/** Attempts that have done what may be done once only. */
	private final Set<FakeWorkers.Run> writers = new HashSet<>();

	private final int nodes;

	private final int items;

	private final double trouble;

	private final boolean coordinatorFreezes;

	/** The step at which the job is cancelled, if it goes on so long. */
	private final int cancelAt;

	private final JobOptions options;

	private final JobScheduler<Integer, String> job;

	private final long startNanos;

	private int freezes;

	private int lapses;

	private int givenUp;

	private @Nullable String breach;

	JobWorld(long seed, @Nullable List<String> log) {
		this.seed = seed;
		this.log = log;
		this.random = new Random(seed);
		this.nodes = 1 + this.random.nextInt(6);
		for (int i = 0; i < this.nodes; i++) {
			this.workers.with("n" + i, 1 + this.random.nextInt(8));
		}
		this.items = this.random.nextInt(400);
		this.trouble = this.random.nextDouble() * 0.4;
		this.coordinatorFreezes = this.random.nextInt(3) == 0;
		this.cancelAt = (this.random.nextInt(10) == 0) ? this.random.nextInt(600) : Integer.MAX_VALUE;
		this.options = new JobOptions("seed " + seed, Map.of(), ATTEMPTS, this.random.nextBoolean(),
				Duration.ofSeconds(20).toNanos(), 0, this.random.nextBoolean(), 1_000);
		this.workers.renewalNanos = RENEWAL_NANOS;
		this.workers.heard = (worker) -> this.heard.put(worker, now());
		this.workers.doing((run) -> {
			log("begins " + run.item + " at " + run.worker);
			long beside = this.workers.running.stream().filter((other) -> other.item == run.item).count();
			if (beside > 2) {
				breach("item " + run.item + " runs " + beside + " times at once");
			}
			FakeWorkers.Run first = this.workers.of(run.item);
			if (beside == 2 && !first.mayRunTwice) {
				breach("item " + run.item + " is copied though it may run once only");
			}
			if (beside == 2 && this.random.nextInt(4) == 0) {
				write(first);
			}
			if (this.random.nextInt(4) == 0) {
				write(run);
			}
		});
		this.startNanos = now();
		this.job = this.fixture.scheduler(this.items, this.options);
	}

	private long now() {
		return this.fixture.timer.nanoTime();
	}

	private void log(String line) {
		if (this.log != null) {
			this.log.add("%9.3f s  %s".formatted((now() - this.startNanos) / 1e9, line));
		}
	}

	private void breach(String what) {
		log("BREACH: " + what);
		this.breach = (this.breach != null) ? this.breach : what;
	}

	private void check(boolean kept, String what) {
		if (!kept) {
			breach(what);
		}
	}

	/**
	 * Runs the job to its end.
	 */
	Outcome run() {
		JobScheduler.Turn<String> turn = this.fixture.consume(this.job);
		for (int step = 0; step < MOST_STEPS && !turn.last() && this.breach == null; step++) {
			step(step > TROUBLED_STEPS);
			if (step == this.cancelAt) {
				log("is cancelled");
				this.job.cancel("no longer wanted");
			}
			if (this.random.nextInt(3) == 0) {
				turn = this.fixture.consume(this.job);
			}
		}
		checkEnd(turn.last());
		return outcome();
	}

	/**
	 * What became of a simulation that could not go on.
	 */
	Outcome failed(Throwable cause) {
		breach(cause.toString());
		return outcome();
	}

	private Outcome outcome() {
		return new Outcome(this.seed, this.items, this.workers.begun.size(), this.freezes, this.lapses, this.givenUp,
				now() - this.startNanos, this.job.progress(), this.breach);
	}

	/**
	 * An attempt calls what may be called once only, as the scope of its calls does: it
	 * says so before it asks, and makes no more calls if it must not.
	 */
	private void write(FakeWorkers.Run run) {
		run.mayRunTwice = false;
		List<FakeWorkers.Run> beside = this.workers.running.stream()
			.filter((other) -> other.item == run.item && other != run)
			.toList();
		if (run.listener.claim()) {
			log("writes: " + run.item + " at " + run.worker);
			check(beside.stream().noneMatch(this.writers::contains), "item " + run.item + " is written twice at once");
			this.writers.add(run);
			this.givenUp += beside.size();
		}
		else {
			log("may not write: " + run.item + " at " + run.worker);
			check(beside.stream().anyMatch(this.writers::contains),
					run.worker + " may not write item " + run.item + ", though nobody else does");
		}
	}

	private void step(boolean well) {
		List<FakeWorkers.Run> running = this.workers.running;
		if (!running.isEmpty() && this.random.nextInt(4) > 0) {
			move(running.get(this.random.nextInt(running.size())), well ? 0 : this.trouble);
		}
		else if (this.random.nextInt(50) == 0 || well) {
			list(well);
		}
		else if (!this.stuck.isEmpty() && this.random.nextInt(3) == 0) {
			FakeWorkers.Run late = this.stuck.remove(this.random.nextInt(this.stuck.size()));
			log("answers at last: " + late.item + " at " + late.worker + late.abandoned);
			// Who has been given up, or has failed, makes no more calls.
			if (running.contains(late) && this.random.nextInt(4) == 0) {
				write(late);
			}
			late.succeed();
		}
		else if (this.coordinatorFreezes && !well && this.random.nextInt(40) == 0) {
			freeze();
		}
		this.fixture.timer.advance(Duration.ofMillis(this.random.nextInt(40)));
		for (FakeWorkers.Run run : running) {
			check(!this.writers.contains(run) || this.workers.runningNow(run.item) == 1,
					"item " + run.item + " runs twice, and has been written by " + run.worker);
			check(now() - heardBy(run.worker) < LEASE_NANOS, run.worker
					+ " has items, and has not heard of a coordinator that is awake for " + LEASE_NANOS / 1e9 + " s");
		}
	}

	private long heardBy(String worker) {
		return this.heard.getOrDefault(worker, this.startNanos);
	}

	/**
	 * Something becomes of an attempt.
	 */
	private void move(FakeWorkers.Run run, double trouble) {
		if (this.random.nextDouble() >= trouble) {
			run.succeed();
			return;
		}
		log("trouble with " + run.item + " at " + run.worker);
		switch (this.random.nextInt(6)) {
			case 0 -> run.fail(RpcCode.UNAVAILABLE, Known.MAYBE_RAN);
			case 1 -> run.fail(RpcCode.UNAVAILABLE, Known.NOT_RUN);
			case 2 -> run.fail(RpcCode.RESOURCE_EXHAUSTED, Known.NOT_RUN);
			case 3 -> run.fail(RpcCode.INTERNAL, Known.RAN_AND_FAILED);
			case 4 -> this.stuck.add(run);
			default -> write(run);
		}
	}

	/**
	 * Somebody comes, goes, or is found to be away, or to be doubtful.
	 */
	private void list(boolean well) {
		String id = "n" + this.random.nextInt(this.nodes);
		// One is always there, or the job would fail for want of nodes.
		if (well || id.equals("n0") || this.random.nextInt(3) == 0) {
			this.workers.with(id, 1 + this.random.nextInt(8),
					(!well && this.random.nextInt(4) == 0) ? Worker.State.SUSPECT : Worker.State.READY);
		}
		else if (this.random.nextBoolean()) {
			this.workers.with(id, 4, Worker.State.AWAY);
		}
		else {
			this.workers.listed.remove(id);
		}
		log("listed: " + this.workers.listed.values());
	}

	/**
	 * The coordinator is stopped. Workers go on, end items, and drop those whose lease is
	 * over; it hears of both when it wakes, in any order and after or before its timers.
	 */
	private void freeze() {
		Duration time = Duration.ofMillis(100 + this.random.nextInt(40_000));
		log("the coordinator is stopped for " + time);
		this.freezes++;
		List<Runnable> answers = new ArrayList<>();
		for (FakeWorkers.Run run : List.copyOf(this.workers.running)) {
			long lapsesNanos = heardBy(run.worker) + LEASE_NANOS;
			if (!this.stuck.contains(run) && this.random.nextInt(3) == 0) {
				answers.add(run::succeed);
			}
			else if (now() + time.toNanos() >= lapsesNanos) {
				this.lapses++;
				this.stuck.remove(run);
				answers.add(() -> run.fail(RpcCode.CANCELLED, Known.MAYBE_RAN));
			}
		}
		Collections.shuffle(answers, this.random);
		this.fixture.timer.pass(time);
		int before = this.random.nextInt(answers.size() + 1);
		answers.subList(0, before).forEach(Runnable::run);
		this.fixture.timer.advance(Duration.ZERO);
		answers.subList(before, answers.size()).forEach(Runnable::run);
	}

	private void checkEnd(boolean ended) {
		JobProgress progress = this.job.progress();
		check(ended, "the job does not end: " + progress);
		boolean cancelled = progress.state() == JobProgress.State.CANCELLED;
		check(cancelled ? this.cancelAt != Integer.MAX_VALUE : this.job.failure() == null,
				"the job fails: " + this.job.failure());
		Map<Integer, Integer> counted = new HashMap<>();
		List<Integer> consumed = this.fixture.consumed.stream()
			.map((result) -> Integer.parseInt(result.substring(result.indexOf(':') + 1)))
			.toList();
		consumed.forEach((item) -> counted.merge(item, 1, Integer::sum));
		counted.forEach((item, count) -> check(count == 1, "item " + item + " is counted " + count + " times"));
		Set<Integer> seen = new HashSet<>(counted.keySet());
		for (ParkedItem parked : this.job.parked()) {
			check(seen.add((Integer) parked.item()), "item " + parked.item() + " is parked and has a result");
			// One more if its copy was under way when it had failed often enough.
			check(parked.failures().size() <= ATTEMPTS + 1, "item " + parked.item() + " failed too often: " + parked);
		}
		check(cancelled || seen.size() == this.items, (this.items - seen.size()) + " items are lost");
		check(progress.completed() >= consumed.size(), "more results than items that are completed");
		check(cancelled || progress.completed() == consumed.size(), "a result was not consumed");
		if (this.options.ordered()) {
			check(consumed.stream().sorted().toList().equals(consumed), "the results are not in order");
		}
		check(progress.running() == 0, progress.running() + " items run on");
		check(this.fixture.timer.scheduled() == 0, this.fixture.timer.scheduled() + " timers are left");
		check(this.fixture.ended == 1, "the end was told " + this.fixture.ended + " times");
	}

	/**
	 * What became of a simulation.
	 *
	 * @param items the items of the job
	 * @param attempts attempts that were begun
	 * @param freezes times that the coordinator was stopped
	 * @param lapses attempts whose lease was over
	 * @param givenUp attempts that were given up because another one has done what may be
	 * done once only
	 * @param nanos the virtual time
	 * @param progress the last progress
	 * @param breach what went wrong, or null
	 */
	record Outcome(long seed, int items, int attempts, int freezes, int lapses, int givenUp, long nanos,
			JobProgress progress, @Nullable String breach) {

		@Override
		public String toString() {
			return "seed " + this.seed + ": " + ((this.breach != null) ? this.breach : "no breach") + " ("
					+ this.progress + ")";
		}

	}

}
