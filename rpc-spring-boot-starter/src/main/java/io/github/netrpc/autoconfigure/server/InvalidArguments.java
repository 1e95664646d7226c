package io.github.netrpc.autoconfigure.server;

import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;

/**
 * Collects what is wrong with the arguments of a call, for its caller to read: paths by
 * the names of parameters and properties, and the messages of the constraints. Never a
 * class name, nor the values.
 */
final class InvalidArguments {

	private static final int MOST_LINES = 10;

	private static final int LONGEST = 1_000;

	// Sorted, so that the same call is answered with the same text.
	private final Set<String> lines = new TreeSet<>();

	/**
	 * Adds a violated constraint.
	 * @param path the way to the value, empty for the arguments as a whole
	 * @param message the message of the constraint
	 */
	void add(String path, @Nullable String message) {
		String text = (message != null) ? message : "is not valid";
		this.lines.add(path.isEmpty() ? text : path + ": " + text);
	}

	/**
	 * What the caller gets.
	 * @return the exception with all that was added
	 */
	RpcException toException() {
		String text = String.join(", ", this.lines.stream().limit(MOST_LINES).toList());
		if (this.lines.size() > MOST_LINES) {
			text += ", and " + (this.lines.size() - MOST_LINES) + " more";
		}
		return new RpcException(RpcCode.INVALID_ARGUMENT,
				(text.length() > LONGEST) ? text.substring(0, LONGEST) + "…" : text);
	}

}
