package io.github.netrpc.cluster;

import java.time.Duration;

/**
 * When a node that fails, while others do not, is left out for a while. Failures are
 * those of the way to the node: it was lost, says that it is unavailable, or did not
 * answer in time. What the application answers is none of them, nor is a full queue.
 *
 * @param consecutiveFailures failures in a row, 0 for however many
 * @param failureRatio the part of the calls of a window that failed, more than 0 and at
 * most 1
 * @param minimumCalls how many calls a window must have for that
 * @param window how long the window is
 * @param ejection how long a node is left out the first time; the second time in a row
 * twice as long, and so on. Also how long a call on trial is waited for before another
 * one is sent
 * @param maxEjection the longest time; 0 leaves no node out, ever
 * @param maxEjected the part of the nodes that may be left out at a time, from 0 to 1;
 * never the last one that is connected
 * @since 0.1.0
 */
public record OutlierPolicy(int consecutiveFailures, double failureRatio, int minimumCalls, Duration window,
		Duration ejection, Duration maxEjection, double maxEjected) {

	/** What is used if nothing else is said. */
	public static final OutlierPolicy DEFAULT = new OutlierPolicy(5, 0.5, 20, Duration.ofSeconds(10),
			Duration.ofSeconds(3), Duration.ofSeconds(10), 0.5);

	/** Leaves no node out. */
	public static final OutlierPolicy OFF = new OutlierPolicy(0, 1, 1, Duration.ofSeconds(10), Duration.ZERO,
			Duration.ZERO, 0);

	/**
	 * Checks the ranges.
	 * @throws IllegalArgumentException if a number is out of its range
	 */
	public OutlierPolicy {
		check("consecutive failures", consecutiveFailures, consecutiveFailures >= 0, "0 or more");
		check("failure ratio", failureRatio, failureRatio > 0 && failureRatio <= 1, "more than 0, at most 1");
		check("minimum calls", minimumCalls, minimumCalls > 0, "1 or more");
		check("window", window, window.toMillis() >= 10, "10 ms or more");
		check("ejection", ejection, !ejection.isNegative() && ejection.compareTo(maxEjection) <= 0,
				"from 0 to the longest, " + maxEjection);
		check("max ejected", maxEjected, maxEjected >= 0 && maxEjected <= 1, "from 0 to 1");
	}

	private static void check(String name, Object value, boolean fits, String expected) {
		if (!fits) {
			throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
		}
	}

	boolean isOn() {
		return !this.maxEjection.isZero() && this.maxEjected > 0;
	}

	/**
	 * How many of so many nodes may be left out.
	 */
	int mostOf(int nodes) {
		return Math.max(0, Math.min((int) (this.maxEjected * nodes), nodes - 1));
	}

	/**
	 * How long a trial is the only one.
	 */
	long trialNanos() {
		return (this.ejection.isZero() ? this.maxEjection : this.ejection).toNanos();
	}

	long ejectionNanos(int inARow) {
		long longest = this.maxEjection.toNanos();
		long once = this.ejection.toNanos();
		return (once >= longest / inARow) ? longest : once * inARow;
	}

}
