package io.github.netrpc.wire;

import io.github.netrpc.type.UnsupportedTypeException;

/**
 * A way to put calls on a connection: Go's {@code net/rpc} over gob, or JSON-RPC 1.0 as
 * Go speaks it. Holds compiled types, so use one instance for a whole server or channel.
 * Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public interface WireFormat {

	/**
	 * The name of the format, a configuration value and metric tag.
	 * @return {@code gob} or {@code json}
	 */
	String name();

	/**
	 * Whether the header of a request, metadata included, comes before the argument and
	 * apart from it, so that a token in it tells who calls before anything else is read.
	 * Where it does not, a whole message has to be read of somebody unknown, and that has
	 * closer bounds: so a client says who calls before its connection takes calls.
	 * @return whether it does, false by default
	 */
	default boolean headerComesFirst() {
		return false;
	}

	/**
	 * Judges the first bytes of a connection. The answer must be the same however the
	 * bytes were cut: {@link Detection#MORE} until it is certain, and certain after 8
	 * bytes.
	 * @param buffer holds the bytes, not to be kept
	 * @param from index of the connection's very first byte
	 * @param to index behind the last byte that has arrived
	 * @return whether a peer of this format opens a connection like this
	 */
	Detection detect(byte[] buffer, int from, int to);

	/**
	 * Compiles a shape: all reflection happens here.
	 * @param shape what a method takes or returns
	 * @return the plan, only for codecs of this instance
	 * @throws UnsupportedTypeException if the format cannot express the shape
	 */
	ValuePlan plan(ValueShape shape);

	/**
	 * The codec of a new connection's server side.
	 * @return a codec with the state of one connection
	 */
	ServerCodec serverCodec();

	/**
	 * The codec of a new connection's client side.
	 * @return a codec with the state of one connection
	 */
	ClientCodec clientCodec();

	/**
	 * An empty buffer to encode messages into. Reusable, for any connection of this
	 * format.
	 * @return a new buffer
	 */
	MessageBuffer newBuffer();

	/**
	 * What the first bytes of a connection say.
	 */
	enum Detection {

		/** A peer of this format. */
		YES,

		/** Not a peer of this format. */
		NO,

		/** Too few bytes to tell. */
		MORE

	}

	/**
	 * Makes the formats for servers and channels that were not given any. Found by
	 * {@link java.util.ServiceLoader}.
	 */
	interface Provider {

		/**
		 * The name of the format.
		 * @return {@code gob} or {@code json}
		 */
		String name();

		/**
		 * Creates the format.
		 * @param limits bounds on what is read
		 * @return a new format
		 */
		WireFormat create(WireLimits limits);

	}

}
