package io.github.netrpc.wire;

import org.jspecify.annotations.Nullable;

/**
 * A call of the client's that waits for its reply. Exactly one of the methods but
 * {@link #replyPlan} is called, once, by the connection's I/O thread.
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
	 * The reply has come.
	 * @param value the result
	 */
	void succeeded(@Nullable Object value);

	/**
	 * The server answered with an error.
	 * @param error the error string, as sent
	 */
	void failed(String error);

	/**
	 * A reply has come that does not fit the expected type. The connection is in step.
	 * @param reason what came, what was expected and where
	 */
	void malformed(String reason);

}
