package io.github.netrpc.work;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;

/**
 * How far a job is, at one moment; at its end, what became of it.
 *
 * @param state whether it goes on
 * @param total how many items there are, empty while only the source knows
 * @param completed items that have a result
 * @param running items that are being run
 * @param reassigned attempts that may have run, have failed or were lost, and led to
 * another one
 * @param refused attempts that did not begin, because the node had no room or could not
 * be reached
 * @param speculated copies of items that took too long
 * @param late answers and results that came too late and were not counted
 * @param parked items that have failed for good
 * @param rate items completed per second, over the last ten seconds
 * @param elapsed the time since the beginning
 * @param timeLeft an estimate of the time to the end, or null if there is none
 * @param workers what each worker has done, in the order in which they came
 * @since 0.1.0
 */
public record JobProgress(State state, OptionalLong total, long completed, int running, long reassigned, long refused,
		long speculated, long late, long parked, double rate, Duration elapsed, @Nullable Duration timeLeft,
		List<WorkerProgress> workers) {

	/** Copies the workers. */
	public JobProgress {
		workers = List.copyOf(workers);
	}

	/**
	 * The same, with results that have come since.
	 */
	JobProgress withLate(long late) {
		return (late == this.late) ? this
				: new JobProgress(this.state, this.total, this.completed, this.running, this.reassigned, this.refused,
						this.speculated, late, this.parked, this.rate, this.elapsed, this.timeLeft, this.workers);
	}

	/**
	 * Whether a job goes on.
	 */
	public enum State {

		/** It goes on. */
		RUNNING,

		/** All items have an outcome, and no more of them are parked than may be. */
		SUCCEEDED,

		/** It ended before its time, or too many items are parked. */
		FAILED,

		/** Its caller has given it up. */
		CANCELLED

	}

	/**
	 * One line for people.
	 * @return for example
	 * {@code 1,200 of 5,000 items (24 %), 32 running, 410/s, 9 s left}
	 */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder("%,d".formatted(this.completed));
		if (this.total.isPresent()) {
			long all = this.total.getAsLong();
			text.append(" of %,d items (%d %%)".formatted(all, (all == 0) ? 100 : 100 * this.completed / all));
		}
		else {
			text.append(" items");
		}
		text.append(", ").append(this.running).append(" running");
		append(text, this.reassigned, "reassigned");
		append(text, this.refused, "refused");
		append(text, this.speculated, "copied");
		append(text, this.late, "late");
		append(text, this.parked, "parked");
		text.append(", %,.0f/s".formatted(this.rate));
		return ((this.timeLeft != null) ? text.append(", ").append(this.timeLeft.toSeconds()).append(" s left") : text)
			.toString();
	}

	private static void append(StringBuilder text, long count, String what) {
		if (count > 0) {
			text.append(", ").append(count).append(' ').append(what);
		}
	}

}
