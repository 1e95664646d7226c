package io.github.netrpc.benchmarks.reliability.node;

import io.github.netrpc.annotation.RpcService;

/**
 * A service that hands its work on, as a job.
 */
@RpcService
public interface Coordinator {

	/**
	 * Has each task of a batch done by some node.
	 * @param batch the tasks
	 * @return the sum of their tokens
	 */
	long sum(Batch batch);

	/**
	 * Some tasks.
	 *
	 * @param first the token of the first one, 1 or more
	 * @param tasks how many they are; the tokens of the others follow
	 * @param micros how long each works, in microseconds
	 * @param window how many each node has at a time
	 */
	record Batch(long first, int tasks, long micros, int window) {

	}

}
