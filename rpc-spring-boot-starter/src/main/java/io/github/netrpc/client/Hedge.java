package io.github.netrpc.client;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Waits for the answer of one call, and if none comes in time has the call made at a
 * second node as well. Before that it is a timer; from then on a {@link RetriedCall}
 * holds the two attempts together. Thread-safe; the lock is held for field accesses only.
 */
final class Hedge {

	private final Retries retries;

	private final HedgedMethod method;

	private final ClientCall<?> call;

	/** Until the first attempt has ended. Guarded by this. */
	private @Nullable Object argument;

	private Runnable cancelTimer = () -> {
	};

	// Guarded by this.
	private @Nullable RetriedCall begun;

	// Guarded by this.
	private boolean tooLate;

	Hedge(Retries retries, HedgedMethod method, ClientCall<?> call, @Nullable Object argument) {
		this.retries = retries;
		this.method = method;
		this.call = call;
		this.argument = argument;
	}

	/**
	 * Begins to wait. To be called before a node has the call, which makes this known to
	 * whoever ends it.
	 */
	void arm(long nanos) {
		this.cancelTimer = this.retries.timer().schedule(this::due, nanos);
		this.call.hedge(this);
	}

	/**
	 * Encoding may take long and run code of the application, so it is not the timer's.
	 */
	private void due() {
		if (isWanted()) {
			this.retries.completions().executeInternal(this::begin);
		}
	}

	/**
	 * Whether the call is at a node, and another one may be quicker.
	 */
	private boolean isWanted() {
		NodeClient node = this.call.node();
		return this.call.isSent() && node != null && !this.retries.isClosed()
				&& this.retries.nodes().hasSound(this.call, List.of(node));
	}

	private void begin() {
		long now = this.retries.timer().nanoTime();
		if (now >= this.call.deadlineNanos() || !isWanted() || !admit(now)) {
			return;
		}
		RetriedCall hedged;
		synchronized (this) {
			if (this.tooLate || this.begun != null) {
				return;
			}
			hedged = new RetriedCall(this.retries, this.call, this.argument, this.method);
			this.begun = hedged;
		}
		hedged.hedge(now);
	}

	/**
	 * Draws on the method's budget and on that of the channel's retries, so that hedges
	 * and retries together are no more than the latter allows. What the method's has lost
	 * if the other one is used up is not missed: calls fail then.
	 */
	private boolean admit(long now) {
		return this.method.admit(now) && this.retries.admitHedge(now);
	}

	/**
	 * The first attempt has ended, in whatever way: there will be no second one beside
	 * it, unless there is one already.
	 */
	void disarm() {
		synchronized (this) {
			this.tooLate = true;
			this.argument = null;
		}
		this.cancelTimer.run();
	}

	/**
	 * What holds the two attempts together, or null if there is but one.
	 */
	synchronized @Nullable RetriedCall begun() {
		return this.begun;
	}

}
