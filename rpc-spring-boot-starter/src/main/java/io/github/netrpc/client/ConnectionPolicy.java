package io.github.netrpc.client;

import java.time.Duration;

/**
 * When connections are checked, closed and opened again.
 *
 * @param keepalive when silence is death
 * @param firstRetry how long to wait before the first new attempt to connect; each
 * failure in a row makes it 1.6 times as long
 * @param longestRetry how long at most, jitter included
 * @param idleClose how long a connection stays open without a call; zero for ever
 * @param maxAge how old a connection may get, ±10 %; zero for any age
 * @since 0.1.0
 */
public record ConnectionPolicy(Keepalive keepalive, Duration firstRetry, Duration longestRetry, Duration idleClose,
		Duration maxAge) {

	/** {@link Keepalive#DEFAULT}, 100 ms, 15 s, closed when idle for 5 min, any age. */
	public static final ConnectionPolicy DEFAULT = new ConnectionPolicy(Keepalive.DEFAULT, Duration.ofMillis(100),
			Duration.ofSeconds(15), Duration.ofMinutes(5), Duration.ZERO);

	/**
	 * Checks the times.
	 * @throws IllegalArgumentException if one is negative, or not more than 0 where it
	 * has to be
	 */
	public ConnectionPolicy {
		if (firstRetry.isZero() || firstRetry.isNegative() || longestRetry.compareTo(firstRetry) < 0) {
			throw new IllegalArgumentException("firstRetry, longestRetry: " + firstRetry + ", " + longestRetry
					+ " (expected: more than 0, and the second not less than the first)");
		}
		if (idleClose.isNegative() || maxAge.isNegative()) {
			throw new IllegalArgumentException(
					"idleClose, maxAge: " + idleClose + ", " + maxAge + " (expected: 0 or more)");
		}
	}

	/**
	 * Silence that makes a connection ask whether the node is alive, and silence that
	 * shows that it is not. Any bytes received end a silence.
	 *
	 * @param interval silence while calls wait, after which to ask, and how long after
	 * that to ask again
	 * @param timeout silence while calls wait, after which the connection is dead
	 * @param idleInterval silence without calls, after which to ask
	 * @param idleTimeout silence without calls, after which the connection is dead
	 */
	public record Keepalive(Duration interval, Duration timeout, Duration idleInterval, Duration idleTimeout) {

		/** 2 s and 8 s while calls wait, 20 s and 30 s without calls. */
		public static final Keepalive DEFAULT = new Keepalive(Duration.ofSeconds(2), Duration.ofSeconds(8),
				Duration.ofSeconds(20), Duration.ofSeconds(30));

		/**
		 * Checks the times.
		 * @throws IllegalArgumentException if an interval is not more than 0 or not less
		 * than its timeout
		 */
		public Keepalive {
			check("interval, timeout", interval, timeout);
			check("idleInterval, idleTimeout", idleInterval, idleTimeout);
		}

		private static void check(String names, Duration interval, Duration timeout) {
			if (interval.isZero() || interval.isNegative() || interval.compareTo(timeout) >= 0) {
				throw new IllegalArgumentException(names + ": " + interval + ", " + timeout
						+ " (expected: more than 0, and the first less than the second)");
			}
		}

	}

}
