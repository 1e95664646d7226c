package io.github.netrpc.client;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.client.NodeConnection.Sent;

/**
 * Where the calls of a node go at the moment: which connections take them, and the state
 * that says what becomes of them if none does.
 * <p>
 * Written by whoever holds the node's lock, in {@link #refresh} and {@link #publish}, and
 * read by every call without it. What a call reads may be a moment old, and that is no
 * harm: a connection refuses calls by itself when it may not take them, and a call that
 * is refused looks again with the lock held.
 */
final class NodeRoutes {

	private static final NodeConnection[] NONE = {};

	private final ClientTimer timer;

	private final boolean single;

	/**
	 * Takes calls at once; null if there may be several, or if calls go behind others.
	 */
	private volatile @Nullable NodeConnection only;

	/**
	 * Take calls at once, if there may be several and calls need not go behind others.
	 */
	private volatile NodeConnection[] several = NONE;

	/** Whose turn it is. Threads may overlook each other's turn, which does no harm. */
	private int turn;

	/** All connections that are open, but for those that drain. */
	private volatile NodeConnection[] open = NONE;

	/** One of several connections is not open because nobody needed it. */
	private volatile boolean someIdle;

	private volatile NodeState state = NodeState.IDLE;

	private volatile long openedNanos;

	private volatile long resolvedNanos;

	/** When the state began. Guarded by the node's lock. */
	private Instant since;

	/**
	 * Creates the routes of a node without connections.
	 * @param single whether there is never more than one connection at a time
	 */
	NodeRoutes(ClientTimer timer, boolean single) {
		this.timer = timer;
		this.single = single;
		this.since = timer.now();
	}

	// For calls, without the lock

	/**
	 * The connection that takes calls at once where there is never more than one.
	 * @return null also if calls have to wait
	 */
	@Nullable NodeConnection only() {
		return this.only;
	}

	/**
	 * Sends a call on the next of the connections that take calls at once, or the next
	 * after that with room. There are none where there is never more than one.
	 */
	boolean sendOnSeveral(ClientCall<?> call, @Nullable Object argument) {
		return sendOnOne(this.several, call, argument);
	}

	/**
	 * Sends a call whose turn it is, even if others wait behind it.
	 */
	boolean sendAhead(ClientCall<?> call, @Nullable Object argument) {
		return sendOnOne(this.open, call, argument);
	}

	private boolean sendOnOne(NodeConnection[] connections, ClientCall<?> call, @Nullable Object argument) {
		int first = this.turn;
		this.turn = first + 1;
		for (int i = 0; i < connections.length; i++) {
			NodeConnection connection = connections[Integer.remainderUnsigned(first + i, connections.length)];
			if (connection.send(call, argument) == Sent.TAKEN) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Whether a connection has room. If not, the node is told when one may have.
	 */
	boolean anyRoom() {
		for (NodeConnection connection : this.open) {
			if (connection.hasRoom()) {
				return true;
			}
		}
		return false;
	}

	boolean isSomeIdle() {
		return this.someIdle;
	}

	NodeState state() {
		return this.state;
	}

	boolean isReady() {
		return this.state == NodeState.READY;
	}

	/**
	 * What a call has waited for until now: nodes or an address until there was one, a
	 * connection until one was open, then room.
	 */
	CallWait waited(ClientCall<?> call) {
		return CallWait.until(this.timer.nanoTime(), call.startNanos(), call.waited(), this.resolvedNanos,
				this.openedNanos);
	}

	/**
	 * All connections that are open, but for those that drain. Not to be changed.
	 */
	NodeConnection[] open() {
		return this.open;
	}

	// With the lock held

	Instant since() {
		return this.since;
	}

	/**
	 * Takes over what has become of the connections. To be published then.
	 * @return whether the state is another one
	 */
	boolean refresh(ConnectionSlots slots) {
		NodeState state = slots.state();
		boolean changed = state != this.state;
		this.open = slots.open();
		this.someIdle = slots.isSomeIdle();
		if (changed) {
			this.since = this.timer.now();
			if (state == NodeState.READY) {
				this.openedNanos = this.timer.nanoTime();
				this.resolvedNanos = (this.open.length > 0) ? this.open[0].resolvedNanos() : this.openedNanos;
			}
			this.state = state;
		}
		return changed;
	}

	/**
	 * Opens the way for calls, or closes it.
	 * @param behindOthers whether calls wait that must be sent before
	 */
	void publish(boolean behindOthers) {
		NodeConnection[] free = (behindOthers || !isReady()) ? NONE : this.open;
		this.only = (this.single && free.length == 1) ? free[0] : null;
		this.several = this.single ? NONE : free;
	}

}
