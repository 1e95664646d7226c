package io.github.netrpc.client;

import java.time.Duration;

/**
 * Bounds on what one node may hold of this side. Beyond each, calls fail at once.
 *
 * @param inFlight calls that wait for replies, a power of two
 * @param waiting calls that wait for a connection
 * @param unsentBytes bytes that wait for the network, for messages of 16 KiB or more
 * @param connectTimeout how long it may take to open a connection
 * @since 0.1.0
 */
public record ClientLimits(int inFlight, int waiting, long unsentBytes, Duration connectTimeout) {

	/** 1,024 calls in flight, 1,024 waiting, 64 MiB, 3 s. */
	public static final ClientLimits DEFAULT = new ClientLimits(1024, 1024, 64L << 20, Duration.ofSeconds(3));

}
