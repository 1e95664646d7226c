package io.github.netrpc.client;

import java.util.List;

/**
 * Told of what happens to a node, by whichever thread notices it, without a lock held.
 * Must not block.
 *
 * @since 0.1.0
 */
public interface NodeListener {

	/** Does nothing, and ends the calls that are given back. */
	NodeListener NONE = new NodeListener() {
	};

	/**
	 * The node is in another state; {@link NodeClient#state} tells in which one now.
	 * @param node the node
	 */
	default void changed(NodeClient node) {
	}

	/**
	 * The node could not be connected to: the calls that waited for that are given back,
	 * not sent.
	 * @param node the node
	 * @param calls the calls, to be offered elsewhere or rejected
	 * @param reason why
	 */
	default void returned(NodeClient node, List<ClientCall<?>> calls, CallFailure reason) {
		calls.forEach((call) -> call.reject(reason));
	}

}
