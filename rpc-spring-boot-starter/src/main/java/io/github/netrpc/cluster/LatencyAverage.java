package io.github.netrpc.cluster;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;

/**
 * How long calls of a node took lately. What counts is when they ended, not how many they
 * are: after a second, what was known before counts half; where a call took longer than
 * the average, after a quarter of that, so that a node that becomes slow is known sooner
 * than one that becomes fast.
 * <p>
 * Without calls the average falls by itself, half of it in a second, so that a slow node
 * gets a call once in a while and can show that it is no longer slow. While a call is
 * under way it falls more slowly: one call to find out is enough, and a node that does
 * not answer at all must not look better for it.
 * <p>
 * The first answer, also the first after a {@linkplain #restart new beginning}, is left
 * out, and each of the next thirty counts a quarter at least: classes and caches are
 * cold, and what a node does then says little of the second after.
 * <p>
 * Thread-safe without locks: of two calls that end at the very same time one may not be
 * counted.
 */
final class LatencyAverage {

	static final long HALF_LIFE_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final long RISE_NANOS = HALF_LIFE_NANOS / 4;

	private static final long BUSY_HALF_LIFE_NANOS = HALF_LIFE_NANOS * 8;

	/** After so many answers a node is warm. */
	private static final int WARM_ANSWERS = 31;

	private static final double MOST_LEFT_WHILE_COLD = 0.75;

	private static final VarHandle AVERAGE;

	private static final VarHandle STAMP;

	private static final VarHandle ANSWERS;

	static {
		try {
			MethodHandles.Lookup lookup = MethodHandles.lookup();
			AVERAGE = lookup.findVarHandle(LatencyAverage.class, "average", double.class);
			STAMP = lookup.findVarHandle(LatencyAverage.class, "stamp", long.class);
			ANSWERS = lookup.findVarHandle(LatencyAverage.class, "answers", int.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	/** In nanoseconds; 0 while nothing is known. */
	@SuppressWarnings("unused") // through AVERAGE
	private double average;

	/** When the last call ended. */
	@SuppressWarnings("unused") // through STAMP
	private long stamp;

	/** As many as count more than others do, at most. */
	@SuppressWarnings("unused") // through ANSWERS
	private int answers;

	/**
	 * Counts a call that was answered.
	 * @param nanos how long it took
	 * @param now when it ended
	 */
	void answered(long nanos, long now) {
		int answers = (int) ANSWERS.getOpaque(this);
		if (answers == WARM_ANSWERS) {
			count(nanos, now, 1);
			return;
		}
		ANSWERS.setOpaque(this, answers + 1);
		if (answers > 0) {
			count(nanos, now, MOST_LEFT_WHILE_COLD);
		}
	}

	/**
	 * Moves the average.
	 * @param mostLeft the most that is left of what was known before
	 */
	private void count(long nanos, long now, double mostLeft) {
		double average = average();
		if (average <= 0) {
			set((double) Math.max(1, nanos), now);
			return;
		}
		double left = Math.min(mostLeft, Decay.left(now - stamp(), (nanos > average) ? RISE_NANOS : HALF_LIFE_NANOS));
		set(average * left + nanos * (1 - left), now);
	}

	/**
	 * Counts a call that has failed, or was given up. A node that fails fast does not
	 * become a fast node by that.
	 * @param nanos how long it took
	 * @param now when it ended
	 */
	void failed(long nanos, long now) {
		if (nanos > average()) {
			count(nanos, now, 1);
		}
		else if (average() > 0) {
			STAMP.setOpaque(this, now);
		}
	}

	/**
	 * Forgets what was known: the node begins anew.
	 */
	void restart() {
		AVERAGE.setOpaque(this, 0.0);
		ANSWERS.setOpaque(this, 0);
	}

	/**
	 * The average.
	 * @param now the time
	 * @param busy whether a call is under way
	 * @return nanoseconds, 0 if nothing is known
	 */
	long at(long now, boolean busy) {
		double average = average();
		return (average > 0)
				? (long) (average * Decay.left(now - stamp(), busy ? BUSY_HALF_LIFE_NANOS : HALF_LIFE_NANOS)) : 0;
	}

	private void set(double average, long now) {
		AVERAGE.setOpaque(this, average);
		STAMP.setOpaque(this, now);
	}

	private double average() {
		return (double) AVERAGE.getOpaque(this);
	}

	private long stamp() {
		return (long) STAMP.getOpaque(this);
	}

}
