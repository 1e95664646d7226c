package io.github.netrpc.autoconfigure.client;

import io.github.netrpc.cluster.RpcChannelBuilder;

/**
 * Changes a channel before it is built. Beans of this type are applied in their order,
 * after the properties. <pre class="code">
 * &#064;Bean
 * RpcChannelCustomizer callbacksOnTheIoThread() {
 *     return (name, builder) -&gt; builder.callbackExecutor(Runnable::run);
 * }
 * </pre>
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface RpcChannelCustomizer {

	/**
	 * Changes the builder.
	 * @param name the name of the channel
	 * @param builder the builder of the channel
	 */
	void customize(String name, RpcChannelBuilder builder);

}
