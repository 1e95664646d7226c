package io.github.netrpc.wire;

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
	 * Whether the codec may go on with the next request; asked after each one. If not, it
	 * returns from {@link ServerCodec#decode} with the rest unconsumed.
	 * @return whether to go on
	 */
	boolean wantsMore();

}
