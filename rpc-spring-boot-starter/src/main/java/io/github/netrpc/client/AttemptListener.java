package io.github.netrpc.client;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;

/**
 * Told of the attempts that are sent to one node: each begins once, and ends once or was
 * not sent after all. Called by the threads that send and read, so it must not block, and
 * must be thread-safe: the end of an attempt may be told before its beginning.
 * <p>
 * All times are those of {@link ClientTimer#nanoTime}.
 *
 * @since 0.1.0
 */
public interface AttemptListener {

	/**
	 * An attempt is about to leave.
	 */
	void begun();

	/**
	 * It has not left, and goes elsewhere.
	 */
	void takenBack();

	/**
	 * The node has answered with a value.
	 * @param beginNanos when the attempt began
	 * @param wireNanos how long it took, without what it waited to be sent
	 * @param endNanos when the answer came
	 */
	void succeeded(long beginNanos, long wireNanos, long endNanos);

	/**
	 * The attempt has ended in any other way.
	 * @param beginNanos when the attempt began
	 * @param wireNanos how long it took, without what it waited to be sent
	 * @param endNanos when it ended
	 * @param code how it ended
	 * @param known what is known of its effect
	 * @param answered whether the node has answered; else it was lost, or given up on
	 * this side
	 */
	void failed(long beginNanos, long wireNanos, long endNanos, RpcCode code, Known known, boolean answered);

}
