package io.github.netrpc.server;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.wire.IncomingRequest;

/**
 * A call that its caller may not make, or of whose caller nothing is known. Its argument
 * is skipped. Whether there is such a method the answer does not tell, unless the caller
 * is known.
 */
final class DeniedCall extends SkippedCall {

	private final ServerConnection connection;

	private final byte[] methodName;

	private final CallRecorder recorder;

	private final RefusalReason reason;

	private final @Nullable String message;

	private final long beganNanos;

	/**
	 * Takes the place of a request.
	 * @param request the request, of which the header was read
	 * @param reason why it is refused
	 * @param message what the caller is told, or null for the words of the reason
	 */
	DeniedCall(ServerConnection connection, IncomingRequest request, RefusalReason reason, @Nullable String message) {
		this.connection = connection;
		this.methodName = request.methodName();
		ServedMethod method = methodOf(request);
		this.recorder = (method != null) ? method.plan(connection.format()).recorder() : connection.format().unknown();
		this.reason = reason;
		this.message = message;
		this.beganNanos = connection.batchNanos();
		takeOver(request);
	}

	/**
	 * The method of a request, or null if there is no such method.
	 */
	static @Nullable ServedMethod methodOf(IncomingRequest request) {
		if (request instanceof ServerCall call) {
			return call.method();
		}
		return (request instanceof RefusedCall call) ? call.method() : null;
	}

	@Override
	public byte[] methodName() {
		return this.methodName;
	}

	@Override
	void answer() {
		this.connection.deny(this, this.reason, this.message, this.recorder, this.beganNanos);
	}

}
