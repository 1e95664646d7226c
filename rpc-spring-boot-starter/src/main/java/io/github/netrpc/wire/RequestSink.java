package io.github.netrpc.wire;

import org.jspecify.annotations.Nullable;

/**
 * Takes the requests of one connection as the codec finds them. Called by the
 * connection's I/O thread.
 *
 * @since 0.1.0
 */
public interface RequestSink {

	/**
	 * A request begins: looks its method up.
	 * @param buffer holds the method's name as sent, in UTF-8, any bytes at all; not to
	 * be kept
	 * @param from index of the first byte of the name
	 * @param to index behind its last byte
	 * @return the request, not null for unknown methods either
	 */
	IncomingRequest begin(byte[] buffer, int from, int to);

	/**
	 * The header of a request has been read, and its argument has not: decides whether it
	 * may be.
	 * @param request what {@link #begin} has returned, with all that the header said
	 * @return the request to go on with, the same or one that takes its place; null if
	 * that is not decided yet: the codec then returns from {@link ServerCodec#decode} and
	 * asks again when it is called next
	 */
	default @Nullable IncomingRequest admit(IncomingRequest request) {
		return request;
	}

	/**
	 * Whether the codec may go on with the next request; asked after each one. If not, it
	 * returns from {@link ServerCodec#decode} with the rest unconsumed.
	 * @return whether to go on
	 */
	boolean wantsMore();

}
