package io.github.netrpc.client;

import java.time.Duration;

/**
 * Bounds on what one node may hold of this side. Beyond those of {@code inFlight} and
 * {@code unsentBytes} calls wait; beyond {@code waiting} they fail at once.
 *
 * @param connections connections to the node, 1 to 64
 * @param inFlight calls of one connection that wait for replies, a power of two
 * @param waiting calls that wait for a connection, or for room on one, for each
 * connection
 * @param unsentBytes bytes of one connection that wait for the network: while there are
 * more, nothing is added to them, and once it was so, half of them have to leave first
 * @param connectTimeout how long it may take to open a connection
 * @since 0.1.0
 */
public record ClientLimits(int connections, int inFlight, int waiting, long unsentBytes, Duration connectTimeout) {

	/** 1 connection, 1,024 calls in flight, 1,024 waiting, 4 MiB, 3 s. */
	public static final ClientLimits DEFAULT = new ClientLimits(1, 1024, 1024, 4L << 20, Duration.ofSeconds(3));

	private static final int MOST_CONNECTIONS = 64;

	private static final int MOST_IN_FLIGHT = 1 << 16;

	/**
	 * Checks the bounds.
	 * @throws IllegalArgumentException if one lies beyond its range
	 */
	public ClientLimits {
		if (connections < 1 || connections > MOST_CONNECTIONS) {
			throw new IllegalArgumentException("connections: " + connections + " (expected: 1 to 64)");
		}
		if (inFlight < 1 || inFlight > MOST_IN_FLIGHT || Integer.bitCount(inFlight) != 1) {
			throw new IllegalArgumentException("inFlight: " + inFlight + " (expected: a power of two, 1 to 65536)");
		}
		if (waiting < 1) {
			throw new IllegalArgumentException("waiting: " + waiting + " (expected: 1 or more)");
		}
		if (unsentBytes < 1) {
			throw new IllegalArgumentException("unsentBytes: " + unsentBytes + " (expected: 1 or more)");
		}
		if (connectTimeout.isZero() || connectTimeout.isNegative()) {
			throw new IllegalArgumentException("connectTimeout: " + connectTimeout + " (expected: more than 0)");
		}
	}

	/**
	 * How many calls may wait at the node.
	 */
	int waitingAtNode() {
		return (int) Math.min((long) this.waiting * this.connections, Integer.MAX_VALUE);
	}

}
