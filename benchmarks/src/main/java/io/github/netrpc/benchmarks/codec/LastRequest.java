package io.github.netrpc.benchmarks.codec;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.wire.IncomingRequest;
import io.github.netrpc.wire.RequestSink;
import io.github.netrpc.wire.ValuePlan;

/**
 * A server's side that keeps the argument of the last request. One object for each
 * request, as in the server.
 */
final class LastRequest implements RequestSink {

	private final byte[] methodName;

	private final ValuePlan plan;

	private @Nullable Object argument;

	private @Nullable IncomingRequest request;

	LastRequest(byte[] methodName, ValuePlan plan) {
		this.methodName = methodName;
		this.plan = plan;
	}

	@Nullable Object argument() {
		return this.argument;
	}

	IncomingRequest request() {
		return Objects.requireNonNull(this.request);
	}

	@Override
	public IncomingRequest begin(byte[] buffer, int from, int to) {
		Request begun = new Request();
		this.request = begun;
		return begun;
	}

	@Override
	public boolean wantsMore() {
		return true;
	}

	private final class Request extends IncomingRequest {

		@Override
		public byte[] methodName() {
			return LastRequest.this.methodName;
		}

		@Override
		public ValuePlan argumentPlan() {
			return LastRequest.this.plan;
		}

		@Override
		public void received(@Nullable Object argument) {
			LastRequest.this.argument = argument;
		}

		@Override
		public void malformed(String reason) {
			throw new IllegalStateException(reason);
		}

	}

}
