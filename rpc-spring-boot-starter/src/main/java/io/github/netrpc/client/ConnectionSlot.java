package io.github.netrpc.client;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * One of the connections that a node may have, from one attempt to the next: knows when
 * to open it again. Guarded by the node's lock; what it returns is opened by the node
 * without that lock.
 * <p>
 * A connection that brought a reply and lived for a while is opened again at once, since
 * its loss says nothing about the next attempt. Any other failure waits, longer each time
 * until there was such a connection. A call that finds the slot waiting has it try at
 * once if the last attempt failed half a second ago (±50 %): a node that comes back is
 * used soon, although attempts of its own accord have become rare.
 */
final class ConnectionSlot {

	/** A connection that lived this long is opened again at once. */
	static final long LIVED_NANOS = Duration.ofSeconds(1).toNanos();

	/** From a failed attempt to the next one for a call. */
	static final double DEMAND_NANOS = Duration.ofMillis(500).toNanos();

	/** How long an attempt for a call may take. */
	static final Duration DEMAND_TIMEOUT = Duration.ofSeconds(1);

	/** After a connection that the node has drained as soon as it was open. */
	private static final double DRAINED_SOON_NANOS = Duration.ofSeconds(1).toNanos();

	private final NodeClient node;

	private final ClientResources resources;

	private final Backoff backoff;

	private ConnectionState state = ConnectionState.IDLE;

	private Instant since;

	private @Nullable NodeConnection connection;

	/** Is being opened to take over from a connection that is too old. */
	private @Nullable NodeConnection successor;

	private long readyNanos;

	private long retryNanos;

	private long demandNanos;

	/** The last attempt was made for a call, between two attempts of its own accord. */
	private boolean onDemand;

	/** The node has not answered since the last failure. */
	private boolean suspect;

	/** The node has not answered since it was silent. */
	private boolean wasSilent;

	private @Nullable Runnable cancelRetry;

	ConnectionSlot(NodeClient node, ClientResources resources) {
		this.node = node;
		this.resources = resources;
		this.backoff = new Backoff(resources.policy(), resources.random());
		this.since = resources.timer().now();
	}

	ConnectionState state() {
		return this.state;
	}

	Instant since() {
		return this.since;
	}

	/**
	 * The connection in states CONNECTING and READY.
	 */
	@Nullable NodeConnection connection() {
		return this.connection;
	}

	@Nullable NodeConnection successor() {
		return this.successor;
	}

	long retryNanos() {
		return this.retryNanos;
	}

	boolean mayTryForCall(long now) {
		return this.state == ConnectionState.BACKING_OFF && now >= this.demandNanos;
	}

	private void become(ConnectionState state) {
		this.state = state;
		this.since = this.resources.timer().now();
	}

	/**
	 * Begins an attempt of its own accord.
	 * @return what to open
	 */
	NodeConnection connect() {
		return connect(false, this.resources.limits().connectTimeout());
	}

	/**
	 * Begins an attempt for a call.
	 * @return what to open
	 */
	NodeConnection connectForCall() {
		Duration timeout = this.resources.limits().connectTimeout();
		return connect(true, (timeout.compareTo(DEMAND_TIMEOUT) < 0) ? timeout : DEMAND_TIMEOUT);
	}

	private NodeConnection connect(boolean onDemand, Duration timeout) {
		cancelRetry();
		this.onDemand = onDemand;
		NodeConnection connection = new NodeConnection(this.node, this, this.resources, mustAnswer(), timeout);
		this.connection = connection;
		become(ConnectionState.CONNECTING);
		return connection;
	}

	/**
	 * Whether the node has to answer before it gets calls. Where nothing of ours is to be
	 * sent that is asked only where a ping has gone unanswered.
	 */
	private boolean mustAnswer() {
		return this.resources.extensions() ? this.suspect : this.wasSilent;
	}

	/**
	 * A connection is open.
	 * @return false if it is not wanted any more
	 */
	boolean opened(NodeConnection opened) {
		if (this.connection != opened || this.state != ConnectionState.CONNECTING) {
			return false;
		}
		this.readyNanos = this.resources.timer().nanoTime();
		become(ConnectionState.READY);
		return true;
	}

	/**
	 * The successor is open.
	 * @return the connection that is too old, or null if there is none
	 */
	@Nullable NodeConnection replace(NodeConnection opened) {
		NodeConnection old = this.connection;
		noteEnd(this.resources.timer().nanoTime());
		this.successor = null;
		this.connection = opened;
		this.readyNanos = this.resources.timer().nanoTime();
		become(ConnectionState.READY);
		return old;
	}

	/**
	 * The connection has brought a reply.
	 */
	void confirmed(NodeConnection connection) {
		if (this.connection == connection) {
			this.suspect = false;
			this.wasSilent = false;
		}
	}

	/**
	 * The connection is lost, or could not be opened.
	 * @return what to open now, or null if the next attempt has to wait
	 */
	@Nullable NodeConnection lost(NodeConnection lost, long now) {
		boolean lived = noteEnd(now);
		this.connection = null;
		this.wasSilent |= lost.wasSilent();
		this.suspect |= this.wasSilent || !lost.isConfirmed();
		if (lived) {
			return connect();
		}
		backOff(now, (this.onDemand && this.retryNanos > now) ? this.retryNanos : now + this.backoff.nextNanos());
		return null;
	}

	/**
	 * The node takes no more calls on the connection.
	 * @return what to open now, or null if the next attempt has to wait
	 */
	@Nullable NodeConnection drained(long now) {
		boolean lived = noteEnd(now);
		this.connection = null;
		if (lived) {
			return connect();
		}
		backOff(now, now + Math.max(this.backoff.nextNanos(), this.backoff.jittered(DRAINED_SOON_NANOS)));
		return null;
	}

	/**
	 * The connection, if there is one, is about to be given up. One that lived ends the
	 * row of failures. Its first reply alone does not: there are nodes that answer a ping
	 * and drop the connection then, each time.
	 * @return whether it brought a reply and lived for a while
	 */
	private boolean noteEnd(long now) {
		NodeConnection connection = this.connection;
		boolean lived = this.state == ConnectionState.READY && connection != null && connection.isConfirmed()
				&& now - this.readyNanos >= LIVED_NANOS;
		if (lived) {
			this.backoff.reset();
		}
		return lived;
	}

	private void backOff(long now, long retryNanos) {
		this.retryNanos = retryNanos;
		this.demandNanos = now + this.backoff.jittered(DEMAND_NANOS);
		become(ConnectionState.BACKING_OFF);
		this.cancelRetry = this.resources.timer().schedule(() -> this.node.retry(this), Math.max(0, retryNanos - now));
	}

	private void cancelRetry() {
		Runnable cancel = this.cancelRetry;
		this.cancelRetry = null;
		if (cancel != null) {
			cancel.run();
		}
	}

	/**
	 * Nobody needs the connection for now.
	 */
	void idle() {
		cancelRetry();
		noteEnd(this.resources.timer().nanoTime());
		this.connection = null;
		become(ConnectionState.IDLE);
	}

	/**
	 * Begins to open the connection that takes over from one that is too old.
	 * @return what to open
	 */
	NodeConnection beginSuccessor() {
		NodeConnection successor = new NodeConnection(this.node, this, this.resources, this.resources.extensions(),
				this.resources.limits().connectTimeout());
		this.successor = successor;
		return successor;
	}

	void dropSuccessor() {
		this.successor = null;
	}

}
