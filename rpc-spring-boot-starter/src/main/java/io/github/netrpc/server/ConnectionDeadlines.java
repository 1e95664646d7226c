package io.github.netrpc.server;

import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * The two deadlines of a connection, on one timer that runs only while one of them does:
 * a request that has begun must be complete in time, and a peer that is slow to read must
 * take some bytes now and then. A deadline that moves away leaves the timer alone: it
 * looks again when it fires. Used by the connection's I/O thread only.
 */
final class ConnectionDeadlines {

	private final ServerConnection connection;

	private boolean partial;

	private long partialUntil;

	private boolean slow;

	private long slowUntil;

	private long unsentBefore;

	private @Nullable Runnable cancelTimer;

	private long timerAt;

	ConnectionDeadlines(ServerConnection connection) {
		this.connection = connection;
	}

	/**
	 * Tells whether a request is partial: its first bytes are here and the others are
	 * not. Only the end of a request moves its deadline, not the arrival of more bytes.
	 * @param partial whether one is
	 * @param another whether it is not the one of the last time
	 * @param first whether none was complete before
	 */
	void requestIs(boolean partial, boolean another, boolean first) {
		if (partial && (!this.partial || another)) {
			ConnectionLimits limits = this.connection.scope().limits();
			this.partialUntil = this.connection.batchNanos()
					+ (first ? limits.firstRequestNanos() : limits.requestNanos());
		}
		this.partial = partial;
		startTimer();
	}

	/**
	 * Tells that no request is partial, or that it does not matter.
	 */
	void noRequest() {
		this.partial = false;
		startTimer();
	}

	/**
	 * Tells whether the peer leaves too many bytes of replies unread.
	 * @param slow whether it does
	 */
	void peerIsSlow(boolean slow) {
		if (slow && !this.slow) {
			this.unsentBefore = this.connection.connection().unsentBytes();
			this.slowUntil = now() + this.connection.scope().limits().stalledNanos();
		}
		this.slow = slow;
		startTimer();
	}

	/**
	 * Ends both deadlines.
	 */
	void cancel() {
		this.partial = false;
		this.slow = false;
		if (this.cancelTimer != null) {
			this.cancelTimer.run();
			this.cancelTimer = null;
		}
	}

	private void startTimer() {
		if (!(this.partial || this.slow)) {
			return;
		}
		long next = this.partial ? this.partialUntil : this.slowUntil;
		if (this.partial && this.slow && this.slowUntil - next < 0) {
			next = this.slowUntil;
		}
		if (this.cancelTimer != null) {
			if (this.timerAt - next <= 0) {
				return;
			}
			this.cancelTimer.run();
		}
		this.timerAt = next;
		this.cancelTimer = this.connection.connection()
			.schedule(this::fire, Math.max(0, next - now()), TimeUnit.NANOSECONDS);
	}

	private void fire() {
		this.cancelTimer = null;
		if (this.connection.isClosed()) {
			return;
		}
		long now = now();
		if (this.partial && now - this.partialUntil >= 0) {
			this.connection.abandon("a request was not complete in time");
			return;
		}
		if (this.slow && now - this.slowUntil >= 0) {
			long unsent = this.connection.connection().unsentBytes();
			if (unsent >= this.unsentBefore) {
				this.connection.abandon(unsent + " bytes of replies wait, and the peer takes none");
				return;
			}
			this.unsentBefore = unsent;
			this.slowUntil = now + this.connection.scope().limits().stalledNanos();
		}
		startTimer();
	}

	private long now() {
		return this.connection.scope().nanoTime().getAsLong();
	}

}
