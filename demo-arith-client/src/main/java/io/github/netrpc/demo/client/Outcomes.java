package io.github.netrpc.demo.client;

import io.github.netrpc.RpcException;
import io.github.netrpc.cluster.ClusterResult;
import io.github.netrpc.cluster.NodeOutcome;

/**
 * Prints what became of an operation at each node.
 */
final class Outcomes {

	private Outcomes() {
	}

	static void print(ClusterResult<?> result) {
		for (NodeOutcome<?> outcome : result.outcomes()) {
			RpcException failure = outcome.failure();
			System.out.printf("  %s %s%n", outcome.node(),
					(failure != null) ? failure.code() + ", " + failure.known() : outcome.value());
		}
	}

}
