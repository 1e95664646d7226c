package io.github.netrpc.client;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long the calls of one method took, and how many attempts failed, in the last ten to
 * twenty seconds. Times are counted in steps of an eighth of their power of two, so what
 * is read is at most an eighth too long. Thread-safe; counting takes no lock.
 */
final class LatencyWindow {

	static final long SLICE_NANOS = Duration.ofSeconds(10).toNanos();

	/** Eight microseconds: nothing is waited for less. */
	private static final int RESOLUTION_BITS = 13;

	private static final int STEP_BITS = 3;

	private static final int STEPS = 1 << STEP_BITS;

	/** Up to about two minutes; what takes longer is as long. */
	private static final int STEPPED = 22 * STEPS;

	private volatile Slice before;

	private volatile Slice current;

	/**
	 * Creates an empty window.
	 * @param now the time, in nanoseconds
	 */
	LatencyWindow(long now) {
		this.before = new Slice(now);
		this.current = new Slice(now);
	}

	/**
	 * Forgets what is too old. By one thread at a time.
	 */
	void moveTo(long now) {
		long age = now - this.current.startNanos;
		if (age >= SLICE_NANOS) {
			this.before = (age < 2 * SLICE_NANOS) ? this.current : new Slice(now);
			this.current = new Slice(now);
		}
	}

	/**
	 * Counts a call that was answered.
	 */
	void answered(long nanos) {
		this.current.times.getAndIncrement(step(nanos));
	}

	/**
	 * Counts an attempt that has failed.
	 */
	void failed() {
		this.current.failures.increment();
	}

	/**
	 * The part of the attempts that have failed.
	 */
	double failedShare() {
		double failed = this.before.failures.sum() + this.current.failures.sum();
		return (failed > 0) ? failed / (failed + answered(this.before) + answered(this.current)) : 0;
	}

	private static long answered(Slice slice) {
		long calls = 0;
		for (int step = 0; step < STEPPED; step++) {
			calls += slice.times.get(step);
		}
		return calls;
	}

	/**
	 * The time within which some part of the calls was answered.
	 * @param part the part, more than 0 and less than 1
	 * @param minimum how many calls it takes to say so
	 * @return nanoseconds, or -1 if there were fewer
	 */
	long within(double part, int minimum) {
		Slice before = this.before;
		Slice current = this.current;
		long calls = answered(before) + answered(current);
		if (calls < minimum) {
			return -1;
		}
		long left = (long) Math.ceil(part * calls);
		for (int step = 0; step < STEPPED; step++) {
			left -= before.times.get(step) + current.times.get(step);
			if (left <= 0) {
				return end(step);
			}
		}
		return end(STEPPED - 1);
	}

	private static int step(long nanos) {
		long units = Math.max(0, nanos) >>> RESOLUTION_BITS;
		if (units < STEPS) {
			return (int) units;
		}
		int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(units) - STEP_BITS;
		int step = (power + 1) * STEPS + (int) ((units >>> power) & (STEPS - 1));
		return Math.min(step, STEPPED - 1);
	}

	/**
	 * The first time that is too long for a step.
	 */
	private static long end(int step) {
		if (step < STEPS) {
			return (step + 1L) << RESOLUTION_BITS;
		}
		int power = step / STEPS - 1;
		return (STEPS + step % STEPS + 1L) << (power + RESOLUTION_BITS);
	}

	/**
	 * What ended within ten seconds.
	 */
	private static final class Slice {

		private final long startNanos;

		private final AtomicIntegerArray times = new AtomicIntegerArray(STEPPED);

		private final LongAdder failures = new LongAdder();

		Slice(long startNanos) {
			this.startNanos = startNanos;
		}

	}

}
