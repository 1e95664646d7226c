package io.github.netrpc.cluster;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;

import io.github.netrpc.client.PickRequest;

/**
 * Takes one node after the other. Weights are not looked at, but a node that starts
 * slowly misses some of its turns.
 */
final class RoundRobinBalancer implements LoadBalancer {

	static final String NAME = "round-robin";

	private final DoubleSupplier random;

	private final AtomicInteger turn = new AtomicInteger();

	RoundRobinBalancer(DoubleSupplier random) {
		this.random = random;
	}

	@Override
	public int pick(List<? extends NodeView> nodes, PickRequest request) {
		int pick = next(nodes);
		for (int missed = 1; missed < nodes.size() && StartingNodes.passes(nodes.get(pick), this.random); missed++) {
			pick = next(nodes);
		}
		return pick;
	}

	private int next(List<?> nodes) {
		return Integer.remainderUnsigned(this.turn.getAndIncrement(), nodes.size());
	}

}
