package io.github.netrpc.cluster;

/**
 * A {@link ClusterCall} without a result. <pre class="code">
 * cluster.broadcastVoid((node) -&gt; node.reload());
 * </pre>
 *
 * @param <T> the client interface
 * @since 0.1.0
 */
@FunctionalInterface
public interface VoidClusterCall<T> {

	/**
	 * Does the work of one node.
	 * @param node calls that node and no other one, until the operation has ended
	 * @throws Exception if it failed
	 */
	void on(T node) throws Exception;

}
