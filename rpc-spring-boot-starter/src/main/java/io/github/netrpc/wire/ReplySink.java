package io.github.netrpc.wire;

import org.jspecify.annotations.Nullable;

/**
 * Finds the calls that replies belong to. Called by the connection's I/O thread.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ReplySink {

	/**
	 * Takes the call with a number: it is no longer pending.
	 * @param seq the number, as the peer sent it
	 * @return the call, or null if nobody waits for it: the reply is then skipped
	 */
	@Nullable PendingReply take(long seq);

}
