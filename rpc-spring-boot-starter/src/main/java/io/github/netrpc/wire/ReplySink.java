package io.github.netrpc.wire;

import java.util.Map;

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

	/**
	 * The peer has shown that it knows our fields: a reply of its carries them. Called
	 * once, before {@link #take} is asked for that reply.
	 */
	default void extended() {
	}

	/**
	 * The peer tells something that belongs to no call: a reply with the number 2^64-1
	 * and our fields.
	 * @param metadata what it says, unmodifiable
	 */
	default void notice(Map<String, String> metadata) {
	}

}
