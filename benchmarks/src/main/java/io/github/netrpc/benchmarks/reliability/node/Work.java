package io.github.netrpc.benchmarks.reliability.node;

import io.github.netrpc.annotation.Idempotent;
import io.github.netrpc.annotation.RpcService;

/**
 * The service under fault, the same as the Go node's. Each run of a method notes the
 * token of its task.
 */
@RpcService
public interface Work {

	/**
	 * Works for a while; may be repeated.
	 * @param task what to do
	 * @return the token of the task and as many bytes as it asked for
	 */
	@Idempotent
	Done read(Task task);

	/**
	 * Works for a while; must not run twice.
	 * @param task what to do
	 * @return the token of the task and as many bytes as it asked for
	 */
	Done write(Task task);

	/**
	 * Fails as a node does that cannot work: {@code UNAVAILABLE}, {@code NOT_RUN}.
	 * @param task what not to do
	 * @return nothing
	 */
	@Idempotent
	Done refuse(Task task);

	/**
	 * What a call asks for.
	 *
	 * @param token tells calls apart, 1 or more
	 * @param micros how long to work, in microseconds
	 * @param size how many bytes to reply
	 */
	record Task(long token, long micros, int size) {

	}

	/**
	 * The reply.
	 *
	 * @param token the token of the task
	 * @param data as many bytes as the task asked for
	 */
	// Nobody compares replies: the array is Go's []byte
	@SuppressWarnings("ArrayRecordComponent")
	record Done(long token, byte[] data) {

	}

}
