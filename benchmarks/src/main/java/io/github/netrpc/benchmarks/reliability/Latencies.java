package io.github.netrpc.benchmarks.reliability;

import java.util.Arrays;

/**
 * Times of which every single one is kept, so that percentiles are exact. Immutable.
 */
final class Latencies {

	private final long[] sortedNanos;

	Latencies(long[] nanos) {
		this.sortedNanos = nanos.clone();
		Arrays.sort(this.sortedNanos);
	}

	int count() {
		return this.sortedNanos.length;
	}

	/**
	 * The time that a share of them did not exceed: the nearest rank, never a value
	 * between two.
	 * @param share the share, more than 0, at most 1
	 * @return the time in milliseconds, 0 if there is none
	 */
	double millis(double share) {
		int count = this.sortedNanos.length;
		if (count == 0) {
			return 0;
		}
		int rank = (int) Math.ceil(share * count - 1e-9);
		return this.sortedNanos[Math.max(rank, 1) - 1] / 1e6;
	}

	double worstMillis() {
		return millis(1);
	}

	static double median(double[] values) {
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		int middle = sorted.length / 2;
		return (sorted.length % 2 == 1) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
	}

}
