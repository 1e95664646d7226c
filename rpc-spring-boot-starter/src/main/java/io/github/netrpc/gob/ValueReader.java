package io.github.netrpc.gob;

import org.jspecify.annotations.Nullable;

/**
 * Reads values of one type of a peer into one Java type. Without state; thread-safe.
 */
abstract class ValueReader {

	/** Reads a value; null where Go's zero has no other counterpart. */
	abstract @Nullable Object read(GobInput in);

	/** Reads an element of a container, which may not be null. */
	Object readElement(GobInput in) {
		Object value = read(in);
		if (value == null) {
			throw GobException.value("An empty text as element, where it cannot be read as one");
		}
		return value;
	}

	/** Fails for a reason found when the types were compared. */
	static final class Mismatch extends ValueReader {

		private final String reason;

		Mismatch(String reason) {
			this.reason = reason;
		}

		@Override
		Object read(GobInput in) {
			throw GobException.value(this.reason);
		}

	}

}
