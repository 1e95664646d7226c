package io.github.netrpc.autoconfigure.server;

/**
 * A token in the configuration cannot be one. It is not quoted, here or by what describes
 * this failure, which is why this is none of Spring Boot's own exceptions.
 */
class InvalidTokenException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	private final String property;

	private final String reason;

	InvalidTokenException(String property, String reason) {
		super("The property '" + property + "' is no token: " + reason);
		this.property = property;
		this.reason = reason;
	}

	String property() {
		return this.property;
	}

	String reason() {
		return this.reason;
	}

}
