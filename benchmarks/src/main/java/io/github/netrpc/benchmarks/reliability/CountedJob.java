package io.github.netrpc.benchmarks.reliability;

import io.github.netrpc.work.JobProgress;

/**
 * What became of a job. Immutable.
 *
 * @param first the token of its first item
 * @param items how many items it had
 * @param lost items without a result
 * @param twice results beyond the first of an item
 * @param progress what the job says itself
 * @param failure why it failed, or empty
 */
record CountedJob(long first, int items, long lost, long twice, JobProgress progress, String failure) {

	/**
	 * Counts.
	 * @param first the token of the first item
	 * @param counted how often each item had a result
	 */
	static CountedJob of(long first, int[] counted, JobProgress progress, String failure) {
		long lost = 0;
		long twice = 0;
		for (int results : counted) {
			lost += (results == 0) ? 1 : 0;
			twice += Math.max(0, results - 1);
		}
		return new CountedJob(first, counted.length, lost, twice, progress, failure);
	}

	double seconds() {
		return this.progress.elapsed().toNanos() / 1e9;
	}

	/**
	 * Runs of its items beyond the first of each.
	 * @param runs how often each token was run, by token
	 * @return how many
	 */
	long extraRuns(int[] runs) {
		long extra = 0;
		for (long token = this.first; token < this.first + this.items; token++) {
			extra += Math.max(0, runs[(int) token] - 1);
		}
		return extra;
	}

}
