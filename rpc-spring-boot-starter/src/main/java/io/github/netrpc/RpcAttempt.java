package io.github.netrpc;

import java.io.Serializable;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * One attempt to make a call that failed in the end: a line of its time line.
 *
 * @param node the node as configured, {@code host:port}, or null if none took the call
 * @param start when it began, counted from the beginning of the call
 * @param duration how long it took
 * @param code how it ended
 * @param known what is known of its effect
 * @param message what happened, for people
 * @since 0.1.0
 */
public record RpcAttempt(@Nullable String node, Duration start, Duration duration, RpcCode code, Known known,
		String message) implements Serializable {

	/**
	 * The line as messages show it.
	 * @return for example {@code node1:1234 UNAVAILABLE MAYBE_RAN at 0 ms after 12 ms}
	 */
	@Override
	public String toString() {
		return ((this.node != null) ? this.node : "no node") + " " + this.code + " " + this.known + " at "
				+ this.start.toMillis() + " ms after " + this.duration.toMillis() + " ms";
	}

}
