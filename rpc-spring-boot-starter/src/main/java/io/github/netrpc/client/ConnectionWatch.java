package io.github.netrpc.client;

import java.util.concurrent.TimeUnit;

import io.github.netrpc.client.ConnectionPolicy.Keepalive;

/**
 * Looks at an open connection from time to time: whether the node is alive, and whether
 * the connection is idle or too old. One timer; calls do nothing for it.
 * <p>
 * Silence is counted from the last bytes received, and with calls waiting from the first
 * one sent after those. A call that ended unanswered before the look counts too, so short
 * deadlines do not hide that the node is dead. So does a question that was asked because
 * another connection of the node was lost. Bytes that leave while many wait are a sign of
 * life as well: the node's system takes them, and a ping would have to queue behind.
 * <p>
 * A look that comes late never ends a connection: it is this process that slept, and what
 * was received meanwhile has not been read yet. Used by the timer's thread only, but for
 * {@link #stop}.
 */
final class ConnectionWatch {

	/** Bytes that wait in earnest, and not only for the I/O thread. */
	private static final long BACKLOG_BYTES = 64 * 1024;

	private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

	/** From one attempt to replace a connection that is too old to the next one. */
	private static final long REPLACE_NANOS = TimeUnit.SECONDS.toNanos(15);

	private static final double AGE_JITTER = 0.1;

	private static final long NEVER = Long.MAX_VALUE;

	private final NodeConnection connection;

	private final ClientResources resources;

	private final ClientTimer timer;

	private final long intervalNanos;

	private final long timeoutNanos;

	private final long idleIntervalNanos;

	private final long idleTimeoutNanos;

	private final long idleCloseNanos;

	private volatile boolean stopped;

	private volatile Runnable cancel = () -> {
	};

	private long dueNanos;

	private long replaceNanos;

	/** The last sign of life. */
	private long heardNanos;

	private long readNanos;

	/** When a call began to wait without a sign of life since. */
	private long waitingNanos = NEVER;

	private long pingNanos;

	/** Pings since the last sign of life that were due. */
	private int pings;

	/** Those of them that there was room for. */
	private int sentPings;

	private long calls;

	private long activeNanos;

	private long sentBytes;

	private boolean backlog;

	ConnectionWatch(NodeConnection connection, ClientResources resources) {
		ConnectionPolicy policy = resources.policy();
		Keepalive keepalive = policy.keepalive();
		this.connection = connection;
		this.resources = resources;
		this.timer = resources.timer();
		this.intervalNanos = keepalive.interval().toNanos();
		this.timeoutNanos = keepalive.timeout().toNanos();
		this.idleIntervalNanos = keepalive.idleInterval().toNanos();
		this.idleTimeoutNanos = keepalive.idleTimeout().toNanos();
		this.idleCloseNanos = policy.idleClose().isZero() ? NEVER : policy.idleClose().toNanos();
	}

	/**
	 * Begins to look.
	 */
	void start() {
		long now = this.timer.nanoTime();
		this.heardNanos = now;
		this.readNanos = this.connection.readNanos();
		this.activeNanos = now;
		double maxAge = this.resources.policy().maxAge().toNanos();
		this.replaceNanos = (maxAge == 0) ? NEVER
				: now + (long) (maxAge * (1 - AGE_JITTER + 2 * AGE_JITTER * this.resources.random().getAsDouble()));
		schedule(now, now + this.intervalNanos);
	}

	void stop() {
		this.stopped = true;
		this.cancel.run();
	}

	private void schedule(long now, long due) {
		this.dueNanos = due;
		this.cancel = this.timer.schedule(this::look, Math.max(0, due - now));
		if (this.stopped) {
			this.cancel.run();
		}
	}

	private void look() {
		if (this.stopped) {
			return;
		}
		long now = this.timer.nanoTime();
		boolean late = now - this.dueNanos > LATE_NANOS;
		try {
			update(now);
			long dead = deadNanos();
			if (now >= dead && !late) {
				this.connection.silent(TimeUnit.NANOSECONDS.toMillis(now - this.heardNanos), this.sentPings);
				return;
			}
			long ping = nextPingNanos();
			if (now >= ping) {
				ping(now);
			}
			long age = ageNanos(now);
			schedule(now, Math.min(Math.min(age, now + this.intervalNanos),
					late ? now + Math.min(this.intervalNanos, LATE_NANOS) : Math.min(dead, nextPingNanos())));
		}
		catch (Throwable ex) {
			this.resources.completions().report("Looking at a connection has failed", ex);
			schedule(now, now + this.intervalNanos);
		}
	}

	private void update(long now) {
		long read = this.connection.readNanos();
		boolean heard = read != this.readNanos || tookBytes();
		long calls = this.connection.total();
		boolean newCalls = calls != this.calls;
		long oldest = this.connection.oldestStart();
		if (heard) {
			this.heardNanos = (read != this.readNanos) ? read : now;
			this.waitingNanos = NEVER;
			this.pings = 0;
			this.sentPings = 0;
		}
		if (this.waitingNanos == NEVER) {
			long unanswered = this.connection.unansweredNanos();
			long waiting = (oldest != NEVER) ? Math.max(oldest, this.heardNanos) : NEVER;
			// A call may have begun before the connection was open.
			this.waitingNanos = (unanswered > read) ? Math.min(waiting, Math.max(unanswered, this.heardNanos))
					: waiting;
		}
		long probed = this.connection.probedNanos();
		if (probed != NEVER && probed > this.heardNanos) {
			this.waitingNanos = Math.min(this.waitingNanos, probed);
		}
		if (newCalls || oldest != NEVER) {
			this.activeNanos = now;
		}
		this.readNanos = read;
		this.calls = calls;
	}

	private boolean tookBytes() {
		long sent = this.connection.sentBytes();
		boolean took = this.backlog && sent != this.sentBytes;
		this.sentBytes = sent;
		this.backlog = this.connection.unsentBytes() >= BACKLOG_BYTES;
		return took;
	}

	private long deadNanos() {
		long idle = this.heardNanos + this.idleTimeoutNanos;
		return (this.waitingNanos == NEVER) ? idle : Math.min(idle, this.waitingNanos + this.timeoutNanos);
	}

	private long nextPingNanos() {
		if (this.pings > 0) {
			return this.pingNanos + this.intervalNanos;
		}
		long idle = this.heardNanos + this.idleIntervalNanos;
		return (this.waitingNanos == NEVER) ? idle : Math.min(idle, this.waitingNanos + this.intervalNanos);
	}

	private void ping(long now) {
		if (this.sentPings > 0) {
			this.connection.missedPing();
		}
		this.pings++;
		this.pingNanos = now;
		this.sentPings += this.connection.ping() ? 1 : 0;
	}

	/**
	 * Has the connection closed if it is idle, or replaced if it is too old.
	 * @return when to look for that again
	 */
	private long ageNanos(long now) {
		long idle = (this.idleCloseNanos == NEVER) ? NEVER : this.activeNanos + this.idleCloseNanos;
		if (now >= idle) {
			this.activeNanos = now;
			this.connection.idle();
			return NEVER;
		}
		if (now >= this.replaceNanos) {
			this.replaceNanos = now + REPLACE_NANOS;
			this.connection.tooOld();
		}
		return Math.min(idle, this.replaceNanos);
	}

}
