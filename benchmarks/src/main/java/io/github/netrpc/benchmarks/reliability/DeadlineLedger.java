package io.github.netrpc.benchmarks.reliability;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

import io.github.netrpc.benchmarks.reliability.node.Work;

/**
 * How late after its deadline each call of a run has ended, whatever its end. A call that
 * has not ended at all is late too. Thread-safe.
 */
final class DeadlineLedger {

	/** A call that ends more than this after its deadline is late. */
	static final Duration SLACK = Duration.ofMillis(100);

	private final LongSupplier nanoTime;

	private final Map<String, Tally> tallies = new LinkedHashMap<>();

	DeadlineLedger(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/**
	 * Where the calls under one fault are counted.
	 * @param fault the fault
	 * @return the counts
	 */
	synchronized Tally tally(String fault) {
		return this.tallies.computeIfAbsent(fault, (key) -> new Tally(key, this.nanoTime));
	}

	synchronized List<Tally> tallies() {
		return new ArrayList<>(this.tallies.values());
	}

	/**
	 * The calls under one fault.
	 */
	static final class Tally {

		private final String fault;

		private final LongSupplier nanoTime;

		private final LongAdder begun = new LongAdder();

		private final LongAdder waiting = new LongAdder();

		private final LongAdder ended = new LongAdder();

		private final LongAdder late = new LongAdder();

		private final LongAccumulator latest = new LongAccumulator(Math::max, Long.MIN_VALUE);

		private Tally(String fault, LongSupplier nanoTime) {
			this.fault = fault;
			this.nanoTime = nanoTime;
		}

		/**
		 * Watches calls.
		 * @param timeout how long each of them may take
		 * @param caller makes them
		 * @return makes the same calls, and counts them
		 */
		Caller watch(Duration timeout, Caller caller) {
			return (token) -> {
				long begun = this.nanoTime.getAsLong();
				this.begun.increment();
				CompletableFuture<Work.Done> call;
				try {
					call = caller.call(token);
				}
				catch (RuntimeException ex) {
					call = CompletableFuture.failedFuture(ex);
				}
				return call.whenComplete((done, failure) -> ended(begun, timeout));
			};
		}

		/**
		 * Watches calls that a thread waits for, from its call to its return.
		 * @param timeout how long each of them may take
		 * @param caller makes them, and returns or throws when they have ended
		 * @param threads has a thread for each
		 * @return makes the same calls, and counts them
		 */
		Caller watchWaiting(Duration timeout, LongFunction<Work.Done> caller, Executor threads) {
			return (token) -> CompletableFuture.supplyAsync(() -> {
				long begun = this.nanoTime.getAsLong();
				this.begun.increment();
				this.waiting.increment();
				try {
					return caller.apply(token);
				}
				finally {
					ended(begun, timeout);
				}
			}, threads);
		}

		private void ended(long begun, Duration timeout) {
			long lateNanos = this.nanoTime.getAsLong() - begun - timeout.toNanos();
			this.latest.accumulate(lateNanos);
			if (lateNanos > SLACK.toNanos()) {
				this.late.increment();
			}
			this.ended.increment();
		}

		String fault() {
			return this.fault;
		}

		long calls() {
			return this.begun.sum();
		}

		/**
		 * How many of the calls a thread has waited for.
		 * @return calls, those that never ended included
		 */
		long waitedFor() {
			return this.waiting.sum();
		}

		long neverEnded() {
			return this.begun.sum() - this.ended.sum();
		}

		long late() {
			return this.late.sum() + neverEnded();
		}

		/**
		 * How long after its deadline the latest call has ended.
		 * @return the time in milliseconds, negative if all ended before
		 */
		double latestMillis() {
			long nanos = this.latest.get();
			return (nanos == Long.MIN_VALUE) ? 0 : nanos / (double) TimeUnit.MILLISECONDS.toNanos(1);
		}

	}

}
