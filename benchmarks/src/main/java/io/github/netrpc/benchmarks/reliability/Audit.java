package io.github.netrpc.benchmarks.reliability;

import io.github.netrpc.benchmarks.reliability.CallLedger.CallEnd;

/**
 * What callers were told, held against what the nodes have run. Immutable.
 *
 * @param idempotent idempotent calls
 * @param idempotentFailed those of them that failed, or never ended
 * @param others calls that must not run twice
 * @param othersFailed those of them that failed
 * @param doubleRuns those of them that ran more than once
 * @param lostRuns calls that succeeded although no node ran them
 * @param wrongLabels failures whose label is not true: {@code NOT_RUN} of a call that
 * ran, {@code RAN_AND_FAILED} of one that did not, or none
 * @param neverEnded calls that have not ended
 * @param extraRuns runs of idempotent calls beyond the first
 */
record Audit(long idempotent, long idempotentFailed, long others, long othersFailed, long doubleRuns, long lostRuns,
		long wrongLabels, long neverEnded, long extraRuns) {

	/**
	 * Compares.
	 * @param ledger what callers were told
	 * @param runs how often each token was run, by token
	 * @return what was found
	 */
	static Audit of(CallLedger ledger, int[] runs) {
		long[] calls = new long[2];
		long[] failed = new long[2];
		long doubleRuns = 0;
		long extraRuns = 0;
		long lostRuns = 0;
		long wrongLabels = 0;
		long neverEnded = 0;
		for (long token = 1; token <= ledger.calls(); token++) {
			int kind = CallLedger.isIdempotent(token) ? 0 : 1;
			CallEnd end = ledger.end(token);
			int ran = runs[(int) token];
			calls[kind]++;
			failed[kind] += (end == CallEnd.SUCCEEDED) ? 0 : 1;
			extraRuns += (kind == 0) ? Math.max(0, ran - 1) : 0;
			doubleRuns += (kind == 1 && ran > 1) ? 1 : 0;
			lostRuns += (end == CallEnd.SUCCEEDED && ran == 0) ? 1 : 0;
			wrongLabels += isTrue(end, ran) ? 0 : 1;
			neverEnded += (end == CallEnd.NONE) ? 1 : 0;
		}
		return new Audit(calls[0], failed[0], calls[1], failed[1], doubleRuns, lostRuns, wrongLabels, neverEnded,
				extraRuns);
	}

	private static boolean isTrue(CallEnd end, int ran) {
		return switch (end) {
			case NOT_RUN -> ran == 0;
			case RAN_AND_FAILED -> ran > 0;
			case UNLABELLED -> false;
			case NONE, SUCCEEDED, MAYBE_RAN -> true;
		};
	}

}
