package io.github.netrpc.client;

import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next attempt to connect: 100 ms unless configured, times
 * 1.6 for each failure in a row, each ±50 % so that the clients of a node that comes back
 * do not return all at once, and at most 15 s unless configured: it grows to 10 s ±50 %,
 * since times cut off at 15 s would all be the same. A client whose pauses were short by
 * chance does not jump ahead: no pause is much longer than 0.6 of what was waited so far,
 * which is what the factor comes to, so who was away for ten seconds is back in ten.
 * Guarded by its owner's lock.
 */
final class Backoff {

	static final double FACTOR = 1.6;

	static final double JITTER = 0.5;

	/** A little more than the 0.6 that a growth of 1.6 comes to. */
	private static final double OF_WAITED = 0.61;

	private final double first;

	/** What no jitter makes too long. */
	private final double longest;

	private final DoubleSupplier random;

	private double next;

	/** All pauses since the first failure. */
	private double waited;

	/**
	 * Creates the first step.
	 * @param policy has the first and the longest time
	 * @param random gives numbers from 0 (inclusive) to 1 (exclusive)
	 */
	Backoff(ConnectionPolicy policy, DoubleSupplier random) {
		this.longest = policy.longestRetry().toNanos() / (1 + JITTER);
		this.first = Math.min((double) policy.firstRetry().toNanos(), this.longest);
		this.random = random;
		this.next = this.first;
	}

	long nextNanos() {
		double base = Math.min(this.next, this.first + OF_WAITED * this.waited);
		this.next = Math.min(this.next * FACTOR, this.longest);
		long pause = jittered(base);
		this.waited += pause;
		return pause;
	}

	/**
	 * A time, 50 % more or less.
	 */
	long jittered(double nanos) {
		return (long) (nanos * (1 - JITTER + 2 * JITTER * this.random.getAsDouble()));
	}

	void reset() {
		this.next = this.first;
		this.waited = 0;
	}

}
