package io.github.netrpc.client;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next attempt to connect: 100 ms, times 1.6 for each failure
 * in a row, at most 15 s, each ±20 % so that the clients of a node that comes back do not
 * return all at once. Guarded by its owner's lock.
 */
final class Backoff {

	static final long FIRST_NANOS = Duration.ofMillis(100).toNanos();

	static final long LONGEST_NANOS = Duration.ofSeconds(15).toNanos();

	static final double FACTOR = 1.6;

	static final double JITTER = 0.2;

	private final DoubleSupplier random;

	private double next = FIRST_NANOS;

	/**
	 * Creates the first step.
	 * @param random gives numbers from 0 (inclusive) to 1 (exclusive)
	 */
	Backoff(DoubleSupplier random) {
		this.random = random;
	}

	long nextNanos() {
		double base = this.next;
		this.next = Math.min(base * FACTOR, (double) LONGEST_NANOS);
		return (long) (base * (1 - JITTER + 2 * JITTER * this.random.getAsDouble()));
	}

	void reset() {
		this.next = FIRST_NANOS;
	}

}
