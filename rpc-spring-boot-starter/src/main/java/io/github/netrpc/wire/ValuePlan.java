package io.github.netrpc.wire;

import org.jspecify.annotations.Nullable;

/**
 * A {@link ValueShape} compiled by one {@link WireFormat}. Opaque: whoever holds one can
 * only give it back to the codecs of that format. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public interface ValuePlan {

	/**
	 * The type as Go would write it, for logs and pages: {@code Args}, {@code []int},
	 * {@code struct { A int; B int }}.
	 * @return the Go type
	 */
	String goType();

	/**
	 * Why values of the type can be written only, not read: which class cannot be made,
	 * and what would help.
	 * @return the reason, or null if values can be read
	 */
	default @Nullable String whyNotReadable() {
		return null;
	}

}
