package io.github.netrpc.cluster;

/**
 * Gives a node that begins, or begins again, more calls bit by bit, so that it can warm
 * up: from a tenth of its share to all of it, in a straight line. Thread-safe.
 */
final class SlowStart {

	/** A node that gets nothing does not warm up either. */
	static final double LEAST = 0.1;

	private static final long LONG_AGO = Long.MIN_VALUE / 2;

	private final long rampNanos;

	private volatile long begunNanos = LONG_AGO;

	/**
	 * Creates one for a node that has started.
	 * @param rampNanos how long starting takes; 0 for not at all
	 */
	SlowStart(long rampNanos) {
		this.rampNanos = rampNanos;
	}

	void begin(long now) {
		this.begunNanos = now;
	}

	/**
	 * The part of its share that the node gets.
	 */
	double share(long now) {
		long age = now - this.begunNanos;
		return (age >= this.rampNanos) ? 1 : Math.max(LEAST, (double) age / this.rampNanos);
	}

}
