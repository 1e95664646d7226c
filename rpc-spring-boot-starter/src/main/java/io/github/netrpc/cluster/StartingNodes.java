package io.github.netrpc.cluster;

import java.util.function.DoubleSupplier;

/**
 * How a balancer that knows no weights spares nodes that start slowly.
 */
final class StartingNodes {

	private StartingNodes() {
	}

	/**
	 * Whether a call is to go to another node, since this one takes only a part of its
	 * calls yet.
	 */
	static boolean passes(NodeView node, DoubleSupplier random) {
		double share = node.startShare();
		return share < 1 && random.getAsDouble() >= share;
	}

}
