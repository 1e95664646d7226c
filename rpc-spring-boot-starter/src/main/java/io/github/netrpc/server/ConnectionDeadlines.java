package io.github.netrpc.server;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * All deadlines of a connection, on one timer that runs only while there are any. A
 * deadline that moves away leaves the timer alone: it looks again when it fires. Used by
 * the connection's I/O thread only.
 */
final class ConnectionDeadlines {

	/** A call that is not answered after this time takes its time. */
	static final long ROOM_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	// What a deadline is for: its index.

	/** A request that has begun must be complete. */
	private static final int REQUEST = 0;

	/** A peer that is slow to read must have taken some bytes. */
	private static final int SLOW_PEER = 1;

	/** The first deadline of a call. */
	private static final int CALL = 2;

	/** A peer that was told to go may send what was on its way. */
	private static final int QUIET = 3;

	/** A connection without calls may be closed. */
	private static final int IDLE = 4;

	/** A connection may be replaced. */
	private static final int AGE = 5;

	/** Calls that wait for room for their replies may wait for less of it. */
	private static final int ROOM = 6;

	/** The first lease of a call. */
	private static final int LEASE = 7;

	/** It must be known who calls. */
	private static final int LOGIN = 8;

	/** It must have been found out who makes one request. */
	private static final int VERDICT = 9;

	/** It may be asked again who has the certificate that was shown. */
	private static final int AHEAD = 10;

	private static final int KINDS = 11;

	/** Between two such questions. */
	private static final long AHEAD_NANOS = TimeUnit.SECONDS.toNanos(1);

	/** A look that comes so late has not read what came meanwhile. */
	private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

	private final ServerConnection connection;

	private final long[] until = new long[KINDS];

	/** Bit n: whether {@code until[n]} counts. */
	private int running;

	private boolean partial;

	private long loginNanos;

	private long unsentBefore;

	private long sentBefore;

	private long requestsBefore;

	private @Nullable Runnable cancelTimer;

	private long timerAt;

	ConnectionDeadlines(ServerConnection connection) {
		this.connection = connection;
	}

	/**
	 * The connection is open: its age and its idleness are limited, if at all.
	 * @param now the time
	 */
	void opened(long now) {
		ConnectionLimits limits = limits();
		if (limits.idleNanos() > 0) {
			start(IDLE, now + limits.idleNanos());
		}
		if (limits.maxAgeNanos() > 0) {
			start(AGE, now + this.connection.scope().jittered(limits.maxAgeNanos()));
		}
	}

	/**
	 * It has to be known in time who calls.
	 * @param now the time
	 * @param login how long that may take
	 */
	void awaitLogin(long now, LoginLimits login) {
		this.loginNanos = login.nanos();
		start(LOGIN, now + login.nanos());
	}

	/**
	 * It could not be asked who has the certificate that was shown: there was no room for
	 * all who came at once.
	 */
	void lookAheadLater() {
		start(AHEAD, now() + this.connection.scope().jittered(AHEAD_NANOS));
	}

	/**
	 * It is known who calls.
	 */
	void loggedIn() {
		stop(LOGIN);
		stop(AHEAD);
	}

	/**
	 * It is being found out who makes a request, which may take as long as a request may
	 * take to arrive.
	 */
	void awaitVerdict() {
		start(VERDICT, now() + limits().requestNanos());
	}

	/**
	 * That was found out.
	 */
	void verdictIsHere() {
		stop(VERDICT);
	}

	/**
	 * Tells whether a request is partial: its first bytes are here and the others are
	 * not. Only the end of a request moves its deadline, not the arrival of more bytes.
	 * @param partial whether one is
	 * @param another whether it is not the one of the last time
	 * @param first whether none was complete before
	 */
	void requestIs(boolean partial, boolean another, boolean first) {
		if (!partial) {
			noRequest();
		}
		else if (!this.partial || another) {
			this.partial = true;
			start(REQUEST,
					this.connection.batchNanos() + (first ? limits().firstRequestNanos() : limits().requestNanos()));
		}
	}

	/**
	 * Tells that no request is partial, or that it does not matter.
	 */
	void noRequest() {
		if (this.partial) {
			this.partial = false;
			stop(REQUEST);
		}
	}

	/**
	 * Tells whether the peer leaves too many bytes of replies unread.
	 * @param slow whether it does
	 */
	void peerIsSlow(boolean slow) {
		if (!slow) {
			stop(SLOW_PEER);
		}
		else if (!isRunning(SLOW_PEER)) {
			watchPeer(now());
		}
	}

	private void watchPeer(long now) {
		this.unsentBefore = this.connection.connection().unsentBytes();
		this.sentBefore = this.connection.connection().sentBytes();
		start(SLOW_PEER, now + limits().stalledNanos());
	}

	/**
	 * A call has to end.
	 * @param deadlineNanos when
	 */
	void callEndsAt(long deadlineNanos) {
		if (!isRunning(CALL) || deadlineNanos - this.until[CALL] < 0) {
			start(CALL, deadlineNanos);
		}
	}

	/**
	 * A call is in vain if the peer says nothing.
	 * @param atNanos until when
	 */
	void leaseEndsAt(long atNanos) {
		if (!isRunning(LEASE) || atNanos - this.until[LEASE] < 0) {
			start(LEASE, atNanos);
		}
	}

	/**
	 * Calls are held back for the replies of others.
	 */
	void callsWaitForRoom() {
		if (!isRunning(ROOM)) {
			start(ROOM, now() + ROOM_NANOS);
		}
	}

