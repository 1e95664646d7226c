package io.github.netrpc.client;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcCode;
import io.github.netrpc.client.NodeConnection.Sent;

/**
 * Calls one node, that is one address, over one or several connections that all calls
 * share. The first call opens them; from then on those that are lost are opened again in
 * the background, until no call has come for as long as an idle connection stays open.
 * While no connection is open or being opened, calls fail at once. Thread-safe.
 * <p>
 * A call that finds a connection with room goes by {@link NodeRoutes} and takes no lock.
 * The one lock of a node guards its {@link ConnectionSlots} and its {@link WaitingCalls},
 * which depend on each other. What happens to connections is a {@link #change}: it is
 * decided under the lock, and carried out without.
 *
 * @since 0.1.0
 */
public final class NodeClient implements AutoCloseable {

	private final InetSocketAddress address;

	private final String name;

	private final ClientResources resources;

	private final NodeListener listener;

	private final @Nullable AttemptListener attempts;

	private final NodeRoutes routes;

	private final ReentrantLock lock = new ReentrantLock();

	private final ConnectionSlots slots;

	private final WaitingCalls waiting;

	private final DeadlineWatch deadlines;

	private final NodeFailures failures;

	private final LongAdder failedCalls = new LongAdder();

	private final LongAdder missedPings = new LongAdder();

	/**
	 * Creates a node in state {@link NodeState#IDLE}.
	 * @param address where it is; resolved anew for each connection if unresolved
	 * @param resources what it shares with other nodes
	 * @param listener told of changes
	 */
	public NodeClient(InetSocketAddress address, ClientResources resources, NodeListener listener) {
		this(nameOf(address), address, resources, listener);
	}

	/**
	 * Creates a node with a name, in state {@link NodeState#IDLE}.
	 * @param name what it is called in messages
	 * @param address where it is; resolved anew for each connection if unresolved
	 * @param resources what it shares with other nodes
	 * @param listener told of changes
	 */
	public NodeClient(String name, InetSocketAddress address, ClientResources resources, NodeListener listener) {
		this(name, address, resources, listener, null);
	}

	/**
	 * Creates a node whose attempts are watched, in state {@link NodeState#IDLE}.
	 * @param name what it is called in messages
	 * @param address where it is; resolved anew for each connection if unresolved
	 * @param resources what it shares with other nodes
	 * @param listener told of changes
	 * @param attempts told of the attempts that are sent to the node, or null
	 */
	public NodeClient(String name, InetSocketAddress address, ClientResources resources, NodeListener listener,
			@Nullable AttemptListener attempts) {
		this.attempts = attempts;
		this.address = address;
		this.name = name;
		this.resources = resources;
		this.listener = listener;
		ClientLimits limits = resources.limits();
		this.routes = new NodeRoutes(resources.timer(), limits.connections() == 1);
		this.slots = new ConnectionSlots(this, resources);
		this.failures = new NodeFailures(name, limits, resources.timer());
		this.deadlines = new DeadlineWatch(resources.timer(), this::expire);
		this.waiting = new WaitingCalls(this, this.lock, this.routes, this.failures, listener, resources,
				this.deadlines);
	}

	private static String nameOf(InetSocketAddress address) {
		String host = address.getHostString();
		return ((host.indexOf(':') >= 0) ? "[" + host + "]" : host) + ":" + address.getPort();
	}

	/**
	 * What the node is called in messages.
	 * @return its name, or {@code host:port} if it was given none
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Told of the attempts that are sent to the node, or null if nobody is.
	 */
	@Nullable AttemptListener attempts() {
		return this.attempts;
	}

	/**
	 * Says why calls have failed.
	 */
	NodeFailures failures() {
		return this.failures;
	}

	/**
	 * The address as configured.
	 * @return {@code host:port}
	 */
	public String address() {
		return nameOf(this.address);
	}

	/**
	 * What the connections do now.
	 * @return the state
	 */
	public NodeState state() {
		return this.routes.state();
	}

	/**
	 * What is known of the node now.
	 * @return a snapshot
	 */
	public NodeSnapshot snapshot() {
		this.lock.lock();
		try {
			List<ConnectionSnapshot> connections = this.slots.snapshots();
			int inFlight = connections.stream().mapToInt(ConnectionSnapshot::inFlight).sum();
			ConnectionFailure last = this.slots.lastFailure();
			return new NodeSnapshot(this.name, address(), Set.of(), 1, state(), this.routes.since(), inFlight,
					this.waiting.count(), this.slots.calls(), this.failedCalls.sum(),
					(last != null) ? last.message() : null, connections, this.missedPings.sum(),
					this.slots.deadConnections(), CircuitState.CLOSED, Duration.ZERO);
		}
		finally {
			this.lock.unlock();
		}
	}

	// Calls

