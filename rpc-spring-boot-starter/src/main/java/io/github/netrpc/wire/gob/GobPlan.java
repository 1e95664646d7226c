package io.github.netrpc.wire.gob;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.gob.GobType;
import io.github.netrpc.wire.AbsentValues;
import io.github.netrpc.wire.ValuePlan;

/**
 * A compiled type of one {@link GobWireFormat}. Immutable and thread-safe.
 */
final class GobPlan implements ValuePlan {

	private final GobType<Object> type;

	private final boolean skipped;

	private final @Nullable Object absent;

	/**
	 * Creates a plan.
	 * @param type how to write, and to read unless {@code skipped}
	 * @param skipped whether whatever comes is skipped
	 * @param absent what a reply that is absent is read as
	 */
	@SuppressWarnings("unchecked")
	GobPlan(GobType<?> type, boolean skipped, @Nullable Object absent) {
		this.type = (GobType<Object>) type;
		this.skipped = skipped;
		this.absent = absent;
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

	/** Whether a value that the method gave is to be marked as absent. */
	boolean isAbsent(@Nullable Object value) {
		return !this.skipped && AbsentValues.isAbsent(value);
	}

	/** What a caller gets for a reply that is absent. */
	@Nullable Object absent() {
		return this.absent;
	}

	@Override
	public String goType() {
		return this.type.goType();
	}

	@Override
	public @Nullable String whyNotReadable() {
		return this.type.whyNotReadable();
	}

}
