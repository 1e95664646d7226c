package io.github.netrpc.wire;

/**
 * A value that cannot be written: null inside a list, NaN in JSON, an unregistered type,
 * a cycle, an accessor that failed, or a message beyond its limit. Nothing of it was
 * sent.
 *
 * @since 0.1.0
 */
public class EncodeException extends Exception {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what was to be written, where, and why it does not work
	 */
	public EncodeException(String message) {
		super(message);
	}

	/**
	 * Creates the exception.
	 * @param message what was to be written, where, and why it does not work
	 * @param cause the cause
	 */
	public EncodeException(String message, Throwable cause) {
		super(message, cause);
	}

}