	/**
	 * Offers a call to the node. The node that takes it will end it.
	 * @param call a call that no node has taken
	 * @param argument the argument; it must not change until the call has ended, since it
	 * is encoded later if the node is not connected
	 * @return null if the node takes the call, else why it does not, and the call is the
	 * offerer's again
	 */
	public @Nullable CallFailure offer(ClientCall<?> call, @Nullable Object argument) {
		NodeConnection only = this.routes.only();
		if (only != null) {
			if (only.send(call, argument) == Sent.TAKEN) {
				return null;
			}
		}
		else if (this.routes.sendOnSeveral(call, argument)) {
			if (this.routes.isSomeIdle()) {
				connect();
			}
			return null;
		}
		return offerToWait(call, argument, true);
	}

	/**
	 * Offers a call that {@link NodeListener#returned} has given back. The call is not
	 * encoded here, since the thread may be one that does I/O.
	 * @param call the call
	 * @return as for {@link #offer}
	 */
	public @Nullable CallFailure offerAgain(ClientCall<?> call) {
		return offerToWait(call, call.argument(), false);
	}

	private @Nullable CallFailure offerToWait(ClientCall<?> call, @Nullable Object argument, boolean mayEncode) {
		List<NodeConnection> opened = List.of();
		boolean changed;
		this.lock.lock();
		try {
			if (this.slots.isEnding()) {
				return this.failures.closed(this.slots.isRetired());
			}
			if (this.waiting.isFull()) {
				return this.failures.exhausted(call, this.waiting.count(), this.routes.open());
			}
			long now = this.resources.timer().nanoTime();
			NodeState state = state();
			if (state == NodeState.TRANSIENT_FAILURE) {
				opened = this.slots.connectForCall(now);
				if (opened.isEmpty()) {
					return this.failures.backingOff(lastFailure(), this.slots.retryNanos() - now);
				}
			}
			else if (state == NodeState.IDLE) {
				opened = this.slots.connectIdle();
			}
			this.slots.used(now);
			this.waiting.add(call, argument);
			changed = refresh();
		}
		finally {
			this.lock.unlock();
		}
		this.waiting.watch(call);
		opened.forEach((connection) -> connection.open(this.address));
		tell(changed);
		this.waiting.sendIfRoom(mayEncode);
		return null;
	}

	/**
	 * Gives the calls that wait for a connection to a node that is connected already.
	 * Those that it does not take go on waiting here: whoever else they were offered to
	 * would have to be without room as well, or bring them back.
	 * @param other the node that gets them
	 */
	public void moveWaitingTo(NodeClient other) {
		this.waiting.moveTo(other);
	}

	/**
	 * A connection has room for a call, or may have.
	 */
	void roomFreed() {
		this.waiting.roomFreed();
	}

	/**
	 * A call of this node has ended without an answer. One that was given up by its side,
	 * such as an attempt that another one has overtaken, is no failure of the node.
	 */
	void unanswered(ClientCall<?> call, RpcCode code, boolean sent, @Nullable NodeConnection connection) {
		if (code != RpcCode.CANCELLED) {
			this.failedCalls.increment();
		}
		if (!sent) {
			this.waiting.remove(call);
		}
		if (connection != null) {
			connection.abandoned(call, sent);
		}
	}

	/**
	 * Gives the node a sign of life on each connection that has calls, if it knows what
	 * to make of it.
	 */
	public void renew() {
		List<NodeConnection> connections;
		this.lock.lock();
		try {
			connections = this.slots.inUse();
		}
		finally {
			this.lock.unlock();
		}
		connections.forEach(NodeConnection::renew);
	}

	// Deadlines

	void watchDeadline(long deadlineNanos) {
		this.deadlines.watch(deadlineNanos);
	}

	/**
	 * Ends the calls whose time is over.
	 * @return when the next one's is, or {@link Long#MAX_VALUE}
	 */
	private long expire(long now) {
		List<ClientCall<?>> late = new ArrayList<>();
		List<NodeConnection> connections;
		long earliest;
		this.lock.lock();
		try {
			connections = this.slots.inUse();
			earliest = this.waiting.addLate(now, late);
		}
		finally {
			this.lock.unlock();
		}
		late.forEach((call) -> call.fail((sent) -> late(call, sent)));
		for (NodeConnection connection : connections) {
			earliest = Math.min(earliest, connection.expire(now));
		}
		return earliest;
	}

	/**
	 * Why a call whose time is over has no answer.
	 */
	CallFailure late(ClientCall<?> call, boolean sent) {
		if (sent) {
			return this.failures.noReply(call);
		}
		CallWait waited = this.routes.waited(call);
		if (this.routes.isReady() && waited.queueNanos() > waited.connectNanos()) {
			return this.failures.noRoom(call);
		}
		return this.failures.noConnection(call, openingPhase(call.startNanos()));
	}

