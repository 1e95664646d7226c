package io.github.netrpc.client;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.wire.PendingReply;
import io.github.netrpc.wire.ValuePlan;

/**
 * The calls of one connection that have ended without an answer, and of which somebody
 * wants to know if one comes all the same. It is read and dropped. Thread-safe.
 */
final class LateReplies {

	/** Beyond this, nobody is told. */
	private static final int MOST = 1_024;

	private final Map<Long, Late> expected = new ConcurrentHashMap<>();

	/**
	 * Expects the answer of a call.
	 * @param number the number of the call
	 * @param told runs if there is one that is not an error; must not block
	 */
	void expect(long number, ValuePlan replyPlan, Runnable told) {
		if (this.expected.size() < MOST) {
			this.expected.put(number, new Late(replyPlan, told));
		}
	}

	@Nullable PendingReply take(long number) {
		return this.expected.remove(number);
	}

	private record Late(ValuePlan replyPlan, Runnable told) implements PendingReply {

		@Override
		public void metadata(Map<String, String> metadata) {
			// Nobody wants it.
		}

		@Override
		public void succeeded(@Nullable Object value) {
			this.told.run();
		}

		@Override
		public void failed(String error, @Nullable RpcCode code, @Nullable Known known) {
			// Such as that it was cancelled, as it was told to be.
		}

		@Override
		public void malformed(String reason) {
			// It is dropped anyway.
		}

	}

}
