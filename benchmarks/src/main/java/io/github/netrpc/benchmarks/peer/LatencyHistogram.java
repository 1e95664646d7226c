package io.github.netrpc.benchmarks.peer;

/**
 * Counts latencies in nanoseconds: linear below 32, then 32 steps in each power of two,
 * so that a value is kept within 3.2 %, up to 69 s. Recording is one shift and one
 * increment. The Go client's histogram is the same. Used by one thread at a time.
 */
final class LatencyHistogram {

	private static final int SUB_BITS = 5;

	private static final int MAX_BITS = 36;

	private final int[] counts = new int[(MAX_BITS - SUB_BITS + 1) << SUB_BITS];

	void record(long nanos) {
		this.counts[index(Math.max(0, Math.min(nanos, (1L << MAX_BITS) - 1)))]++;
	}

	void add(LatencyHistogram other) {
		for (int i = 0; i < this.counts.length; i++) {
			this.counts[i] += other.counts[i];
		}
	}

	long count() {
		long calls = 0;
		for (int count : this.counts) {
			calls += count;
		}
		return calls;
	}

	/**
	 * The latency that a share of the calls did not exceed.
	 * @param share the share, 0 to 1
	 * @return the latency in microseconds, 0 if nothing was recorded
	 */
	double micros(double share) {
		long rank = (long) (share * count());
		for (int i = 0; i < this.counts.length; i++) {
			rank -= this.counts[i];
			if (rank < 0) {
				return middle(i) / 1000;
			}
		}
		return 0;
	}

	private static int index(long value) {
		int shift = Math.max(0, 63 - SUB_BITS - Long.numberOfLeadingZeros(value));
		return (shift << SUB_BITS) + (int) (value >>> shift);
	}

	private static double middle(int index) {
		int shift = Math.max(0, (index >> SUB_BITS) - 1);
		long low = (long) (index - (shift << SUB_BITS)) << shift;
		return (shift == 0) ? low : low + (1L << shift) / 2.0;
	}

}
