package io.github.netrpc.wire;

/**
 * Bytes after which a connection cannot go on: it is out of step, or the peer speaks
 * something else. The message names what came, what was expected and where, and quotes at
 * most 32 bytes of input.
 *
 * @since 0.1.0
 */
public class WireException extends Exception {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what came, what was expected and where
	 */
	public WireException(String message) {
		super(message);
	}

	/**
	 * Creates the exception.
	 * @param message what came, what was expected and where
	 * @param cause the cause
	 */
	public WireException(String message, Throwable cause) {
		super(message, cause);
	}

}
