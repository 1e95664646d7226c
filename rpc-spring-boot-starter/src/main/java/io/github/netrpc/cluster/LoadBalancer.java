package io.github.netrpc.cluster;

import java.util.List;
import java.util.Set;
import java.util.function.DoubleSupplier;

import io.github.netrpc.client.PickRequest;

/**
 * Decides which node takes a call. Asked for each attempt, by the thread that makes it,
 * unless the call says its node or only one node is connected; a retry chooses among
 * nodes that the call was not sent to. Must be thread-safe and must not block.
 * <pre class="code">
 * LoadBalancer first = (nodes, request) -&gt; 0;
 * </pre>
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface LoadBalancer {

	/**
	 * Chooses a node.
	 * @param nodes the nodes that are connected and not ejected, at least two; the same
	 * list until there are others; must not be kept for longer than that
	 * @param request what is called, and what its caller has chosen
	 * @return the index of the node. Any other number, or an exception, is the first node
	 * and a line in the log
	 */
	int pick(List<? extends NodeView> nodes, PickRequest request);

	/**
	 * The names of the balancers that every channel can have.
	 * @return {@code least-loaded} and the others
	 */
	static Set<String> builtIn() {
		return new BalancerTable(List.of()).names();
	}

	/**
	 * Makes the balancer of each channel that asks for it by name.
	 */
	interface Provider {

		/**
		 * What the balancer is called in the configuration.
		 * @return such as {@code round-robin}
		 */
		String name();

		/**
		 * Creates the balancer of one channel.
		 * @param random numbers from 0 to less than 1; thread-safe
		 * @return a new balancer
		 */
		LoadBalancer create(DoubleSupplier random);

	}

}
