package io.github.netrpc.gob;

import java.io.Serial;

/**
 * Thrown when a Java type cannot be compiled for gob: names the type, the path to it and
 * the reason, and says what to do. A mistake of the program, found when it starts, and
 * never caused by received bytes.
 *
 * @since 0.1.0
 */
public class UnsupportedTypeException extends IllegalArgumentException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final String typeName;

	private final String path;

	/**
	 * Creates the exception; the message is made of the parts.
	 * @param typeName the Java type that cannot be used
	 * @param path where it was found, such as {@code Args.tags[]}
	 * @param reason why it cannot be used, and what can be used instead
	 */
	public UnsupportedTypeException(String typeName, String path, String reason) {
		super("Unsupported type " + typeName + " at " + path + ": " + reason);
		this.typeName = typeName;
		this.path = path;
	}

	/**
	 * The Java type that cannot be used.
	 * @return its name
	 */
	public String typeName() {
		return this.typeName;
	}

	/**
	 * Where the type was found.
	 * @return the path from the compiled type, such as {@code Args.tags[]}
	 */
	public String path() {
		return this.path;
	}

}
