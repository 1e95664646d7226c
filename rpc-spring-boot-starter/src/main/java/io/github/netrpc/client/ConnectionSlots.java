package io.github.netrpc.client;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The connections of a node: its slots, and those that have left their slot and drain.
 * Knows what an event of one connection means for the node.
 * <p>
 * Guarded by the node's lock, as the slots are. What must not run under it, such as
 * opening and closing, is left to a {@link NodeChange}.
 */
final class ConnectionSlots {

	private static final String NOT_WANTED = "is not wanted any more";

	private final ClientResources resources;

	private final ConnectionSlot[] slots;

	/** Take no more calls, and close when those that they have are done. */
	private final List<NodeConnection> draining = new ArrayList<>();

	/** Takes no more calls; those that it has may end. */
	private boolean retired;

	/** Closed for good. */
	private boolean shutDown;

	private long usedNanos;

	private long earlierCalls;

	private long deadConnections;

	private @Nullable ConnectionFailure lastFailure;

	ConnectionSlots(NodeClient node, ClientResources resources) {
		this.resources = resources;
		this.slots = Stream.generate(() -> new ConnectionSlot(node, resources))
			.limit(resources.limits().connections())
			.toArray(ConnectionSlot[]::new);
	}

	// What there is

	NodeState state() {
		if (this.shutDown) {
			return NodeState.SHUTDOWN;
		}
		return this.retired ? NodeState.DRAINING : stateOfSlots();
	}

	private NodeState stateOfSlots() {
		NodeState state = NodeState.IDLE;
		for (ConnectionSlot slot : this.slots) {
			switch (slot.state()) {
				case READY -> {
					return NodeState.READY;
				}
				case CONNECTING -> {
					state = NodeState.CONNECTING;
				}
				case BACKING_OFF -> {
					state = (state == NodeState.CONNECTING) ? state : NodeState.TRANSIENT_FAILURE;
				}
				case IDLE, DRAINING -> {
				}
			}
		}
		return state;
	}

	/**
	 * The connections that take calls.
	 */
	NodeConnection[] open() {
		return Stream.of(this.slots)
			.filter((slot) -> slot.state() == ConnectionState.READY)
			.map(ConnectionSlot::connection)
			.toArray(NodeConnection[]::new);
	}

	/**
	 * The connections that have calls, or may have.
	 */
	List<NodeConnection> inUse() {
		List<NodeConnection> connections = new ArrayList<>(List.of(open()));
		connections.addAll(this.draining);
		return connections;
	}

	/**
	 * Whether one of several connections is not open because nobody needed it.
	 */
	boolean isSomeIdle() {
		return this.slots.length > 1 && Stream.of(this.slots).anyMatch((slot) -> slot.state() == ConnectionState.IDLE);
	}

	/**
	 * Whether no calls are taken any more.
	 */
	boolean isEnding() {
		return this.retired || this.shutDown;
	}

	boolean isRetired() {
		return this.retired;
	}

	boolean isShutDown() {
		return this.shutDown;
	}

	/**
	 * Why the last connection or attempt failed, or null if none did.
	 */
	@Nullable ConnectionFailure lastFailure() {
		return this.lastFailure;
	}

	/**
	 * When the next attempt of its own accord is due, of a node whose last one failed.
	 */
	long retryNanos() {
		return Stream.of(this.slots).mapToLong(ConnectionSlot::retryNanos).min().orElseThrow();
	}

	/**
	 * What took most of the time while a connection is being opened.
	 * @param since when the time began to count
	 * @param now when it is over
	 */
	String openingPhase(long since, long now) {
		for (ConnectionSlot slot : this.slots) {
			NodeConnection connection = slot.connection();
			if (connection != null) {
				return connection.openingPhase(since, now);
			}
		}
		return "connect";
	}

	/**
	 * How many connections were given up since the node was silent.
	 */
	long deadConnections() {
		return this.deadConnections;
	}

	/**
	 * How many calls were ever given to a connection.
	 */
	long calls() {
		long calls = this.earlierCalls;
		for (ConnectionSlot slot : this.slots) {
			NodeConnection connection = slot.connection();
			calls += (connection != null) ? connection.total() : 0;
		}
		for (NodeConnection connection : this.draining) {
			calls += connection.total();
		}
		return calls;
	}

	List<ConnectionSnapshot> snapshots() {
		List<ConnectionSnapshot> snapshots = new ArrayList<>();
		for (ConnectionSlot slot : this.slots) {
			NodeConnection connection = slot.connection();
			snapshots.add((connection != null) ? connection.snapshot(slot.state(), slot.since())
					: new ConnectionSnapshot(slot.state(), slot.since(), 0, 0));
		}
		for (NodeConnection connection : this.draining) {
			snapshots.add(connection.snapshot(ConnectionState.DRAINING, connection.drainingSince()));
		}
		return snapshots;
	}

	// Opening

	/**
	 * Notes that there was a call.
	 */
	void used(long now) {
		this.usedNanos = now;
	}

	/**
	 * Has the idle slots connect.
	 * @return what to open
	 */
	List<NodeConnection> connectIdle() {
		this.usedNanos = this.resources.timer().nanoTime();
		return Stream.of(this.slots)
			.filter((slot) -> slot.state() == ConnectionState.IDLE)
			.map(ConnectionSlot::connect)
			.toList();
	}