	private String openingPhase(long since) {
		long now = this.resources.timer().nanoTime();
		this.lock.lock();
		try {
			return this.slots.openingPhase(since, now);
		}
		finally {
			this.lock.unlock();
		}
	}

	// What happens to connections

	/**
	 * Opens the connections that are idle.
	 */
	public void connect() {
		change((change) -> {
			if (!this.slots.isEnding()) {
				this.slots.connectIdle().forEach(change::open);
			}
		});
	}

	/**
	 * The time of a slot to try again has come.
	 */
	void retry(ConnectionSlot slot) {
		change((change) -> this.slots.retry(slot, change));
	}

	/**
	 * The connection takes calls from now on.
	 */
	void connected(NodeConnection connection) {
		change((change) -> this.slots.connected(connection, change));
	}

	/**
	 * The connection has brought its first reply.
	 */
	void confirmed(NodeConnection connection) {
		this.lock.lock();
		try {
			connection.slot().confirmed(connection);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * The connection has closed, or could not be opened. Called once for each.
	 */
	void disconnected(NodeConnection connection, String because, @Nullable Throwable cause, RpcCode code) {
		ConnectionFailure failure = ConnectionFailure.of(because, cause, code);
		change((change) -> this.slots.disconnected(connection, failure, change));
	}

	/**
	 * The node takes no more calls on the connection.
	 */
	void drained(NodeConnection connection) {
		change((change) -> this.slots.drained(connection, change));
	}

	/**
	 * There was no call on the connection for a long time.
	 */
	void idle(NodeConnection connection) {
		change((change) -> {
			if (this.waiting.count() == 0) {
				this.slots.idle(connection, change);
			}
		});
	}

	/**
	 * The connection is as old as it may get.
	 */
	void tooOld(NodeConnection connection) {
		change((change) -> this.slots.tooOld(connection, change));
	}

	void missedPings(int count) {
		this.missedPings.add(count);
	}

	/**
	 * Takes no more calls: those that wait are given back, those in flight go on to their
	 * end, then the connections close, and the node is in state
	 * {@link NodeState#SHUTDOWN}. Cannot be taken back.
	 */
	public void retire() {
		change((change) -> {
			if (!this.slots.isEnding()) {
				this.slots.retire(change);
				change.giveBack(this.waiting.takeAll(), this.failures.closed(true));
			}
		});
	}

	/**
	 * Closes the connections. Calls that wait or are in flight fail.
	 */
	@Override
	public void close() {
		change((change) -> {
			if (!this.slots.isShutDown()) {
				this.slots.close(change);
				change.reject(this.waiting.takeAll(), this.failures.closed(this.slots.isRetired()));
			}
		});
	}

	/**
	 * Lets an event change the connections, with all that follows from it for calls.
	 * @param event runs under the lock; leaves what must not to the change
	 */
	private void change(Consumer<NodeChange> event) {
		NodeChange change = new NodeChange();
		boolean changed;
		this.lock.lock();
		try {
			event.accept(change);
			changed = refresh();
			if (state() == NodeState.TRANSIENT_FAILURE && this.waiting.count() > 0) {
				change.giveBack(this.waiting.takeAll(), this.failures.notConnected(lastFailure()));
			}
		}
		finally {
			this.lock.unlock();
		}
		change.closeConnections();
		roomFreed();
		tell(changed);
		giveBack(change);
		change.opened().forEach((connection) -> connection.open(this.address));
	}

	/**
	 * Finds out the state anew, and where calls go now. Needs the lock.
	 * @return whether it is another one
	 */
	private boolean refresh() {
		boolean changed = this.routes.refresh(this.slots);
		this.waiting.publish();
		if (changed && this.slots.isShutDown()) {
			this.deadlines.close();
		}
		return changed;
	}

	/**
	 * Why the last attempt to connect failed, in state
	 * {@link NodeState#TRANSIENT_FAILURE}. Needs the lock.
	 */
	private ConnectionFailure lastFailure() {
		return Objects.requireNonNull(this.slots.lastFailure());
	}

	/**
	 * Whatever the listener throws, what else a change has brought must be done.
	 */
	private void tell(boolean changed) {
		if (changed) {
			try {
				this.listener.changed(this);
			}
			catch (Throwable ex) {
				this.resources.report("The state of " + this.name + " could not be told", ex);
			}
		}
	}

	private void giveBack(NodeChange change) {
		CallFailure reason = change.reason();
		if (reason != null && !change.calls().isEmpty()) {
			try {
				this.listener.returned(this, change.calls(), reason);
			}
			catch (Throwable ex) {
				this.resources.report("Calls of " + this.name + " could not be given back", ex);
			}
		}
	}

	@Override
	public String toString() {
		return this.name + " (" + state() + ")";
	}

}
