package io.github.netrpc.server;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.wire.IncomingRequest;
import io.github.netrpc.wire.ValuePlan;

/**
 * A call of a method that exists, refused before its argument is read: that is skipped.
 */
final class RefusedCall extends IncomingRequest {

	private final ServerConnection connection;

	private final ServedMethod method;

	private final RefusalReason reason;

	private final long beganNanos;

	RefusedCall(ServerConnection connection, ServedMethod method, RefusalReason reason, long beganNanos) {
		this.connection = connection;
		this.method = method;
		this.reason = reason;
		this.beganNanos = beganNanos;
	}

	ServedMethod method() {
		return this.method;
	}

	@Override
	public byte[] methodName() {
		return this.method.name().utf8();
	}

	@Override
	public @Nullable ValuePlan argumentPlan() {
		return null;
	}

	@Override
	public void received(@Nullable Object argument) {
		this.connection.refuse(this, this.method, this.reason, this.beganNanos);
	}

	@Override
	public void malformed(String reason) {
		received(null);
	}

}
