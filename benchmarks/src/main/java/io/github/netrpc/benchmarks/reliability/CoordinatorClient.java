package io.github.netrpc.benchmarks.reliability;

import java.util.concurrent.CompletableFuture;

import io.github.netrpc.benchmarks.reliability.node.Coordinator;

/**
 * The client's view of the service.
 */
public interface CoordinatorClient extends Coordinator {

	/**
	 * {@link Coordinator#sum} without waiting.
	 * @param batch the tasks
	 * @return completes with the sum of their tokens
	 */
	CompletableFuture<Long> sumAsync(Batch batch);

}
