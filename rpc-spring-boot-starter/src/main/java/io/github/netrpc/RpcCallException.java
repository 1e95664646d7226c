package io.github.netrpc;

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

	/**
	 * Creates the failure of a call.
	 * @param code the code, not {@link RpcCode#OK}
	 * @param known what is known of the call's effect
	 * @param message the server's text, or what happened to the call
	 * @param cause the cause, or null
	 */
	public RpcCallException(RpcCode code, Known known, String message, @Nullable Throwable cause) {
		super(code, known, message, cause);
	}

}
