package io.github.netrpc.gob;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What kind a failure to read is of, Go's by its text and ours; and which failures cost
 * the stream: broken lengths and definitions. The latter is derived from the protocol
 * ("after an error in a value the stream is still in step"), not from texts.
 */
enum GobErrors {

	/** The stream ends before the value does. */
	END,

	/** The length of a message is wrong. */
	FRAMING,

	/** The definition of a type is wrong. */
	DEFINITION,

	/** What came is of another type than what is expected. */
	MISMATCH,

	/** A number does not fit. */
	RANGE,

	/** The value itself is wrong. */
	VALUE;

	private static final Set<String> OUT_OF_STEP = Set.of("length_zero", "length_9_bytes", "length_8GiB",
			"defines_id_63", "defines_id_2p31", "defined_twice", "definition_and_value_in_one_message",
			"field_name_empty");

	static boolean isInStep(Vectors.Case vector) {
		return !OUT_OF_STEP.contains(vector.name());
	}

	static @Nullable GobErrors ofGo(@Nullable String text) {
		if (text == null) {
			return null;
		}
		if (text.equals("EOF") || text.equals("unexpected EOF")) {
			return END;
		}
		if (text.equals("invalid message length") || text.equals("gob: encoded unsigned integer out of range")) {
			return FRAMING;
		}
		if (text.equals("gob: duplicate type received") || text.equals("extra data in buffer")
				|| text.startsWith("gob: empty name for remote field")) {
			return DEFINITION;
		}
		if (text.startsWith("value for ") && text.endsWith(" out of range")) {
			return RANGE;
		}
		boolean mismatch = text.startsWith("gob: wrong type (") || text.startsWith("gob: type mismatch")
				|| text.startsWith("gob: decoding into local type ") || text.startsWith("gob: local interface type ")
				|| text.contains(" is not assignable to type ");
		return mismatch ? MISMATCH : VALUE;
	}

	static @Nullable GobErrors of(@Nullable Throwable failure) {
		if (failure == null) {
			return null;
		}
		if (failure instanceof Vectors.EndOfStream) {
			return END;
		}
		if (!(failure instanceof GobException ex)) {
			throw new AssertionError(failure);
		}
		if (!ex.inStep()) {
			return ex.getMessage().startsWith("Message length") ? FRAMING : DEFINITION;
		}
		if (ex.getMessage().startsWith("Value out of range")) {
			return RANGE;
		}
		boolean mismatch = ex.getMessage().startsWith("Received ") || ex.getMessage().contains(" does not belong here");
		return mismatch ? MISMATCH : VALUE;
	}

}
