package io.github.netrpc.server;

import java.util.concurrent.TimeUnit;

/**
 * Bounds on a connection until it is known for the first time who calls.
 *
 * @param messageBytes size of a message, in bytes
 * @param connections connections from one address
 * @param nanos how long it may take, in nanoseconds
 */
record LoginLimits(int messageBytes, int connections, long nanos) {

	static final LoginLimits DEFAULT = new LoginLimits(64 * 1024, 100, TimeUnit.SECONDS.toNanos(30));

}
