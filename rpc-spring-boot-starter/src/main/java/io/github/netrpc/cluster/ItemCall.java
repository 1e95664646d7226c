package io.github.netrpc.cluster;

import org.jspecify.annotations.Nullable;

/**
 * What a job does with each of its items. May block; each item has a thread then.
 * <pre class="code">
 * cluster.distribute(chunks, (node, chunk) -&gt; node.sumOfSquares(chunk))
 * </pre> What it calls through the node is given the time of the item, is not tried again
 * on its own, and ends with the item.
 *
 * @param <T> the client interface
 * @param <I> the type of the items
 * @param <R> the type of the results
 * @since 0.1.0
 * @see RpcCluster#distribute(Iterable, ItemCall)
 */
@FunctionalInterface
public interface ItemCall<T, I extends @Nullable Object, R extends @Nullable Object> {

	/**
	 * Does the work of one item.
	 * @param node calls the node that has the item and no other one, until the item has
	 * ended
	 * @param item the item
	 * @return the result, no {@code CompletionStage}
	 * @throws Exception if it failed
	 */
	R on(T node, I item) throws Exception;

}
