package io.github.netrpc.gob;

import java.util.Set;

/**
 * Which failures cost the stream: broken lengths and definitions. Derived from the
 * protocol ("after an error in a value the stream is still in step"), not from texts.
 */
final class GobErrors {

	private static final Set<String> OUT_OF_STEP = Set.of("length_zero", "length_9_bytes", "length_8GiB",
			"defines_id_63", "defines_id_2p31", "defined_twice", "definition_and_value_in_one_message",
			"field_name_empty");

	private GobErrors() {
	}

	static boolean isInStep(Vectors.Case vector) {
		return !OUT_OF_STEP.contains(vector.name());
	}

}
