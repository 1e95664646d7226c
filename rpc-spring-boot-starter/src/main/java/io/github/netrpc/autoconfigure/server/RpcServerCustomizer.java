package io.github.netrpc.autoconfigure.server;

import io.github.netrpc.server.RpcServerBuilder;

/**
 * Changes the server before it is built. Beans of this type are applied in their order,
 * after the properties. <pre class="code">
 * &#064;Bean
 * RpcServerCustomizer meters(CallRecorder.Factory recorders) {
 *     return (builder) -&gt; builder.recorders(recorders);
 * }
 * </pre>
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface RpcServerCustomizer {

	/**
	 * Changes the builder. Called at each start of the server.
	 * @param builder the builder of the server
	 */
	void customize(RpcServerBuilder builder);

}
