package io.github.netrpc.benchmarks.reliability;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.benchmarks.reliability.node.Work;

/**
 * Keeps a number of calls in flight: when one has ended, the next begins, after a failure
 * a little later, as a caller does that does not want to spin.
 */
final class ClosedLoad {

	private static final Executor AFTER_FAILURE = CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS);

	private final CallLedger ledger;

	private final Caller caller;

	private final long calls;

	private final CountDownLatch inFlight;

	private volatile boolean stopped;

	private ClosedLoad(CallLedger ledger, Caller caller, int inFlight, long calls) {
		this.ledger = ledger;
		this.caller = caller;
		this.calls = calls;
		this.inFlight = new CountDownLatch(inFlight);
	}

	/**
	 * Begins to call.
	 * @param ledger takes the end of each call
	 * @param caller makes them
	 * @param inFlight how many are in flight
	 * @param calls how many to make at least; then calling ends by itself
	 * @return the running load
	 */
	static ClosedLoad start(CallLedger ledger, Caller caller, int inFlight, long calls) {
		ClosedLoad load = new ClosedLoad(ledger, caller, inFlight, calls);
		for (int i = 0; i < inFlight; i++) {
			AFTER_FAILURE.execute(load::next);
		}
		return load;
	}

	// The end of the call comes to the callback
	@SuppressWarnings("FutureReturnValueIgnored")
	private void next() {
		if (this.stopped || this.ledger.calls() >= this.calls) {
			this.inFlight.countDown();
			return;
		}
		long token = this.ledger.next();
		this.caller.call(token).whenComplete((done, failure) -> ended(token, done, failure));
	}

	private void ended(long token, Work.@Nullable Done done, @Nullable Throwable failure) {
		this.ledger.ended(token, done, failure);
		if (failure != null) {
			AFTER_FAILURE.execute(this::next);
		}
		else {
			next();
		}
	}

	/**
	 * Begins no more calls, and waits for those in flight.
	 * @param limit how long to wait; what has not ended then never has
	 * @throws InterruptedException if interrupted
	 */
	void stop(Duration limit) throws InterruptedException {
		this.stopped = true;
		await(limit);
	}

	/**
	 * Waits until the calls asked for were made.
	 * @param limit how long to wait
	 * @return whether they were
	 * @throws InterruptedException if interrupted
	 */
	boolean await(Duration limit) throws InterruptedException {
		return this.inFlight.await(limit.toMillis(), TimeUnit.MILLISECONDS);
	}

}
