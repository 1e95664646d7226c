package io.github.netrpc.cluster;

import java.util.concurrent.TimeUnit;

import io.github.netrpc.client.CircuitState;

/**
 * Decides from the outcomes of a node's calls whether it is to be ejected, and whether it
 * may come back. <pre>
 *            enough failures                    its time is over
 *   CLOSED ------------------&gt; OPEN (ejected) --------------------&gt; HALF_OPEN
 *     ^                          ^                                      |
 *     |                          +---------- the trial has failed ------+
 *     +----------------------------------- the trial has succeeded -----+
 * </pre> A call that began before the node was ejected, or was back, says nothing about
 * the node as it is now: what times out when a node is long back does not eject it again.
 * A trial that takes long is not waited for: there may be another one beside it, and the
 * first of them that ends decides. Thread-safe; while nothing fails, no lock is taken.
 */
final class NodeCircuit {

	/** A node that was back for so long is ejected as if for the first time. */
	static final long FORGET_NANOS = TimeUnit.MINUTES.toNanos(1);

	private final OutlierPolicy policy;

	private final FailureWindow window;

	private volatile CircuitState state = CircuitState.CLOSED;

	private volatile int failuresInARow;

	/** Some call may be the trial. */
	private volatile boolean trialDue;

	/** When the node was ejected, or was back: calls that began earlier do not count. */
	private volatile long sinceNanos;

	/** When the newest trial began. */
	private long trialNanos;

	/** When a connection was lost that calls in flight have failed with. */
	private long lostNanos;

	private long closedNanos;

	private int ejectionsInARow;

	private volatile long openUntilNanos;

	private int trial;

	NodeCircuit(OutlierPolicy policy) {
		this.policy = policy;
		this.window = new FailureWindow(policy.window());
	}

	/**
	 * Goes on where the circuit of the same node ended that has left the list: a node
	 * that was ejected stays so until its time is over.
	 */
	NodeCircuit(OutlierPolicy policy, NodeCircuit before) {
		this(policy);
		synchronized (before) {
			this.ejectionsInARow = before.ejectionsInARow;
			this.closedNanos = before.closedNanos;
			this.openUntilNanos = before.openUntilNanos;
			this.sinceNanos = before.sinceNanos;
			this.state = before.isEjected() ? CircuitState.OPEN : CircuitState.CLOSED;
		}
	}

	CircuitState state() {
		return this.state;
	}

	boolean isEjected() {
		return this.state != CircuitState.CLOSED;
	}

	/**
	 * Whether a call tells how the node does now.
	 * @param begin when the call began
	 */
	boolean isOfNow(long begin) {
		return begin >= this.sinceNanos;
	}

	/**
	 * A call was answered.
	 * @param begin when the call began
	 * @param ended how many calls of the node have ended, with this one
	 * @return whether the node is back by that
	 */
	boolean answered(long begin, long now, long ended) {
		if (this.state == CircuitState.CLOSED) {
			this.window.moveTo(now, ended - 1);
			if (this.failuresInARow != 0 && isOfNow(begin)) {
				this.failuresInARow = 0;
			}
			return false;
		}
		return isTrial(begin) && close(begin, now, ended);
	}

	/**
	 * Whether the end of a call tells how a node does whose time is over: that of a
	 * trial, or of a call that was bound to the node and had no choice.
	 */
	private boolean isTrial(long begin) {
		return this.state == CircuitState.HALF_OPEN && begin >= this.openUntilNanos;
	}

	private synchronized boolean close(long begin, long now, long ended) {
		if (!isTrial(begin)) {
			return false;
		}
		this.failuresInARow = 0;
		this.window.clear(ended);
		this.closedNanos = now;
		this.sinceNanos = now;
		this.trialDue = false;
		this.state = CircuitState.CLOSED;
		return true;
	}

	/**
	 * A call has failed on the way.
	 * @param begin when the call began
	 * @param lost whether its connection was lost, which is one failure however many
	 * calls were in flight
	 * @param ended how many calls of the node have ended, with this one
	 * @return whether the node should be ejected
	 */
	synchronized boolean failed(long begin, long now, boolean lost, long ended) {
		if (!isOfNow(begin) || (lost && begin < this.lostNanos)) {
			return false;
		}
		if (lost) {
			this.lostNanos = now;
		}
		if (this.state != CircuitState.CLOSED) {
			return isTrial(begin);
		}
		this.failuresInARow++;
		boolean tooOften = this.window.failed(now, ended, this.policy.minimumCalls(), this.policy.failureRatio());
		int most = this.policy.consecutiveFailures();
		return tooOften || (most > 0 && this.failuresInARow >= most);
	}

	/**
	 * A call has ended in a way that says nothing.
	 */
	void ended(long begin) {
		if (isTrial(begin)) {
			freeTrialOf(begin);
		}
	}

	/**
	 * Ejects the node.
	 * @return for how long, in nanoseconds
	 */
	synchronized long open(long now) {
		if (this.state == CircuitState.CLOSED && now - this.closedNanos >= FORGET_NANOS) {
			this.ejectionsInARow = 0;
		}
		this.ejectionsInARow++;
		this.failuresInARow = 0;
		this.trialDue = false;
		this.sinceNanos = now;
		this.state = CircuitState.OPEN;
		long nanos = this.policy.ejectionNanos(this.ejectionsInARow);
		this.openUntilNanos = now + nanos;
		return nanos;
	}

	/**
	 * When the time of an ejected node is over.
	 */
	long openUntilNanos() {
		return this.openUntilNanos;
	}

	/**
	 * The time of an ejected node is over.
	 * @return whether a trial is due
	 */
	synchronized boolean halfOpen() {
		if (this.state != CircuitState.OPEN) {
			return false;
		}
		this.state = CircuitState.HALF_OPEN;
		this.trialDue = true;
		return true;
	}

	/**
	 * Takes the node back without a trial.
	 */
	synchronized void reset(long now, long ended) {
		this.failuresInARow = 0;
		this.window.clear(ended);
		this.closedNanos = now;
		this.sinceNanos = now;
		this.trialDue = false;
		this.state = CircuitState.CLOSED;
	}

	/**
	 * How often the node was ejected without being back for long.
	 */
	synchronized int ejectionsInARow() {
		return this.ejectionsInARow;
	}

	/**
	 * Whether a call may be the trial.
	 */
	boolean isTrialDue() {
		return this.trialDue;
	}

	/**
	 * Makes a call the trial.
	 * @param begin when the call began
	 * @return the number of the trial, 0 if another call was faster
	 */
	synchronized int claimTrial(long begin) {
		if (!this.trialDue) {
			return 0;
		}
		this.trialDue = false;
		this.trialNanos = begin;
		return ++this.trial;
	}

	private synchronized void freeTrialOf(long begin) {
		if (begin >= this.trialNanos) {
			freeTrial(this.trial);
		}
	}

	/**
	 * A trial has come to nothing, or takes long: another call may be the next.
	 */
	synchronized void freeTrial(int number) {
		if (this.state == CircuitState.HALF_OPEN && this.trial == number) {
			this.trialDue = true;
		}
	}

}
