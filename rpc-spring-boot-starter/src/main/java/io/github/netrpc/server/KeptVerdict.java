package io.github.netrpc.server;

import io.github.netrpc.server.AccessControl.Verdict;

/**
 * What was found out about a caller and is kept for a while: it is gone by until it was
 * looked up again, which becomes due some time before it is old. Used by the connection's
 * I/O thread.
 */
final class KeptVerdict {

	private final Verdict verdict;

	private final boolean ages;

	private long dueNanos;

	private long oldNanos;

	private boolean ended;

	/**
	 * Keeps what is good for as long as it says.
	 */
	KeptVerdict(Verdict verdict) {
		this.verdict = verdict;
		this.ages = false;
	}

	/**
	 * Keeps what is to be looked up again.
	 * @param verdict what was found out
	 * @param dueNanos when it is time to
	 * @param oldNanos when calls wait for it, unless it was tried
	 */
	KeptVerdict(Verdict verdict, long dueNanos, long oldNanos) {
		this.verdict = verdict;
		this.ages = true;
		this.dueNanos = dueNanos;
		this.oldNanos = oldNanos;
	}

	Verdict verdict() {
		return this.verdict;
	}

	/**
	 * Whether it is time to look again.
	 */
	boolean isDue(long now) {
		return this.ages && now - this.dueNanos >= 0;
	}

	/**
	 * Whether nobody has looked for so long that a call has to wait for that.
	 */
	boolean isOld(long now) {
		return this.ages && now - this.oldNanos >= 0;
	}

	/**
	 * It could not be looked up again: until the next try nobody waits.
	 * @param nextNanos when to try
	 * @param oldNanos when it is old again
	 */
	void postpone(long nextNanos, long oldNanos) {
		this.dueNanos = nextNanos;
		this.oldNanos = oldNanos;
	}

	/**
	 * It is not so any more.
	 */
	void end() {
		this.ended = true;
	}

	boolean hasEnded() {
		return this.ended;
	}

}