	/**
	 * Has the slots try that failed some time ago.
	 * @return what to open
	 */
	List<NodeConnection> connectForCall(long now) {
		return Stream.of(this.slots)
			.filter((slot) -> slot.mayTryForCall(now))
			.map(ConnectionSlot::connectForCall)
			.toList();
	}

	/**
	 * The time of a slot to try again has come.
	 */
	void retry(ConnectionSlot slot, NodeChange change) {
		if (slot.state() != ConnectionState.BACKING_OFF || isEnding()) {
			return;
		}
		long idle = this.resources.policy().idleClose().toNanos();
		if (idle > 0 && this.resources.timer().nanoTime() - this.usedNanos >= idle) {
			slot.idle();
		}
		else {
			change.open(slot.connect());
		}
	}

	/**
	 * The connection takes calls from now on, if it is wanted still.
	 */
	void connected(NodeConnection connection, NodeChange change) {
		ConnectionSlot slot = connection.slot();
		if (!isEnding() && slot.successor() == connection) {
			NodeConnection old = slot.replace(connection);
			if (old != null) {
				drain(old, change);
			}
		}
		else if (isEnding() || !slot.opened(connection)) {
			change.close(connection, NOT_WANTED);
		}
	}

	/**
	 * Begins to replace a connection that is as old as it may get.
	 */
	void tooOld(NodeConnection connection, NodeChange change) {
		ConnectionSlot slot = connection.slot();
		if (!isEnding() && slot.connection() == connection && slot.successor() == null) {
			change.open(slot.beginSuccessor());
		}
	}

	// Losing

	/**
	 * The connection has ended, or could not be opened. Once for each.
	 */
	void disconnected(NodeConnection connection, ConnectionFailure failure, NodeChange change) {
		this.earlierCalls += connection.total();
		this.deadConnections += connection.wasSilent() ? 1 : 0;
		ConnectionSlot slot = connection.slot();
		if (slot.successor() == connection) {
			slot.dropSuccessor();
		}
		else if (!this.draining.remove(connection) && slot.connection() == connection) {
			this.lastFailure = failure;
			if (isEnding()) {
				slot.idle();
			}
			else {
				long now = noteUse(slot);
				openNow(slot.lost(connection, now), change);
				probeOthers(change);
			}
		}
		endIfDrained();
	}

	/**
	 * What ended one connection may have ended all: a node that was started anew knows
	 * none of them, and an idle one would be found out only by the next call, which is
	 * lost by that.
	 */
	private void probeOthers(NodeChange change) {
		for (NodeConnection connection : open()) {
			change.probe(connection);
		}
	}

	/**
	 * The node takes no more calls on the connection.
	 */
	void drained(NodeConnection connection, NodeChange change) {
		ConnectionSlot slot = connection.slot();
		if (isEnding() || slot.connection() != connection) {
			return;
		}
		this.lastFailure = ConnectionFailure.DRAINING;
		drain(connection, change);
		long now = noteUse(slot);
		openNow(slot.drained(now), change);
	}

	/**
	 * There was no call on the connection for a long time.
	 */
	void idle(NodeConnection connection, NodeChange change) {
		ConnectionSlot slot = connection.slot();
		if (!isEnding() && slot.connection() == connection) {
			drain(connection, change);
			slot.idle();
		}
	}

	/**
	 * Calls that find room leave no note of the time. One that was in use would have been
	 * closed if it had been idle for long, so its end is late enough.
	 * @return now
	 */
	private long noteUse(ConnectionSlot slot) {
		long now = this.resources.timer().nanoTime();
		NodeConnection connection = slot.connection();
		if (slot.state() == ConnectionState.READY && connection != null && connection.total() > 0) {
			this.usedNanos = now;
		}
		return now;
	}

	private void drain(NodeConnection connection, NodeChange change) {
		this.draining.add(connection);
		change.closeWhenDone(connection);
	}

	private static void openNow(@Nullable NodeConnection connection, NodeChange change) {
		if (connection != null) {
			change.open(connection);
		}
	}

	// The end

	/**
	 * Takes no more calls; calls in flight go on to their end.
	 */
	void retire(NodeChange change) {
		this.retired = true;
		for (ConnectionSlot slot : this.slots) {
			NodeConnection connection = slot.connection();
			if (connection != null && slot.state() == ConnectionState.READY) {
				drain(connection, change);
			}
			else if (connection != null) {
				change.close(connection, NOT_WANTED);
			}
			NodeConnection successor = slot.successor();
			if (successor != null) {
				change.close(successor, NOT_WANTED);
			}
			slot.dropSuccessor();
			slot.idle();
		}
		endIfDrained();
	}

	/**
	 * Ends a node that was retired and has no connections left.
	 */
	private void endIfDrained() {
		this.shutDown |= this.retired && this.draining.isEmpty();
	}

	/**
	 * Closes the connections with their calls.
	 */
	void close(NodeChange change) {
		for (ConnectionSlot slot : this.slots) {
			Stream.of(slot.connection(), slot.successor())
				.filter((connection) -> connection != null)
				.forEach((connection) -> change.close(connection, "was closed by this side"));
			if (slot.connection() == null) {
				slot.idle();
			}
		}
		this.draining.forEach((connection) -> change.close(connection, "was closed by this side"));
		this.shutDown = true;
	}

}
