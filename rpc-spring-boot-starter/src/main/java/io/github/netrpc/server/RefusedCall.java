package io.github.netrpc.server;

/**
 * A call of a method that exists, refused before its argument is read: that is skipped.
 */
final class RefusedCall extends SkippedCall {

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
	void answer() {
		this.connection.refuse(this, this.method, this.reason, this.beganNanos);
	}

}
