package io.github.netrpc;

import java.net.SocketAddress;
import java.security.Principal;
import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a handler can know of the call it serves. A parameter of this type is filled in by
 * the server and is not on the wire; {@link #current()} gives the same.
 * <pre class="code">
 * Reply add(Args args, RpcContext context);
 * </pre> Thread-safe, and valid after the handler has returned.
 *
 * @since 0.1.0
 */
public interface RpcContext {

	/**
	 * The call that the current thread serves. It is bound to the handler's thread, not
	 * to threads that the handler hands work to.
	 * @return the context, or null outside of a handler
	 */
	static @Nullable RpcContext current() {
		return RpcContextSlot.current();
	}

	/**
	 * The address that the call came from.
	 * @return the remote address
	 */
	SocketAddress peer();

	/**
	 * The method that is called, by its name on the wire.
	 * @return the method
	 */
	ServiceMethod serviceMethod();

	/**
	 * Who calls.
	 * @return the caller, or null if the connection is not authenticated
	 */
	@Nullable Principal principal();

	/**
	 * What the caller sent along with the call.
	 * @return the entries, unmodifiable, empty for callers that cannot send any
	 */
	Map<String, String> metadata();

	/**
	 * How long the caller will still wait.
	 * @return the time left, zero if it is over, or null if the caller did not say
	 */
	@Nullable Duration timeLeft();

	/**
	 * Whether nobody waits for the reply any more: the caller has cancelled the call, is
	 * gone, or has no time left. The handler's thread is interrupted, too; what works on
	 * other threads has to ask, or to be told by {@link #onCancelled}.
	 * @return whether the work is in vain
	 */
	boolean cancelled();

	/**
	 * Runs something when nobody waits for the reply any more, or at once if it is so.
	 * Handlers that return a {@link java.util.concurrent.CompletionStage} stop their work
	 * so: the stage itself is left alone. <pre class="code">
	 * Future&lt;?&gt; work = this.executor.submit(() -&gt; result.complete(compute()));
	 * context.onCancelled(() -&gt; work.cancel(true));
	 * </pre>
	 * @param action runs on a thread of handlers, once and after those that were given
	 * before; never if the call ends otherwise
	 */
	default void onCancelled(Runnable action) {
		if (cancelled()) {
			action.run();
		}
	}

	/**
	 * What the call is called in the logs of both sides. <pre>
	 * 9f86d081884c7d65-42     connection and number of the call
	 * </pre> Callers of this project give their connections random names; those of others
	 * get one from the server.
	 * @return the id, unique for all practical purposes
	 */
	String callId();

	/**
	 * Sends an entry along with the reply. Has no effect toward callers that know of no
	 * metadata, such as stock Go, nor once the call is answered.
	 * @param key the key, without control characters; replaces an earlier entry
	 * @param value the value, without control characters
	 * @throws IllegalArgumentException if there are control characters, or the entries
	 * together are more than 64 or larger than 8 KiB
	 */
	void replyMetadata(String key, String value);

}
