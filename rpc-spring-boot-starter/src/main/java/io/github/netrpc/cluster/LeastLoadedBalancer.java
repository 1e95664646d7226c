package io.github.netrpc.cluster;

import java.util.List;
import java.util.function.DoubleSupplier;

import io.github.netrpc.client.PickRequest;

/**
 * Compares two nodes that chance has chosen, and takes the one whose next call would wait
 * less: {@code (calls in flight + 1) × latency ÷ weight}. Two are enough to keep away
 * from a bad node, and, unlike the best of all, are not the same two for every client
 * that looks at the same moment.
 */
final class LeastLoadedBalancer implements LoadBalancer {

	static final String NAME = "least-loaded";

	private final DoubleSupplier random;

	LeastLoadedBalancer(DoubleSupplier random) {
		this.random = random;
	}

	@Override
	public int pick(List<? extends NodeView> nodes, PickRequest request) {
		return pick(nodes);
	}

	int pick(List<? extends NodeView> nodes) {
		int size = nodes.size();
		if (size == 1) {
			return 0;
		}
		// One number for an ordered pair of different nodes.
		long pair = (long) (this.random.getAsDouble() * size * (size - 1L));
		int first = (int) (pair / (size - 1));
		int second = (int) (pair % (size - 1));
		second += (second >= first) ? 1 : 0;
		return wins(nodes.get(second), nodes.get(first)) ? second : first;
	}

	private boolean wins(NodeView left, NodeView right) {
		double leftLatency = left.latencyNanos();
		double rightLatency = right.latencyNanos();
		boolean unknown = leftLatency <= 0 || rightLatency <= 0;
		if (unknown) {
			// Nothing is known of one of them: neither faster nor slower than the other.
			leftLatency = 1;
			rightLatency = 1;
		}
		double leftLoad = (left.inFlight() + 1) * leftLatency;
		double rightLoad = (right.inFlight() + 1) * rightLatency;
		double leftWeight = left.weight();
		double rightWeight = right.weight();
		boolean wins = leftLoad * rightWeight < rightLoad * leftWeight;
		if (leftWeight == rightWeight) {
			return wins;
		}
		return (wins ? mayStillWin(right, rightLoad, leftLoad, rightWeight / leftWeight, unknown)
				: mayStillWin(left, leftLoad, rightLoad, leftWeight / rightWeight, unknown)) != wins;
	}

	/**
	 * Whether the node that has lost gets the call nevertheless. With few calls in flight
	 * the one that has just started would lose every comparison by its weight, and so get
	 * no call until it has its whole weight: it gets some of those that it lost by that
	 * alone. A node of little weight would get none for ever, while fewer calls are in
	 * flight than the other is heavier: if it has none, it gets its share.
	 */
	private boolean mayStillWin(NodeView loser, double load, double otherLoad, double weightRatio, boolean unknown) {
		if (load > otherLoad || weightRatio >= 1) {
			return false;
		}
		if (unknown || loser.startShare() < 1) {
			return this.random.getAsDouble() * 2 < weightRatio;
		}
		return loser.inFlight() == 0 && this.random.getAsDouble() * (1 + weightRatio) < weightRatio;
	}

}
