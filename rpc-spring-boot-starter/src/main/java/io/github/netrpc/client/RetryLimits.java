package io.github.netrpc.client;

import java.time.Duration;

/**
 * How often, and how soon, calls of a channel that failed are tried again. The pause
 * before a retry is a random part of a bound, which doubles with each attempt.
 *
 * @param maxAttempts how often a call is tried, the first time included; 1 for no retries
 * @param backoff the bound on the pause before the second attempt
 * @param maxBackoff the bound on every pause
 * @param budget how many retries there may be for each call of the last 10 seconds, 0 to
 * 1; 0 for none
 * @param budgetFloor how many retries there may be in 10 seconds however few calls there
 * are, 0 or more; without effect if the budget is 0
 * @since 0.1.0
 */
public record RetryLimits(int maxAttempts, Duration backoff, Duration maxBackoff, double budget, int budgetFloor) {

	/** 3 attempts, 100 ms, 1 s, one retry for ten calls, and ten in any case. */
	public static final RetryLimits DEFAULT = new RetryLimits(3, Duration.ofMillis(100), Duration.ofSeconds(1), 0.1,
			10);

	/** Checks the limits. */
	public RetryLimits {
		if (maxAttempts < 1 || maxAttempts > 10) {
			throw new IllegalArgumentException("max attempts: " + maxAttempts + " (expected: 1 to 10)");
		}
		if (backoff.isNegative() || backoff.isZero()) {
			throw new IllegalArgumentException("backoff: " + backoff + " (expected: more than 0)");
		}
		if (maxBackoff.compareTo(backoff) < 0) {
			throw new IllegalArgumentException("max backoff: " + maxBackoff + " (expected: " + backoff + " or more)");
		}
		if (!(budget >= 0 && budget <= 1)) {
			throw new IllegalArgumentException("retry budget: " + budget + " (expected: 0 to 1)");
		}
		if (budgetFloor < 0) {
			throw new IllegalArgumentException("retry budget floor: " + budgetFloor + " (expected: 0 or more)");
		}
	}

	/**
	 * The bound on the pause after some attempts.
	 * @param attempts how many attempts have failed, at least 1
	 * @return the longest pause, in nanoseconds
	 */
	long longestPauseNanos(int attempts) {
		double bound = this.backoff.toNanos() * Math.pow(2, attempts - 1);
		return (long) Math.min(bound, (double) this.maxBackoff.toNanos());
	}

}
