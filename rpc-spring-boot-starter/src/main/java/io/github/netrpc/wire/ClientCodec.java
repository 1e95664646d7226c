package io.github.netrpc.wire;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.ServiceMethod;

/**
 * The client's side of one connection: calls to bytes, bytes to replies. Threads as for
 * {@link ServerCodec}.
 *
 * @since 0.1.0
 */
public interface ClientCodec {

	/**
	 * Encodes a whole call, replacing what the buffer held.
	 * @param method the method's name
	 * @param seq the call's number, unsigned and unique among the calls of this
	 * connection that wait; 2^64-1 is nobody's
	 * @param timeLeftNanos how long the caller will wait, in nanoseconds; 0 to say
	 * nothing
	 * @param metadata what goes along, within the bounds of {@link MetadataLimits}; with
	 * none, and no time left, the bytes are those of a stock client
	 * @param argument the argument
	 * @param plan how to write it
	 * @param out a buffer of the same format
	 * @throws EncodeException if the argument or the metadata cannot be encoded; the
	 * buffer is then empty
	 */
	void encodeRequest(ServiceMethod method, long seq, long timeLeftNanos, Map<String, String> metadata,
			@Nullable Object argument, ValuePlan plan, MessageBuffer out) throws EncodeException;

	/**
	 * Reads all whole replies.
	 * @param buffer holds the bytes, not to be kept
	 * @param from index of the first byte that has not been consumed
	 * @param to index behind the last byte that has arrived
	 * @param sink finds the calls
	 * @return how many bytes were consumed; the rest is given again, with more behind it
	 * @throws WireException if the connection cannot go on
	 */
	int decode(byte[] buffer, int from, int to, ReplySink sink) throws WireException;

}
