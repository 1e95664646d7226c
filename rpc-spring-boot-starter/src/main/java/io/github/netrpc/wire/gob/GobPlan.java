package io.github.netrpc.wire.gob;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.gob.GobType;
import io.github.netrpc.wire.ValuePlan;

/**
 * A compiled type of one {@link GobWireFormat}. Immutable and thread-safe.
 */
final class GobPlan implements ValuePlan {

	private final GobType<Object> type;

	private final boolean skipped;

	/**
	 * Creates a plan.
	 * @param type how to write, and to read unless {@code skipped}
	 * @param skipped whether whatever comes is skipped
	 */
	@SuppressWarnings("unchecked")
	GobPlan(GobType<?> type, boolean skipped) {
		this.type = (GobType<Object>) type;
		this.skipped = skipped;
	}

	GobType<Object> type() {
		return this.type;
	}

	boolean isSkipped() {
		return this.skipped;
	}

	/** What is to be sent for a value that the method gave. */
	@Nullable Object sent(@Nullable Object value) {
		return this.skipped ? null : value;
	}

	@Override
	public String goType() {
		return this.type.goType();
	}

}
