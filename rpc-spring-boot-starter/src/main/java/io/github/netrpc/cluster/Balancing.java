package io.github.netrpc.cluster;

import java.time.Duration;

/**
 * How a channel chooses among its nodes.
 *
 * @param balancer decides which node takes a call
 * @param outliers when nodes are ejected
 * @param slowStart how long a node takes that has joined, or is back, to have its share
 * of calls; 0 for no time
 */
record Balancing(LoadBalancer balancer, OutlierPolicy outliers, Duration slowStart) {

	static final Duration SLOW_START = Duration.ofSeconds(30);

	Balancing {
		if (slowStart.isNegative()) {
			throw new IllegalArgumentException("slow start: " + slowStart + " (expected: 0 or more)");
		}
	}

}
