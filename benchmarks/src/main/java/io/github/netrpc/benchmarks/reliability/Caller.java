package io.github.netrpc.benchmarks.reliability;

import java.util.concurrent.CompletableFuture;

import io.github.netrpc.benchmarks.reliability.node.Work;

/**
 * Makes calls. Thread-safe.
 */
@FunctionalInterface
interface Caller {

	/**
	 * Begins a call.
	 * @param token the token of its task
	 * @return its end
	 */
	CompletableFuture<Work.Done> call(long token);

}
