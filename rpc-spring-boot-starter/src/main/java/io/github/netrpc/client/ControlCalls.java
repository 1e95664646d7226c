package io.github.netrpc.client;

import java.util.Map;

import io.github.netrpc.ServiceMethod;
import io.github.netrpc.type.TypeRef;
import io.github.netrpc.type.Unsigned;
import io.github.netrpc.wire.ClientCodec;
import io.github.netrpc.wire.EncodeException;
import io.github.netrpc.wire.MessageBuffer;
import io.github.netrpc.wire.ValuePlan;
import io.github.netrpc.wire.ValueShape;
import io.github.netrpc.wire.WireFormat;

/**
 * The calls that a client makes of its own accord, to the built-in service
 * {@code _goRPC_}. To a stock server its methods are unknown, and its error says as well
 * that it is alive. Nobody waits for the replies but for that to a login. Immutable.
 */
final class ControlCalls {

	private static final ServiceMethod PING = ServiceMethod.of("_goRPC_", "Ping");

	private static final ServiceMethod CANCEL = ServiceMethod.of("_goRPC_", "Cancel");

	private static final ServiceMethod AUTHENTICATE = ServiceMethod.of("_goRPC_", "Authenticate");

	private final ValuePlan empty;

	private final ValuePlan number;

	private final ValuePlan text;

	ControlCalls(WireFormat format) {
		this.empty = format.plan(ValueShape.EMPTY);
		this.number = format.plan(new ValueShape.Value(new TypeRef<@Unsigned Long>() {
		}.annotatedType()));
		this.text = format.plan(new ValueShape.Value(new TypeRef<String>() {
		}.annotatedType()));
	}

	/**
	 * How the empty replies to these calls are read.
	 */
	ValuePlan nothing() {
		return this.empty;
	}

	/**
	 * Writes a ping, with metadata if it is the first message of a connection.
	 */
	void ping(ClientCodec codec, long seq, Map<String, String> metadata, MessageBuffer out) throws EncodeException {
		codec.encodeRequest(PING, seq, 0, metadata, null, this.empty, out);
	}

	/**
	 * Writes who makes the calls that follow.
	 */
	void logIn(ClientCodec codec, long seq, String token, MessageBuffer out) throws EncodeException {
		codec.encodeRequest(AUTHENTICATE, seq, 0, Map.of(), token, this.text, out);
	}

	/**
	 * Writes that nobody waits for a call any more.
	 */
	void cancel(ClientCodec codec, long seq, long cancelled, MessageBuffer out) throws EncodeException {
		codec.encodeRequest(CANCEL, seq, 0, Map.of(), cancelled, this.number, out);
	}

}
