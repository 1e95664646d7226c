package io.github.netrpc.exec;

import java.time.Duration;

/**
 * Keeps one kind of log line from flooding the log: a few lines in each period, and then
 * only their number. Knows no clock: whoever writes has the time. Thread-safe.
 *
 * <pre>{@code
 * long left = throttle.admit(now);
 * if (left >= 0) {
 *     logger.warn("Something failed{}", LogThrottle.leftOut(left), ex);
 * }
 * }</pre>
 *
 * @since 0.1.0
 */
public final class LogThrottle {

	private final int linesPerPeriod;

	private final long periodNanos;

	private long suppressed;

	private long periodBegan;

	private int lines;

	private boolean begun;

	/**
	 * Creates a throttle that has let nothing through yet.
	 * @param linesPerPeriod how many lines may be written in each period
	 * @param period the period
	 */
	public LogThrottle(int linesPerPeriod, Duration period) {
		this.linesPerPeriod = linesPerPeriod;
		this.periodNanos = period.toNanos();
	}

	/**
	 * Whether a line may be written.
	 * @param now the time in nanoseconds, from anywhere
	 * @return how many lines were left out before this one, or -1 to leave it out
	 */
	public synchronized long admit(long now) {
		if (!this.begun || now - this.periodBegan >= this.periodNanos) {
			this.begun = true;
			this.periodBegan = now;
			this.lines = 0;
		}
		if (this.lines >= this.linesPerPeriod) {
			this.suppressed++;
			return -1;
		}
		this.lines++;
		long left = this.suppressed;
		this.suppressed = 0;
		return left;
	}

	/**
	 * What a line says about those before it.
	 * @param lines what {@link #admit} returned, not -1
	 * @return a text to put behind the line, empty if none was left out
	 */
	public static String leftOut(long lines) {
		return (lines > 0) ? " (" + lines + " such " + ((lines == 1) ? "line" : "lines") + " left out before)" : "";
	}

}
