package io.github.netrpc.cluster;

import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * What a job begins with each of its items. Must not block: it runs on the thread that
 * consumes the job, or on the channel's callback executor, unless the cluster has an
 * executor. <pre class="code">
 * cluster.distributeAsync(chunks, (node, chunk) -&gt; node.sumOfSquaresAsync(chunk))
 * </pre>
 *
 * @param <T> the client interface
 * @param <I> the type of the items
 * @param <R> the type of the results
 * @since 0.1.0
 * @see ItemCall
 */
@FunctionalInterface
public interface AsyncItemCall<T, I extends @Nullable Object, R extends @Nullable Object> {

	/**
	 * Begins the work of one item.
	 * @param node calls the node that has the item and no other one, until the item has
	 * ended
	 * @param item the item
	 * @return completes with the result
	 * @throws Exception if it failed
	 */
	CompletionStage<R> on(T node, I item) throws Exception;

}
