package io.github.netrpc.client;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.RpcCode;

/**
 * What is known of a method whose calls may have a second attempt beside the first: how
 * long its calls take, how many fail, and how many second attempts there were.
 * Thread-safe.
 */
final class HedgedMethod {

	/** For a wait that never ends. */
	static final long NEVER = Long.MAX_VALUE;

	/** How often the wait is found out anew. */
	static final long REFRESH_NANOS = Duration.ofMillis(500).toNanos();

	private final HedgingPolicy policy;

	private final RetryBudget budget;

	private final LatencyWindow window;

	private final AtomicLong refreshNanos;

	private volatile long waitNanos = NEVER;

	private final LongAdder hedges = new LongAdder();

	private final LongAdder won = new LongAdder();

	/**
	 * Begins without knowing anything.
	 * @param now the time, in nanoseconds
	 */
	HedgedMethod(HedgingPolicy policy, long now) {
		this.policy = policy;
		this.budget = new RetryBudget(policy.maxExtraLoad(), 0, now);
		this.window = new LatencyWindow(now);
		this.refreshNanos = new AtomicLong(now);
	}

	/**
	 * Counts a call that begins.
	 * @param now when it begins
	 * @return how long to wait for its answer before it is made at a second node;
	 * {@link #NEVER} as long as that is not known, or calls fail
	 */
	long begun(long now) {
		this.budget.called(now);
		long due = this.refreshNanos.get();
		if (now >= due && this.refreshNanos.compareAndSet(due, now + REFRESH_NANOS)) {
			this.window.moveTo(now);
			long wait = this.window.within(this.policy.percentile(), this.policy.minimumCalls());
			this.waitNanos = (wait < 0 || isFailing()) ? NEVER : Math.max(wait, this.policy.floor().toNanos());
		}
		return this.waitNanos;
	}

	private boolean isFailing() {
		return this.window.failedShare() >= this.policy.maxErrorShare();
	}

	/**
	 * Asks for a second attempt.
	 * @return false if calls fail, or if there were enough second attempts
	 */
	boolean admit(long now) {
		return !isFailing() && this.budget.withdraw(now);
	}

	/**
	 * Counts a second attempt that is about to be made.
	 */
	void hedged() {
		this.hedges.increment();
	}

	/**
	 * A second attempt has ended.
	 * @param won whether its answer is that of the call
	 */
	void ended(boolean won) {
		if (won) {
			this.won.increment();
		}
	}

	/**
	 * Counts an attempt that has failed beside another one, and is not recorded.
	 */
	void failed(RpcCode code) {
		if (isTrouble(code)) {
			this.window.failed();
		}
	}

	private static boolean isTrouble(RpcCode code) {
		return code == RpcCode.UNAVAILABLE || code == RpcCode.RESOURCE_EXHAUSTED || code == RpcCode.DEADLINE_EXCEEDED;
	}

	long hedges() {
		return this.hedges.sum();
	}

	long won() {
		return this.won.sum();
	}

	/**
	 * How long a call is waited for now, or {@link #NEVER}.
	 */
	long waitNanos() {
		return this.waitNanos;
	}

	/**
	 * Measures the calls that are recorded.
	 * @param recorder where they are recorded
	 * @return a recorder that passes everything on
	 */
	CallRecorder measured(CallRecorder recorder) {
		return new CallRecorder() {

			@Override
			public void record(RpcCode code, long nanos) {
				if (code == RpcCode.OK) {
					HedgedMethod.this.window.answered(nanos);
				}
				else {
					failed(code);
				}
				recorder.record(code, nanos);
			}

			@Override
			public void retried(RpcCode reason) {
				failed(reason);
				recorder.retried(reason);
			}

			@Override
			public void hedged() {
				recorder.hedged();
			}

			@Override
			public void hedgeEnded(boolean won) {
				recorder.hedgeEnded(won);
			}

		};
	}

}
