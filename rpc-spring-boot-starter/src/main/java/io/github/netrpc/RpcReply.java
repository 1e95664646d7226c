package io.github.netrpc;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The good end of a call, as a client's interceptors see it. Immutable, but for what the
 * value itself allows.
 *
 * @since 0.1.0
 */
public final class RpcReply {

	private final @Nullable Object value;

	private final Map<String, String> metadata;

	private RpcReply(@Nullable Object value, Map<String, String> metadata) {
		this.value = value;
		this.metadata = metadata;
	}

	/**
	 * A reply without metadata.
	 * @param value what the caller gets, of the type that the method returns, or that its
	 * future completes with; null for none
	 * @return the reply
	 */
	public static RpcReply of(@Nullable Object value) {
		return new RpcReply(value, Map.of());
	}

	/**
	 * A reply with metadata.
	 * @param value what the caller gets
	 * @param metadata what the server has sent along
	 * @return the reply
	 */
	public static RpcReply of(@Nullable Object value, Map<String, String> metadata) {
		return new RpcReply(value, Map.copyOf(metadata));
	}

	/**
	 * What the caller gets.
	 * @return the value, null if there is none
	 */
	public @Nullable Object value() {
		return this.value;
	}

	/**
	 * What the server has sent along with the reply.
	 * @return the entries, unmodifiable, empty from servers that cannot send any
	 */
	public Map<String, String> metadata() {
		return this.metadata;
	}

	/**
	 * Replaces the value.
	 * @param value what the caller gets
	 * @return a reply with the value, and the same metadata
	 */
	public RpcReply withValue(@Nullable Object value) {
		return new RpcReply(value, this.metadata);
	}

	/**
	 * Names the keys of the metadata. The value may be secret.
	 */
	@Override
	public String toString() {
		return this.metadata.isEmpty() ? "reply" : "reply with metadata " + this.metadata.keySet();
	}

}
