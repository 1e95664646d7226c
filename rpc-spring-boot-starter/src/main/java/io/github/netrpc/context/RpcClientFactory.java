package io.github.netrpc.context;

import io.github.netrpc.annotation.RpcClient;
import io.github.netrpc.cluster.RpcCluster;

/**
 * Makes the proxies and clusters that are injected. One bean of the application context
 * does this for all {@link RpcClient} interfaces, with and without ahead-of-time
 * processing. Thread-safe.
 *
 * @since 0.1.0
 */
public interface RpcClientFactory {

	/**
	 * Makes a proxy.
	 * @param <T> the type of the client
	 * @param type an interface annotated with {@link RpcClient}
	 * @return the proxy, which calls over the channel that the annotation names
	 */
	<T> T create(Class<T> type);

	/**
	 * Makes the cluster of a client: all nodes of its channel.
	 * @param <T> the type of the client
	 * @param type an interface annotated with {@link RpcClient}
	 * @return the cluster
	 * @throws UnsupportedOperationException by default
	 */
	default <T> RpcCluster<T> createCluster(Class<T> type) {
		throw new UnsupportedOperationException(
				getClass().getName() + " makes no RpcCluster<" + type.getSimpleName() + ">: implement createCluster");
	}

}
