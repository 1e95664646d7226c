package io.github.netrpc.server;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps one kind of log line from flooding the log: a few lines in each second, and then
 * only their number. Thread-safe.
 */
final class LogThrottle {

	private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final int LINES_PER_PERIOD = 10;

	private final LongSupplier nanoTime;

	private long suppressed;

	private long periodBegan;

	private int lines;

	LogThrottle(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
		this.periodBegan = nanoTime.getAsLong();
	}

	/**
	 * Whether a line may be written now.
	 * @return how many lines were left out before this one, or -1 to leave it out
	 */
	synchronized long admit() {
		long now = this.nanoTime.getAsLong();
		if (now - this.periodBegan >= PERIOD_NANOS) {
			this.periodBegan = now;
			this.lines = 0;
		}
		if (this.lines >= LINES_PER_PERIOD) {
			this.suppressed++;
			return -1;
		}
		this.lines++;
		long left = this.suppressed;
		this.suppressed = 0;
		return left;
	}

}
