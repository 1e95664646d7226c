package io.github.netrpc.client;

import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next attempt to connect: 100 ms unless configured, times
 * 1.6 for each failure in a row, each ±50 % so that the clients of a node that comes back
 * do not return all at once, and at most 15 s unless configured: it grows to 10 s ±50 %,
 * since times cut off at 15 s would all be the same. Guarded by its owner's lock.
 */
final class Backoff {

	static final double FACTOR = 1.6;

	static final double JITTER = 0.5;

	private final double first;

	/** What no jitter makes too long. */
	private final double longest;

	private final DoubleSupplier random;

	private double next;

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
		double base = this.next;
		this.next = Math.min(base * FACTOR, this.longest);
		return jittered(base);
	}

	/**
	 * A time, 50 % more or less.
	 */
	long jittered(double nanos) {
		return (long) (nanos * (1 - JITTER + 2 * JITTER * this.random.getAsDouble()));
	}

	void reset() {
		this.next = this.first;
	}

}
