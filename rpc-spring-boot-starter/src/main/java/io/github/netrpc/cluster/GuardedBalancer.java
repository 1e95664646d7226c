package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.github.netrpc.client.PickRequest;
import io.github.netrpc.exec.LogThrottle;

/**
 * Asks a balancer that may be the application's: whatever it does, a node is chosen.
 */
final class GuardedBalancer {

	private static final Logger logger = LoggerFactory.getLogger(GuardedBalancer.class);

	private final String channel;

	private final LoadBalancer balancer;

	private final LogThrottle throttle = new LogThrottle(1, Duration.ofSeconds(10));

	GuardedBalancer(String channel, LoadBalancer balancer) {
		this.channel = channel;
		this.balancer = balancer;
	}

	/**
	 * Chooses a node.
	 * @param nodes the nodes, at least one
	 * @param now the time, for the log
	 * @return the index of the node
	 */
	int pick(List<NodeLoad> nodes, PickRequest request, long now) {
		int size = nodes.size();
		if (size == 1) {
			return 0;
		}
		try {
			int pick = this.balancer.pick(nodes, request);
			if (pick >= 0 && pick < size) {
				return pick;
			}
			warn(now, request, "has chosen node " + pick + " (expected: 0 to " + (size - 1) + ")", null);
		}
		catch (Throwable ex) {
			warn(now, request, "has failed", ex);
		}
		return 0;
	}

	private void warn(long now, PickRequest request, String what, @Nullable Throwable cause) {
		long left = this.throttle.admit(now);
		if (left >= 0) {
			logger.warn("Channel {}: the load balancer {} {} for {}, the first node is taken{}", this.channel,
					this.balancer.getClass().getName(), what, request.method(), LogThrottle.leftOut(left), cause);
		}
	}

}