	/**
	 * The peer was told to go: the connection ends when all is quiet.
	 */
	void awaitQuiet() {
		this.requestsBefore = this.connection.requests();
		start(QUIET, now() + limits().quietNanos());
	}

	/**
	 * The connection reads no more: only its calls and its peer's reading matter.
	 */
	void finishing() {
		noRequest();
		stop(QUIET);
		stop(IDLE);
		stop(AGE);
		stop(LEASE);
		stop(LOGIN);
		stop(VERDICT);
		stop(AHEAD);
	}

	/**
	 * Ends all deadlines.
	 */
	void cancel() {
		this.running = 0;
		this.partial = false;
		if (this.cancelTimer != null) {
			this.cancelTimer.run();
			this.cancelTimer = null;
		}
	}

	private void start(int kind, long at) {
		this.until[kind] = at;
		this.running |= 1 << kind;
		setTimer(at);
	}

	private void stop(int kind) {
		this.running &= ~(1 << kind);
	}

	private boolean isRunning(int kind) {
		return (this.running & (1 << kind)) != 0;
	}

	private void setTimer(long at) {
		if (this.cancelTimer != null) {
			if (this.timerAt - at <= 0) {
				return;
			}
			this.cancelTimer.run();
		}
		this.timerAt = at;
		this.cancelTimer = this.connection.connection()
			.schedule(this::fire, Math.max(0, at - now()), TimeUnit.NANOSECONDS);
	}

	private void fire() {
		this.cancelTimer = null;
		if (this.connection.isClosed()) {
			return;
		}
		long now = now();
		for (int kind = 0; kind < KINDS; kind++) {
			if (isRunning(kind) && now - this.until[kind] >= 0) {
				stop(kind);
				try {
					reached(kind, now);
				}
				catch (Throwable ex) {
					// The other deadlines of the connection need the timer.
					this.connection.scope().failures().leftUndone("A deadline of a connection was missed", ex);
				}
			}
		}
		long next = 0;
		boolean any = false;
		for (int kind = 0; kind < KINDS; kind++) {
			long at = this.until[kind];
			if (isRunning(kind) && (!any || at - next < 0)) {
				next = at;
				any = true;
			}
		}
		if (any && !this.connection.isClosed()) {
			setTimer(next);
		}
	}

	private void reached(int kind, long now) {
		switch (kind) {
			case REQUEST -> requestIsLate();
			case SLOW_PEER -> slowPeer(now);
			case CALL -> this.connection.endLateCalls(now);
			case QUIET -> quiet(now);
			case IDLE -> idle(now);
			case AGE -> this.connection.retire(CloseReason.MAX_AGE);
			case LEASE -> leaseIsOver(now);
			case LOGIN -> this.connection.abandon(CloseReason.LOGIN_TIMEOUT,
					"it is not known in time who calls (limit: " + "rpc.server.authentication.timeout = "
							+ Duration.ofNanos(this.loginNanos).toMillis() + " ms)");
			case VERDICT -> this.connection.verdictIsLate();
			case AHEAD -> this.connection.lookAheadAgain(this.partial);
			case ROOM -> this.connection.waitedForRoom();
			default -> throw new IllegalStateException("deadline: " + kind);
		}
	}

	private void requestIsLate() {
		boolean first = this.connection.requests() == 0;
		long limit = first ? limits().firstRequestNanos() : limits().requestNanos();
		this.connection.abandon(CloseReason.REQUEST_TIMEOUT,
				"a request was not complete in time (limit: rpc.server.connection."
						+ (first ? "first-request-timeout" : "request-timeout") + " = "
						+ Duration.ofNanos(limit).toMillis() + " ms)");
	}

	private void slowPeer(long now) {
		long unsent = this.connection.connection().unsentBytes();
		// What was taken counts, not what is left: replies may have come in its place. A
		// transport that does not count shows it only by what is left.
		boolean took = this.connection.connection().sentBytes() != this.sentBefore || unsent < this.unsentBefore;
		if (!took) {
			this.connection.abandon(CloseReason.SLOW_READER,
					unsent + " bytes of replies wait, and the peer has taken none (limit: "
							+ "rpc.server.connection.slow-reader-timeout = "
							+ Duration.ofNanos(limits().stalledNanos()).toMillis() + " ms)");
			return;
		}
		watchPeer(now);
	}

	private void quiet(long now) {
		if (!this.connection.isWorking() && this.connection.requests() == this.requestsBefore) {
			this.connection.finish();
			return;
		}
		this.requestsBefore = this.connection.requests();
		start(QUIET, now + limits().quietNanos());
	}

	private void leaseIsOver(long now) {
		if (now - this.until[LEASE] > LATE_NANOS) {
			// It is this process that slept, and there may be signs of life to read.
			start(LEASE, now + LATE_NANOS);
		}
		else {
			this.connection.endOrphans(now);
		}
	}

	private void idle(long now) {
		long idleNanos = limits().idleNanos();
		long since = this.connection.isWorking() ? now : this.connection.lastCallNanos();
		if (now - since >= idleNanos) {
			this.connection.retire(CloseReason.IDLE);
		}
		else {
			start(IDLE, since + idleNanos);
		}
	}

	private ConnectionLimits limits() {
		return this.connection.scope().limits();
	}

	private long now() {
		return this.connection.scope().nanoTime().getAsLong();
	}

}
