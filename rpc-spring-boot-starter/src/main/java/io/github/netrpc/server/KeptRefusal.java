package io.github.netrpc.server;

import io.github.netrpc.server.AccessControl.Verdict;

/**
 * A refusal that is good for a moment: whoever shows the same again within it is not
 * worth a question. Its end is not of the wall clock, which may be set.
 *
 * @param verdict the refusal
 * @param endNanos when it is over
 */
record KeptRefusal(Verdict verdict, long endNanos) {

	/**
	 * Whether the same has to be looked into again.
	 */
	boolean isOver(long now) {
		return now - this.endNanos >= 0;
	}

}
