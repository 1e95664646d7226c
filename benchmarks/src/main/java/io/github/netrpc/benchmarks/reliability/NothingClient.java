package io.github.netrpc.benchmarks.reliability;

import java.util.concurrent.CompletableFuture;

import io.github.netrpc.benchmarks.reliability.node.Nothing;

/**
 * The client's view of the service.
 */
public interface NothingClient extends Nothing {

	/**
	 * {@link Nothing#pass} without waiting.
	 * @param item anything
	 * @return completes with the same
	 */
	CompletableFuture<Long> passAsync(long item);

}
