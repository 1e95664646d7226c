package io.github.netrpc.wire;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;

/**
 * A call of the client's that waits for its reply. Exactly one of {@link #succeeded},
 * {@link #failed} and {@link #malformed} is called, once, by the connection's I/O thread.
 *
 * @since 0.1.0
 */
public interface PendingReply {

	/**
	 * How the reply is to be read.
	 * @return the plan of the reply
	 */
	ValuePlan replyPlan();

	/**
	 * What came along with the reply. Called before the outcome, and only if there was
	 * any.
	 * @param metadata the entries, unmodifiable
	 */
	default void metadata(Map<String, String> metadata) {
	}

	/**
	 * The reply has come.
	 * @param value the result; null too where the peer said that it is absent, unless the
	 * expected type has no null
	 */
	void succeeded(@Nullable Object value);

	/**
	 * The server answered with an error.
	 * @param error the error string, as sent
	 * @param code how the call ended, never {@link RpcCode#OK}; null from stock peers
	 * @param known {@link Known#NOT_RUN}, {@link Known#RAN_AND_FAILED}, or null if the
	 * peer did not say, as stock peers never do
	 */
	void failed(String error, @Nullable RpcCode code, @Nullable Known known);

	/**
	 * A reply has come that does not fit the expected type, or that is broken. The
	 * connection goes on, unless {@link ClientCodec#decode} then throws.
	 * @param reason what came, what was expected and where
	 */
	void malformed(String reason);

	/**
	 * As {@link #malformed(String)}. Codecs call this one; it calls the other.
	 * @param reason what came, what was expected and where
	 * @param cause what a constructor, setter or collection of the application's threw,
	 * or null
	 */
	default void malformed(String reason, @Nullable Throwable cause) {
		malformed(reason);
	}

}
