package io.github.netrpc.cluster;

import java.util.List;
import java.util.function.DoubleSupplier;

import io.github.netrpc.client.PickRequest;

/**
 * Takes any node, each as likely as the others. Weights are not looked at, but a node
 * that starts slowly is passed over more often than not.
 */
final class RandomBalancer implements LoadBalancer {

	static final String NAME = "random";

	/** If all nodes start, one of them has to take the call. */
	private static final int MOST_DRAWS = 8;

	private final DoubleSupplier random;

	RandomBalancer(DoubleSupplier random) {
		this.random = random;
	}

	@Override
	public int pick(List<? extends NodeView> nodes, PickRequest request) {
		int pick = draw(nodes);
		for (int draws = 1; draws < MOST_DRAWS && StartingNodes.passes(nodes.get(pick), this.random); draws++) {
			pick = draw(nodes);
		}
		return pick;
	}

	private int draw(List<?> nodes) {
		return (int) (this.random.getAsDouble() * nodes.size());
	}

}
