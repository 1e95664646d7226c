package io.github.netrpc.server;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.wire.IncomingRequest;
import io.github.netrpc.wire.ValuePlan;

/**
 * A call of a method that does not exist: its argument is skipped, the answer is an
 * error, and the connection goes on.
 */
final class UnknownCall extends IncomingRequest {

	private final ServerConnection connection;

	private final byte[] methodName;

	private final long beganNanos;

	UnknownCall(ServerConnection connection, byte[] methodName, long beganNanos) {
		this.connection = connection;
		this.methodName = methodName;
		this.beganNanos = beganNanos;
	}

	@Override
	public byte[] methodName() {
		return this.methodName;
	}

	@Override
	public @Nullable ValuePlan argumentPlan() {
		return null;
	}

	@Override
	public void received(@Nullable Object argument) {
		this.connection.refuseUnknown(this, this.beganNanos);
	}

	@Override
	public void malformed(String reason) {
		received(null);
	}

}
