package io.github.netrpc.work;

import java.util.Arrays;

/**
 * How long the last items took. Guarded by its scheduler's lock.
 */
final class RecentDurations {

	private static final int KEPT = 512;

	private final long[] nanos = new long[KEPT];

	private long count;

	void add(long duration) {
		this.nanos[(int) (this.count++ % KEPT)] = duration;
	}

	/**
	 * The middle one.
	 * @return nanoseconds, {@link Long#MAX_VALUE} if there is none
	 */
	long median() {
		int size = (int) Math.min(this.count, KEPT);
		if (size == 0) {
			return Long.MAX_VALUE;
		}
		long[] sorted = Arrays.copyOf(this.nanos, size);
		Arrays.sort(sorted);
		return sorted[size / 2];
	}

}
