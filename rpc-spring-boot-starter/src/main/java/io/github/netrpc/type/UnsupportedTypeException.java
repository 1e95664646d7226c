package io.github.netrpc.type;

/**
 * A Java type that a wire format cannot express. Thrown while plans are built, so the
 * application does not start. The message names the type, where it was found, why it does
 * not work, and what would.
 *
 * @since 0.1.0
 */
public class UnsupportedTypeException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what came, where, and what is possible instead
	 */
	public UnsupportedTypeException(String message) {
		super(message);
	}

}
