package io.github.netrpc.wire;

import org.jspecify.annotations.Nullable;

/**
 * The server's side of one connection: bytes to requests, replies to bytes.
 * {@link #decode} is called by one thread at a time; the encode methods by any thread at
 * any time, since what they write carries no state of the stream until
 * {@link MessageBuffer#writeTo} adds it.
 *
 * @since 0.1.0
 */
public interface ServerCodec {

	/**
	 * Reads all whole requests, in order, and gives each to the sink.
	 * @param buffer holds the bytes, not to be kept
	 * @param from index of the first byte that has not been consumed
	 * @param to index behind the last byte that has arrived
	 * @param sink takes the requests
	 * @return how many bytes were consumed; the rest is given again, with more behind it
	 * @throws WireException if the connection cannot go on; requests before the fault
	 * have been given to the sink
	 */
	int decode(byte[] buffer, int from, int to, RequestSink sink) throws WireException;

	/**
	 * Whether input has stopped in the middle of a request, so that a peer that falls
	 * silent now is late rather than idle.
	 * @return whether a request has begun and not ended
	 */
	boolean inRequest();

	/**
	 * Encodes a reply, replacing what the buffer held.
	 * @param request the request that is answered
	 * @param value the result
	 * @param plan how to write it
	 * @param out a buffer of the same format
	 * @throws EncodeException if the value cannot be encoded; the buffer is then empty
	 */
	void encodeReply(IncomingRequest request, @Nullable Object value, ValuePlan plan, MessageBuffer out)
			throws EncodeException;

	/**
	 * Encodes an error reply, replacing what the buffer held.
	 * @param request the request that is answered
	 * @param message the error string, not empty: Go takes an empty one for success
	 * @param out a buffer of the same format
	 */
	void encodeError(IncomingRequest request, String message, MessageBuffer out);

}
