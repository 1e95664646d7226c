package io.github.netrpc.client;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;

/**
 * A call that has begun, in the hands of somebody other than its caller. Thread-safe.
 *
 * @since 0.1.0
 */
public interface RunningCall {

	/**
	 * Ends the call if it has not ended: its caller gets {@link RpcCode#CANCELLED}, and
	 * its node is told.
	 * @param why says so to the caller
	 * @return what is known of the effect of the call, {@link Known#MAYBE_RAN} unless it
	 * is certain that it did not run or has failed
	 */
	Known abandon(String why);

	/**
	 * Has somebody told if a call that has ended without an answer is answered after all.
	 * Only of a call that was sent, on a connection that is open; not of each where there
	 * are very many.
	 * @param told runs on an I/O thread, once at most; not for an error
	 */
	default void onLateAnswer(Runnable told) {
	}

}
