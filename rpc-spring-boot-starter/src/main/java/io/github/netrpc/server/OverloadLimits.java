package io.github.netrpc.server;

import java.time.Duration;

/**
 * When a server is overloaded, and what it does with calls that wait then.
 *
 * @param targetNanos how long calls may always wait, in nanoseconds
 * @param intervalNanos how long the shortest wait must stay above the target
 * @param maxWaitNanos how long a call may wait while the server is overloaded
 */
record OverloadLimits(long targetNanos, long intervalNanos, long maxWaitNanos) {

	/** 5 ms, 100 ms, 100 ms. */
	static final OverloadLimits DEFAULT = of(Duration.ofMillis(5), Duration.ofMillis(100), Duration.ofMillis(100));

	static OverloadLimits of(Duration target, Duration interval, Duration maxWait) {
		return new OverloadLimits(target.toNanos(), interval.toNanos(), maxWait.toNanos());
	}

}
