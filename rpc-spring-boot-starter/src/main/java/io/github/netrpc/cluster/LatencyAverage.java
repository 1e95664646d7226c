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
 * Thread-safe without locks: of two calls that end at the very same time one may not be
 * counted.
 */
final class LatencyAverage {

	static final long HALF_LIFE_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final long RISE_NANOS = HALF_LIFE_NANOS / 4;

	private static final long BUSY_HALF_LIFE_NANOS = HALF_LIFE_NANOS * 8;

	private static final VarHandle AVERAGE;

	private static final VarHandle STAMP;

	static {
		try {
			MethodHandles.Lookup lookup = MethodHandles.lookup();
			AVERAGE = lookup.findVarHandle(LatencyAverage.class, "average", double.class);
			STAMP = lookup.findVarHandle(LatencyAverage.class, "stamp", long.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	/** In nanoseconds; 0 before the first call. */
	@SuppressWarnings("unused") // through AVERAGE
	private double average;

	/** When the last call ended. */
	@SuppressWarnings("unused") // through STAMP
	private long stamp;

	/**
	 * Counts a call that was answered.
	 * @param nanos how long it took
	 * @param now when it ended
	 */
	void answered(long nanos, long now) {
		double average = average();
		if (average <= 0) {
			set((double) Math.max(1, nanos), now);
			return;
		}
		double left = Decay.left(now - stamp(), (nanos > average) ? RISE_NANOS : HALF_LIFE_NANOS);
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
			answered(nanos, now);
		}
		else if (average() > 0) {
			STAMP.setOpaque(this, now);
		}
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
