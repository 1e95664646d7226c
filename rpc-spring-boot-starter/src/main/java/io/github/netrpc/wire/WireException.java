package io.github.netrpc.wire;

import org.jspecify.annotations.Nullable;

/**
 * Bytes after which a connection cannot go on: it is out of step, or the peer speaks
 * something else. The message names what came, what was expected and where, and quotes at
 * most 32 bytes of input.
 *
 * @since 0.1.0
 */
public class WireException extends Exception {

	private static final long serialVersionUID = 1L;

	private final boolean limit;

	/**
	 * Creates the exception.
	 * @param message what came, what was expected and where
	 */
	public WireException(String message) {
		this(message, null, false);
	}

	/**
	 * Creates the exception.
	 * @param message what came, what was expected and where
	 * @param cause the cause
	 */
	public WireException(String message, Throwable cause) {
		this(message, cause, false);
	}

	/**
	 * Creates the exception.
	 * @param message what came, what was expected and where
	 * @param cause the cause, or null
	 * @param limit whether the bytes would have been good below a limit
	 */
	public WireException(String message, @Nullable Throwable cause, boolean limit) {
		super(message, cause);
		this.limit = limit;
	}

	/**
	 * Whether a limit is passed, rather than a rule of the format.
	 * @return whether the message names a limit
	 */
	public boolean isLimit() {
		return this.limit;
	}

}
