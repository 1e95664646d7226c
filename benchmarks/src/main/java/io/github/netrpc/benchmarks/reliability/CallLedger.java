package io.github.netrpc.benchmarks.reliability;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcAttempt;
import io.github.netrpc.RpcException;
import io.github.netrpc.benchmarks.reliability.node.Work;

/**
 * What the caller was told of each call. Half of the calls may be repeated, the others
 * must not run twice. Thread-safe while calls end; read when all have.
 */
final class CallLedger {

	private static final int SAMPLES = 12;

	private final AtomicLong tokens = new AtomicLong();

	private final CallEnd[] ends;

	private final LongAdder mixedUp = new LongAdder();

	private final Map<String, Long> failures = new TreeMap<>();

	private final List<String> samples = new ArrayList<>();

	CallLedger(int capacity) {
		this.ends = new CallEnd[capacity];
	}

	/**
	 * Begins a call.
	 * @return its token
	 */
	long next() {
		long token = this.tokens.incrementAndGet();
		if (token >= this.ends.length) {
			throw new IllegalStateException("more than " + this.ends.length + " calls");
		}
		return token;
	}

	/**
	 * Whether a call may be repeated: the same for a token at all times, and at random
	 * among tokens. Every other one would not do: with two nodes in turns, one of them
	 * would get all calls of a kind.
	 */
	static boolean isIdempotent(long token) {
		return token * 0x9E3779B97F4A7C15L < 0;
	}

	long calls() {
		return this.tokens.get();
	}

	void ended(long token, Work.@Nullable Done done, @Nullable Throwable failure) {
		if (failure == null) {
			if (done == null || done.token() != token) {
				this.mixedUp.increment();
			}
			this.ends[(int) token] = CallEnd.SUCCEEDED;
			return;
		}
		this.ends[(int) token] = failed(token, failure);
	}

	private CallEnd failed(long token, Throwable failure) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		if (cause instanceof RpcException rpc) {
			note(token, rpc.code() + " " + rpc.known(), text(rpc));
			return CallEnd.of(rpc.known());
		}
		note(token, cause.getClass().getSimpleName(), String.valueOf(cause));
		return CallEnd.UNLABELLED;
	}

	private static String text(RpcException failure) {
		List<RpcAttempt> attempts = failure.attempts();
		return failure.getMessage() + ((attempts.size() > 1) ? "; attempts: " + attempts : "");
	}

	private synchronized void note(long token, String kind, String message) {
		String label = (isIdempotent(token) ? "idempotent: " : "not idempotent: ") + kind;
		if (this.failures.merge(label, 1L, Long::sum) <= 2 && this.samples.size() < SAMPLES) {
			this.samples.add(label + ": " + message);
		}
	}

	/**
	 * The end of a call.
	 * @param token its token
	 * @return the end
	 */
	CallEnd end(long token) {
		CallEnd end = this.ends[(int) token];
		return (end != null) ? end : CallEnd.NONE;
	}

	long mixedUp() {
		return this.mixedUp.sum();
	}

	/**
	 * How calls have failed.
	 * @return how many of each kind
	 */
	synchronized Map<String, Long> failures() {
		return new TreeMap<>(this.failures);
	}

	/**
	 * What some of the failures say.
	 * @return kinds and messages
	 */
	synchronized List<String> samples() {
		return List.copyOf(this.samples);
	}

	/**
	 * What the caller knows of a call.
	 */
	enum CallEnd {

		/** It has not ended. */
		NONE,

		/** It returned. */
		SUCCEEDED,

		/** It failed, and never ran. */
		NOT_RUN,

		/** It failed, and nobody knows whether it ran. */
		MAYBE_RAN,

		/** It ran and failed. */
		RAN_AND_FAILED,

		/** It failed in a way that says nothing. */
		UNLABELLED;

		static CallEnd of(Known known) {
			return switch (known) {
				case NOT_RUN -> NOT_RUN;
				case MAYBE_RAN -> MAYBE_RAN;
				case RAN_AND_FAILED -> RAN_AND_FAILED;
			};
		}

	}

}
