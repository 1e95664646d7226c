package io.github.netrpc.json;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.exc.MismatchedInputException;

import io.github.netrpc.gob.ReceivedText;

/**
 * A value that does not fit its type. The message is ours, without names of classes, so
 * it may go to the caller.
 */
final class GoMismatchException extends MismatchedInputException {

	private static final long serialVersionUID = 1L;

	/** A number needs no quotation marks: its characters are digits and few others. */
	private static final int MAX_NUMBER_LENGTH = 32;

	private final String reason;

	GoMismatchException(JsonParser parser, String came, String expected) {
		super(parser, came + " (expected: " + expected + ")");
		this.reason = came + " (expected: " + expected + ")";
	}

	// The token that the parser is at is not what was expected.
	static GoMismatchException token(JsonParser parser, String expected) {
		return new GoMismatchException(parser, describe(parser), expected);
	}

	String reason() {
		return this.reason;
	}

	private static String describe(JsonParser parser) {
		JsonToken token = parser.currentToken();
		if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
			String text = parser.getString();
			return "number "
					+ ((text.length() > MAX_NUMBER_LENGTH) ? text.substring(0, MAX_NUMBER_LENGTH) + "..." : text);
		}
		if (token == JsonToken.VALUE_STRING) {
			return "string " + ReceivedText.quote(parser.getString());
		}
		return name(token);
	}

	// A kind of JSON value, for people.
	static String name(@Nullable JsonToken token) {
		if (token == null) {
			return "nothing";
		}
		return switch (token) {
			case START_OBJECT, END_OBJECT, PROPERTY_NAME -> "an object";
			case START_ARRAY, END_ARRAY -> "a list";
			case VALUE_STRING -> "a string";
			case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
			case VALUE_TRUE, VALUE_FALSE -> "a bool";
			case VALUE_NULL -> "null";
			default -> "something else";
		};
	}

}
