package io.github.netrpc.work;

import java.io.Serializable;
import java.time.Duration;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;

/**
 * One attempt at an item that did not succeed.
 *
 * @param attempt the number of the attempt, 1 for the first
 * @param worker the id of the node that ran it
 * @param code how it ended
 * @param known what is known of its effect
 * @param message what happened, for people
 * @param duration how long it took
 * @since 0.1.0
 */
public record ItemFailure(int attempt, String worker, RpcCode code, Known known, String message,
		Duration duration) implements Serializable {

	/**
	 * The attempt as messages show it.
	 * @return for example {@code attempt 2 at node1:1234: UNAVAILABLE after 12 ms}
	 */
	@Override
	public String toString() {
		return "attempt " + this.attempt + " at " + this.worker + ": " + this.code + " after "
				+ this.duration.toMillis() + " ms";
	}

}
