package io.github.netrpc.work;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.work.JobProgress.State;

/**
 * What a job has counted. Guarded by its scheduler's lock.
 */
final class JobCounts {

	private final long startNanos;

	private final RecentRate rate;

	final RecentDurations durations = new RecentDurations();

	final List<ParkedItem> parked = new ArrayList<>();

	/** Items that the source has given. */
	long pulled;

	/** The source has no others. */
	boolean exhausted;

	long completed;

	long reassigned;

	long refused;

	long speculated;

	long late;

	JobCounts(long startNanos) {
		this.startNanos = startNanos;
		this.rate = new RecentRate(startNanos);
	}

	/**
	 * Items that have an outcome.
	 */
	long done() {
		return this.completed + this.parked.size();
	}

	/**
	 * Items that have not begun.
	 * @param announced how many items the source says that it has
	 * @param waiting those that it has given, and that wait
	 * @return the number, more than any where only the source knows
	 */
	long left(OptionalLong announced, int waiting) {
		if (this.exhausted) {
			return waiting;
		}
		return announced.isPresent() ? announced.getAsLong() - this.pulled + waiting : Long.MAX_VALUE;
	}

	boolean isAllDone() {
		return this.exhausted && done() == this.pulled;
	}

	/**
	 * Told now and then what time it is.
	 */
	void mark(long now) {
		this.rate.mark(now, this.completed);
	}

	double perSecond(long now) {
		return this.rate.perSecond(now, this.completed);
	}

	/**
	 * How far the job is.
	 * @param announced how many items the source says that it has
	 */
	JobProgress progress(State state, OptionalLong announced, int running, List<WorkerProgress> workers, long now) {
		OptionalLong total = this.exhausted ? OptionalLong.of(this.pulled) : announced;
		double perSecond = perSecond(now);
		return new JobProgress(state, total, this.completed, running, this.reassigned, this.refused, this.speculated,
				this.late, this.parked.size(), perSecond, Duration.ofNanos(now - this.startNanos),
				(state == State.RUNNING) ? timeLeft(total, perSecond) : null, workers);
	}

	private @Nullable Duration timeLeft(OptionalLong total, double perSecond) {
		return (total.isPresent() && perSecond > 0)
				? Duration.ofMillis(Math.round(1_000 * Math.max(0, total.getAsLong() - done()) / perSecond)) : null;
	}

}
