package io.github.netrpc.cluster;

import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * What an operation on a cluster begins at each of its nodes. Must not block: it runs on
 * the thread that begins the operation, or on the channel's callback executor, unless the
 * cluster has an executor. <pre class="code">
 * cluster.broadcastAsync((node) -&gt; node.multiplyAsync(6, 7).thenApply(Reply::c));
 * </pre> When the operation ends first, the stage is cancelled, and so are all calls that
 * were made through the node.
 *
 * @param <T> the client interface
 * @param <R> the type of the result
 * @since 0.1.0
 * @see ClusterCall
 */
@FunctionalInterface
public interface AsyncClusterCall<T, R extends @Nullable Object> {

	/**
	 * Begins the work of one node.
	 * @param node calls that node and no other one, until the operation has ended
	 * @return completes with the result
	 * @throws Exception if it failed
	 */
	CompletionStage<R> on(T node) throws Exception;

}
