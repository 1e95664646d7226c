package io.github.netrpc.cluster;

import org.jspecify.annotations.Nullable;

/**
 * What an operation on a cluster does with each of its nodes. Runs on a thread of its own
 * for each node, so it may block, and has to be thread-safe. <pre class="code">
 * cluster.broadcast((node) -&gt; node.multiply(6, 7));
 * </pre> It may make several calls; whatever it throws is the outcome of its node. When
 * the operation ends first, its calls are cancelled and its thread is interrupted.
 *
 * @param <T> the client interface
 * @param <R> the type of the result
 * @since 0.1.0
 * @see AsyncClusterCall
 */
@FunctionalInterface
public interface ClusterCall<T, R extends @Nullable Object> {

	/**
	 * Does the work of one node.
	 * @param node calls that node and no other one, until the operation has ended
	 * @return the result, no {@code CompletionStage}
	 * @throws Exception if it failed
	 */
	R on(T node) throws Exception;

}
