package io.github.netrpc.context;

import io.github.netrpc.annotation.RpcClient;

/**
 * Makes the proxies that are injected. One bean of the application context does this for
 * all {@link RpcClient} interfaces, with and without ahead-of-time processing.
 * Thread-safe.
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

}
