package io.github.netrpc.cluster;

import java.time.Duration;

/**
 * How many of the calls of a node have failed lately. The window moves in tenths of
 * itself. Calls are counted by whoever asks: the window keeps what the counts were when
 * each tenth began. Thread-safe; as long as nothing fails, one call in each tenth takes
 * the lock.
 */
final class FailureWindow {

	private static final int SLICES = 10;

	private final long sliceNanos;

	private final long[] endedBefore = new long[SLICES];

	private final long[] failedBefore = new long[SLICES];

	private long failed;

	private long newest;

	private volatile long nextNanos;

	FailureWindow(Duration length) {
		this.sliceNanos = length.toNanos() / SLICES;
	}

	/**
	 * Sees to it that the counts are kept.
	 * @param now the time
	 * @param ended how many calls had ended before, ever
	 */
	void moveTo(long now, long ended) {
		if (now >= this.nextNanos) {
			roll(now, ended);
		}
	}

	private synchronized void roll(long now, long ended) {
		long number = now / this.sliceNanos;
		for (long slice = Math.max(this.newest, number - SLICES) + 1; slice <= number; slice++) {
			this.endedBefore[(int) (slice % SLICES)] = ended;
			this.failedBefore[(int) (slice % SLICES)] = this.failed;
		}
		this.newest = Math.max(this.newest, number);
		this.nextNanos = (this.newest + 1) * this.sliceNanos;
	}

	/**
	 * Counts a call that has failed.
	 * @param ended how many calls have ended, with this one
	 * @param minimum how many calls of the window say something
	 * @param ratio the part of them
	 * @return whether so many of the window, and at least the minimum, have failed
	 */
	synchronized boolean failed(long now, long ended, int minimum, double ratio) {
		moveTo(now, ended - 1);
		this.failed++;
		int oldest = (int) ((this.newest + 1) % SLICES);
		long calls = ended - this.endedBefore[oldest];
		return calls >= minimum && this.failed - this.failedBefore[oldest] >= ratio * calls;
	}

	/**
	 * Forgets the calls so far.
	 */
	synchronized void clear(long ended) {
		for (int slice = 0; slice < SLICES; slice++) {
			this.endedBefore[slice] = ended;
			this.failedBefore[slice] = this.failed;
		}
	}

}
