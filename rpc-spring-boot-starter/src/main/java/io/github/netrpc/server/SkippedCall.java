package io.github.netrpc.server;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.wire.IncomingRequest;
import io.github.netrpc.wire.ValuePlan;

/**
 * A call that is answered with an error as soon as its argument was skipped, whatever
 * that was.
 */
abstract class SkippedCall extends IncomingRequest {

	@Override
	public final @Nullable ValuePlan argumentPlan() {
		return null;
	}

	@Override
	public final void received(@Nullable Object argument) {
		answer();
	}

	@Override
	public final void malformed(String reason) {
		answer();
	}

	/**
	 * Answers the call.
	 */
	abstract void answer();

}
