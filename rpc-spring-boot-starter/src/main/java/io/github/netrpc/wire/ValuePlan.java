package io.github.netrpc.wire;

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

}
