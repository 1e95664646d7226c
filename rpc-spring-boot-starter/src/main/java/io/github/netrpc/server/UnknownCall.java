package io.github.netrpc.server;

/**
 * A call of a method that does not exist: its argument is skipped, the answer is an
 * error, and the connection goes on.
 */
final class UnknownCall extends SkippedCall {

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
	void answer() {
		this.connection.refuseUnknown(this, this.beganNanos);
	}

}
