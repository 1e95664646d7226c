package io.github.netrpc.server;

import java.util.concurrent.TimeUnit;

/**
 * Bounds on a connection until it is known for the first time who calls.
 *
 * @param messageBytes size of a message, in bytes
 * @param connections connections from one address, or one network of IPv6
 * @param nanos how long it may take, in nanoseconds
 * @param refusals how many logins may be refused
 */
record LoginLimits(int messageBytes, int connections, long nanos, int refusals) {

	static final LoginLimits DEFAULT = new LoginLimits(64 * 1024, 100, TimeUnit.SECONDS.toNanos(30), 5);

}
