package io.github.netrpc.benchmarks.reliability;

import java.util.concurrent.CompletableFuture;

import io.github.netrpc.benchmarks.reliability.node.Work;

/**
 * The client's view of the service.
 */
public interface WorkClient extends Work {

	/**
	 * {@link Work#read} without waiting.
	 * @param task what to do
	 * @return completes with the reply
	 */
	CompletableFuture<Done> readAsync(Task task);

	/**
	 * {@link Work#write} without waiting.
	 * @param task what to do
	 * @return completes with the reply
	 */
	CompletableFuture<Done> writeAsync(Task task);

	/**
	 * {@link Work#refuse} without waiting.
	 * @param task what to do
	 * @return completes with the reply
	 */
	CompletableFuture<Done> refuseAsync(Task task);

}
