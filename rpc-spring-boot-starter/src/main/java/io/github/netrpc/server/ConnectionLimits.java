package io.github.netrpc.server;

import java.util.concurrent.TimeUnit;

/**
 * Bounds on one connection.
 *
 * @param calls how many calls are accepted at a time; at this bound it is not read
 * @param unreadBytes how much of the replies may wait for the peer; beyond it the
 * connection is not read and its calls do not start
 * @param firstRequestNanos how long the first request may take to arrive, counted from
 * its first byte
 * @param requestNanos how long any other request may take
 * @param stalledNanos how long a peer may take no bytes while too many wait for it
 */
record ConnectionLimits(int calls, long unreadBytes, long firstRequestNanos, long requestNanos, long stalledNanos) {

	static final ConnectionLimits DEFAULT = new ConnectionLimits(1024, 1 << 20, TimeUnit.SECONDS.toNanos(5),
			TimeUnit.SECONDS.toNanos(10), TimeUnit.SECONDS.toNanos(30));

}
