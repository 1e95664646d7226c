package io.github.netrpc.benchmarks.codec;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.wire.PendingReply;
import io.github.netrpc.wire.ReplySink;
import io.github.netrpc.wire.ValuePlan;

/**
 * A client's side that keeps the last reply.
 */
final class LastReply implements ReplySink, PendingReply {

	private final ValuePlan plan;

	private @Nullable Object value;

	LastReply(ValuePlan plan) {
		this.plan = plan;
	}

	@Nullable Object value() {
		return this.value;
	}

	@Override
	public PendingReply take(long seq) {
		return this;
	}

	@Override
	public ValuePlan replyPlan() {
		return this.plan;
	}

	@Override
	public void succeeded(@Nullable Object result) {
		this.value = result;
	}

	@Override
	public void failed(String error, @Nullable RpcCode code, @Nullable Known known) {
		throw new IllegalStateException(error);
	}

	@Override
	public void malformed(String reason) {
		throw new IllegalStateException(reason);
	}

}
