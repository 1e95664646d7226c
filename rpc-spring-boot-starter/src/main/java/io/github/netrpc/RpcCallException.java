package io.github.netrpc;

import java.io.Serializable;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A call that a client made and that failed: refused by its server, or lost on the way. A
 * handler may let it pass: its own caller gets the code, and instead of the text, which
 * may name nodes and types, an id that the log explains. To pass a text on, throw an
 * {@link RpcException} with it.
 *
 * @since 0.1.0
 */
public class RpcCallException extends RpcException {

	private static final long serialVersionUID = 1L;

	private final @Nullable Trace trace;

	/**
	 * Creates the failure of a call.
	 * @param code the code, not {@link RpcCode#OK}
	 * @param known what is known of the call's effect
	 * @param message the server's text, or what happened to the call
	 * @param cause the cause, or null
	 */
	public RpcCallException(RpcCode code, Known known, String message, @Nullable Throwable cause) {
		this(code, known, message, cause, null);
	}

	/**
	 * Creates the failure of a call, with the way it has taken.
	 * @param code the code, not {@link RpcCode#OK}
	 * @param known what is known of the call's effect
	 * @param message the server's text, or what happened to the call; the attempts are
	 * added to it if there were several
	 * @param cause the cause, or null
	 * @param trace where the call went, or null if nothing is known of that
	 */
	public RpcCallException(RpcCode code, Known known, String message, @Nullable Throwable cause,
			@Nullable Trace trace) {
		super(code, known, withAttempts(message, trace), cause);
		this.trace = trace;
	}

	private static String withAttempts(String message, @Nullable Trace trace) {
		if (trace == null || trace.attempts.size() < 2) {
			return message;
		}
		StringBuilder text = new StringBuilder(message.isEmpty() ? "failed" : message);
		text.append(" (").append(trace.attempts.size()).append(" attempts: ");
		for (int i = 0; i < trace.attempts.size(); i++) {
			text.append((i > 0) ? ", " : "").append(trace.attempts.get(i));
		}
		return text.append(')').toString();
	}

	@Override
	public boolean retryable() {
		return super.retryable() || (this.trace != null && this.trace.idempotent && code() == RpcCode.UNAVAILABLE
				&& known() == Known.MAYBE_RAN);
	}

	@Override
	public @Nullable String node() {
		return (this.trace != null) ? this.trace.node : null;
	}

	@Override
	public @Nullable String callId() {
		return (this.trace != null) ? this.trace.callId : null;
	}

	@Override
	public List<RpcAttempt> attempts() {
		return (this.trace != null) ? this.trace.attempts : List.of();
	}

	/**
	 * Where a call went.
	 *
	 * @param node the node of the last attempt, or null if none took the call
	 * @param callId the id of the last attempt, or null
	 * @param idempotent whether calling the method twice does no more than calling it
	 * once
	 * @param attempts what was tried, in the order of time
	 */
	public record Trace(@Nullable String node, @Nullable String callId, boolean idempotent,
			List<RpcAttempt> attempts) implements Serializable {

		/** Copies the attempts. */
		public Trace {
			attempts = List.copyOf(attempts);
		}

	}

}
