package io.github.netrpc.cluster;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.client.CallFailure;
import io.github.netrpc.client.NodeClient;

/**
 * Offers a call to a node, in one of the ways that a node has for it.
 */
@FunctionalInterface
interface Offer {

	/**
	 * Offers the call.
	 * @param node who may take it
	 * @return why the node does not take it, or null if it does
	 */
	@Nullable CallFailure to(NodeClient node);

}
