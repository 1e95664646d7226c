package io.github.netrpc.autoconfigure.client;

import io.github.netrpc.cluster.RpcChannel;

/**
 * Told of each channel that is made. Beans of this type are told in their order.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface RpcChannelListener {

	/**
	 * A channel was made, and is about to be used.
	 * @param channel the channel, which stays the registry's to close
	 */
	void created(RpcChannel channel);

}
