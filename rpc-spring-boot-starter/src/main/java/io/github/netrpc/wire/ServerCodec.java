package io.github.netrpc.wire;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;

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
	 * How many bytes the peer has sent that are kept as long as the connection: what a
	 * format has it say once about its types. By the thread that decodes.
	 * @return the number of bytes, 0 if the format keeps nothing
	 */
	default int definitionBytes() {
		return 0;
	}

	/**
	 * Bounds the messages that are still to come more closely than the format does, while
	 * nothing is known of the peer. By the thread that decodes.
	 * @param bytes the size of one message; more than the format allows is no more
	 */
	default void limitMessages(int bytes) {
	}

	/**
	 * Whether a request of this connection had our fields, so that its peer understands
	 * them in replies. On any thread.
	 * @return whether the peer is an extended one
	 */
	boolean isExtended();

	/**
	 * Encodes a reply, replacing what the buffer held. Toward an extended peer it says so
	 * where the value is null or an empty {@code Optional}; toward others its bytes are
	 * those of a stock server, without metadata.
	 * @param request the request that is answered
	 * @param value the result
	 * @param plan how to write it
	 * @param metadata what goes along, within the bounds of {@link MetadataLimits}
	 * @param out a buffer of the same format
	 * @throws EncodeException if the value or the metadata cannot be encoded; the buffer
	 * is then empty
	 */
	void encodeReply(IncomingRequest request, @Nullable Object value, ValuePlan plan, Map<String, String> metadata,
			MessageBuffer out) throws EncodeException;

	/**
	 * Encodes an error reply, replacing what the buffer held. All but the message is for
	 * extended peers only.
	 * @param request the request that is answered
	 * @param code how the call ended, not {@link RpcCode#OK}
	 * @param known {@link Known#NOT_RUN} or {@link Known#RAN_AND_FAILED}; anything else
	 * is not said, and the caller takes it for {@link Known#MAYBE_RAN}
	 * @param message the error string, not empty: Go takes an empty one for success
	 * @param metadata what goes along; left out if it cannot be sent, since the error
	 * matters more
	 * @param out a buffer of the same format
	 */
	void encodeError(IncomingRequest request, RpcCode code, @Nullable Known known, String message,
			Map<String, String> metadata, MessageBuffer out);

	/**
	 * Encodes a reply that belongs to no call, with the number 2^64-1. Only for extended
	 * peers.
	 * @param metadata what it says, within the bounds of {@link MetadataLimits}
	 * @param out a buffer of the same format
	 * @throws EncodeException if the metadata cannot be encoded; the buffer is then empty
	 */
	void encodeNotice(Map<String, String> metadata, MessageBuffer out) throws EncodeException;

}
