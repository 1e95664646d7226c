package io.github.netrpc.client;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.client.NodeConnection.Sent;

/**
 * Calls one node, that is one address, over one or several connections that all calls
 * share. The first call opens them; from then on those that are lost are opened again in
 * the background, until no call has come for as long as an idle connection stays open.
 * While no connection is open or being opened, calls fail at once. Thread-safe.
 * <p>
 * The lock guards the state and the calls that wait: for a connection, or for room on
 * one. A call that finds a connection with room does not take it.
 *
 * @since 0.1.0
 */
public final class NodeClient implements AutoCloseable {

	private static final NodeConnection[] NO_CONNECTIONS = {};

	private final InetSocketAddress address;

	private final String name;

	private final ClientResources resources;

	private final NodeListener listener;

	private final @Nullable AttemptListener attempts;

	private final ReentrantLock lock = new ReentrantLock();

	private final ConnectionSlot[] slots;

	private final List<NodeConnection> draining = new ArrayList<>();

	private final Deque<ClientCall<?>> waiting = new ArrayDeque<>();

	private final LongAdder failures = new LongAdder();

	private final LongAdder missedPings = new LongAdder();

	private final DeadlineWatch deadlines;

	/**
	 * Takes calls at once; null if there may be several, or if calls go behind others.
	 */
	private volatile @Nullable NodeConnection only;

	/**
	 * Take calls at once, if there may be several and calls need not go behind others.
	 */
	private volatile NodeConnection[] several = NO_CONNECTIONS;

	/** Whose turn it is. Threads may overlook each other's turn, which does no harm. */
	private int turn;

	/** All connections that are open, but for those that drain. */
	private volatile NodeConnection[] open = NO_CONNECTIONS;

	private volatile NodeState state = NodeState.IDLE;

	/** Calls wait although a connection is open. */
	private volatile boolean holding;

	/** One of several connections is not open because nobody needed it. */
	private volatile boolean someIdle;

	private volatile long openedNanos;

	/** A task is to send the calls that wait. */
	private boolean sending;

	/** The connections had no room; until all have been sent that wait, calls queue. */
	private boolean congested;

	/** Takes no more calls; those that it has may end. */
	private boolean retired;

	/** Closed for good. */
	private boolean shutDown;

	private Instant since;

	private long usedNanos;

	private long earlierCalls;

	private long deadConnections;

	private @Nullable String lastFailure;

	private @Nullable Throwable lastCause;

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
		this.since = resources.timer().now();
		this.slots = Stream.generate(() -> new ConnectionSlot(this, resources))
			.limit(resources.limits().connections())
			.toArray(ConnectionSlot[]::new);
		this.deadlines = new DeadlineWatch(resources.timer(), this::expire);
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
		return this.state;
	}

	/**
	 * What is known of the node now.
	 * @return a snapshot
	 */
	public NodeSnapshot snapshot() {
		this.lock.lock();
		try {
			List<ConnectionSnapshot> connections = new ArrayList<>();
			int inFlight = 0;
			long calls = this.earlierCalls;
			for (ConnectionSlot slot : this.slots) {
				NodeConnection connection = slot.connection();
				ConnectionSnapshot snapshot = snapshot(slot.state(), slot.since(), connection);
				connections.add(snapshot);
				inFlight += snapshot.inFlight();
				calls += (connection != null) ? connection.total() : 0;
			}
			for (NodeConnection connection : this.draining) {
				ConnectionSnapshot snapshot = snapshot(ConnectionState.DRAINING, connection.drainingSince(),
						connection);
				connections.add(snapshot);
				inFlight += snapshot.inFlight();
				calls += connection.total();
			}
			return new NodeSnapshot(this.name, address(), Set.of(), 1, this.state, this.since, inFlight,
					this.waiting.size(), calls, this.failures.sum(), this.lastFailure, connections,
					this.missedPings.sum(), this.deadConnections, CircuitState.CLOSED, Duration.ZERO);
		}
		finally {
			this.lock.unlock();
		}
	}

	private static ConnectionSnapshot snapshot(ConnectionState state, Instant since,
			@Nullable NodeConnection connection) {
		return (connection != null)
				? new ConnectionSnapshot(state, since, connection.inFlight(), connection.unsentBytes())
				: new ConnectionSnapshot(state, since, 0, 0);
	}

	/**
	 * Opens the connections that are idle.
	 */
	public void connect() {
		List<NodeConnection> opened;
		boolean changed;
		this.lock.lock();
		try {
			if (isEnding()) {
				return;
			}
			opened = connectIdle();
			changed = refresh();
		}
		finally {
			this.lock.unlock();
		}
		opened.forEach((connection) -> connection.open(this.address));
		tell(changed);
	}

	private List<NodeConnection> connectIdle() {
		this.usedNanos = this.resources.timer().nanoTime();
		return Stream.of(this.slots)
			.filter((slot) -> slot.state() == ConnectionState.IDLE)
			.map(ConnectionSlot::connect)
			.toList();
	}

	/**
	 * Has the slots try that failed some time ago.
	 */
	private List<NodeConnection> connectForCall(long now) {
		return Stream.of(this.slots)
			.filter((slot) -> slot.mayTryForCall(now))
			.map(ConnectionSlot::connectForCall)
			.toList();
	}

	private void tell(boolean changed) {
		if (changed) {
			this.listener.changed(this);
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
		NodeConnection only = this.only;
		if (only != null) {
			if (only.send(call, argument) == Sent.TAKEN) {
				return null;
			}
		}
		else if (sendOnOne(this.several, call, argument)) {
			if (this.someIdle) {
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

	private @Nullable CallFailure offerToWait(ClientCall<?> call, @Nullable Object argument, boolean mayEncode) {
		List<NodeConnection> opened = List.of();
		boolean changed;
		this.lock.lock();
		try {
			if (isEnding()) {
				return closed();
			}
			if (this.waiting.size() >= this.resources.limits().waitingAtNode()) {
				return exhausted(call);
			}
			long now = this.resources.timer().nanoTime();
			if (this.state == NodeState.TRANSIENT_FAILURE) {
				opened = connectForCall(now);
				if (opened.isEmpty()) {
					return backingOff(now);
				}
			}
			else if (this.state == NodeState.IDLE) {
				opened = connectIdle();
			}
			else if (this.state == NodeState.READY) {
				this.congested = true;
			}
			this.usedNanos = now;
			call.waitAt(this, argument);
			this.waiting.addLast(call);
			changed = refresh();
		}
		finally {
			this.lock.unlock();
		}
		if (!call.isOpen()) {
			// Ended before it was here to be removed.
			stopWaiting(call);
			call.dropArgument();
		}
		this.deadlines.watch(call.deadlineNanos());
		opened.forEach((connection) -> connection.open(this.address));
		tell(changed);
		// Room may have come before the call was here to be seen.
		if (mayEncode && this.holding && anyRoom()) {
			sendFirst();
		}
		roomFreed();
		return null;
	}

	private CallFailure closed() {
		return CallFailure.unavailable(Known.NOT_RUN, this.retired ? this.name + " is not among the nodes any more"
				: "the client of " + this.name + " is closed", null);
	}

	private CallFailure exhausted(ClientCall<?> call) {
		ClientLimits limits = this.resources.limits();
		if (this.state != NodeState.READY) {
			return CallFailure.notRun(RpcCode.RESOURCE_EXHAUSTED, call.plan() + ": " + this.waiting.size()
					+ " calls wait for a connection to " + this.name + " (limit: " + limits.waitingAtNode() + ")");
		}
		int inFlight = Stream.of(this.open).mapToInt(NodeConnection::inFlight).sum();
		long unsent = Stream.of(this.open).mapToLong(NodeConnection::unsentBytes).sum();
		return CallFailure.notRun(RpcCode.RESOURCE_EXHAUSTED,
				call.plan() + ": " + inFlight + " calls are in flight to " + this.name + ", " + unsent
						+ " bytes wait to be sent, and " + this.waiting.size() + " calls wait (limits: "
						+ limits.inFlight() + " calls and " + limits.unsentBytes() + " bytes for each connection, "
						+ limits.waitingAtNode() + " calls)");
	}

	private CallFailure backingOff(long now) {
		long retry = Stream.of(this.slots).mapToLong(ConnectionSlot::retryNanos).min().orElse(now);
		return CallFailure.unavailable(Known.NOT_RUN, this.name + " is not connected: " + this.lastFailure
				+ "; next attempt in " + TimeUnit.NANOSECONDS.toMillis(Math.max(0, retry - now)) + " ms",
				this.lastCause);
	}

	// Calls that wait

	/**
	 * A connection has room for a call, or may have.
	 */
	void roomFreed() {
		if (this.holding && anyRoom()) {
			boolean send;
			this.lock.lock();
			try {
				send = claimSending();
			}
			finally {
				this.lock.unlock();
			}
			if (send) {
				sendWaitingLater();
			}
		}
	}

	private boolean anyRoom() {
		for (NodeConnection connection : this.open) {
			if (connection.hasRoom()) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Whether a task is needed that sends the calls that wait. Needs the lock.
	 */
	private boolean claimSending() {
		boolean claimed = !this.sending && this.state == NodeState.READY && !this.waiting.isEmpty();
		this.sending |= claimed;
		return claimed;
	}

	/**
	 * Has the calls that wait sent by a thread that may take its time. Until it comes to
	 * them they stay where their deadlines are watched.
	 */
	private void sendWaitingLater() {
		this.resources.completions().executeInternal(this::sendWaiting);
	}

	private void sendWaiting() {
		boolean goOn = true;
		while (goOn) {
			ClientCall<?> call = firstToSend(true);
			goOn = call != null && sendWaiting(call, true);
		}
	}

	/**
	 * A caller that has to wait sends the call that has waited longest. So calls that
	 * come do not outrun the one task that sends those that wait.
	 */
	private void sendFirst() {
		ClientCall<?> call = firstToSend(false);
		if (call != null) {
			sendWaiting(call, false);
		}
	}

	/**
	 * Sends a call that has waited.
	 * @return whether there may be room for another one
	 */
	private boolean sendWaiting(ClientCall<?> call, boolean task) {
		try {
			Object argument = call.argument();
			call.waited(CallWait.until(this.resources.timer().nanoTime(), call.startNanos(), this.openedNanos));
			if (!call.isOpen() || sendOnOne(this.open, call, argument)) {
				return true;
			}
			return waitOn(call, argument, task);
		}
		catch (Throwable ex) {
			// The calls behind it must still be sent.
			call.fail((sent) -> notOffered(call, sent, ex));
			return true;
		}
	}

	private CallFailure notOffered(ClientCall<?> call, boolean sent, Throwable cause) {
		return new CallFailure(RpcCode.INTERNAL, sent ? Known.MAYBE_RAN : Known.NOT_RUN,
				call.plan() + " could not be given to " + this.name + ": " + cause, cause);
	}

	private @Nullable ClientCall<?> firstToSend(boolean task) {
		this.lock.lock();
		try {
			ClientCall<?> call = (this.state == NodeState.READY) ? this.waiting.poll() : null;
			if (task) {
				this.sending = call != null;
			}
			publish();
			return call;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Puts a call back for which there was no room.
	 * @return whether to go on, since there is room again
	 */
	private boolean waitOn(ClientCall<?> call, @Nullable Object argument, boolean task) {
		boolean wait;
		this.lock.lock();
		try {
			wait = this.state == NodeState.READY || this.state == NodeState.CONNECTING;
			if (wait) {
				call.waitAt(this, argument);
				this.waiting.addFirst(call);
				this.congested |= this.state == NodeState.READY;
			}
			if (task) {
				this.sending = false;
			}
			publish();
		}
		finally {
			this.lock.unlock();
		}
		if (!wait) {
			call.waitAt(this, argument);
			CallFailure refused = offerAgain(call);
			if (refused != null) {
				this.listener.returned(this, List.of(call), refused);
			}
			return task;
		}
		if (!call.isOpen()) {
			stopWaiting(call);
			call.dropArgument();
		}
		// The sweep may have run while the call was neither here nor at a connection.
		this.deadlines.watch(call.deadlineNanos());
		if (!task) {
			return false;
		}
		if (!anyRoom()) {
			return false;
		}
		this.lock.lock();
		try {
			return claimSending();
		}
		finally {
			this.lock.unlock();
		}
	}

	private List<ClientCall<?>> takeWaiting() {
		List<ClientCall<?>> calls = new ArrayList<>(this.waiting);
		this.waiting.clear();
		publish();
		return calls;
	}

	/**
	 * Gives the calls that wait for a connection to a node that is connected already.
	 * Those that it does not take go on waiting here: whoever else they were offered to
	 * would have to be without room as well, or bring them back.
	 * @param other the node that gets them
	 */
	public void moveWaitingTo(NodeClient other) {
		List<ClientCall<?>> calls;
		this.lock.lock();
		try {
			if (this.state == NodeState.READY) {
				return;
			}
			calls = takeWaiting();
			// Those that are bound to this node stay.
			calls.stream().filter((call) -> call.options().node() != null).forEach(this.waiting::add);
			calls.removeIf((call) -> call.options().node() != null);
			publish();
		}
		finally {
			this.lock.unlock();
		}
		List<ClientCall<?>> refused = new ArrayList<>();
		CallFailure reason = null;
		for (ClientCall<?> call : calls) {
			try {
				CallFailure failure = other.offerAgain(call);
				if (failure != null) {
					refused.add(call);
					reason = failure;
				}
			}
			catch (Throwable ex) {
				call.fail((sent) -> notOffered(call, sent, ex));
			}
		}
		if (reason != null && !goOnWaiting(refused)) {
			this.listener.returned(other, refused, reason);
		}
	}

	/**
	 * Puts calls back in front of those that have come since.
	 * @return false if calls do not wait here any more
	 */
	private boolean goOnWaiting(List<ClientCall<?>> calls) {
		this.lock.lock();
		try {
			if (this.state != NodeState.CONNECTING && this.state != NodeState.READY) {
				return false;
			}
			for (int i = calls.size() - 1; i >= 0; i--) {
				this.waiting.addFirst(calls.get(i));
			}
			publish();
		}
		finally {
			this.lock.unlock();
		}
		for (ClientCall<?> call : calls) {
			if (!call.isOpen()) {
				// Ended before it was here to be removed.
				stopWaiting(call);
				call.dropArgument();
			}
			this.deadlines.watch(call.deadlineNanos());
		}
		roomFreed();
		return true;
	}

	private void stopWaiting(ClientCall<?> call) {
		this.lock.lock();
		try {
			if (this.waiting.remove(call)) {
				publish();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	// Connections

	/**
	 * The connection takes calls from now on.
	 */
	void connected(NodeConnection connection) {
		NodeConnection old = null;
		boolean taken;
		boolean changed = false;
		this.lock.lock();
		try {
			ConnectionSlot slot = connection.slot();
			boolean successor = slot.successor() == connection;
			taken = !isEnding() && (successor || slot.opened(connection));
			if (taken) {
				if (successor) {
					old = slot.replace(connection);
				}
				if (old != null) {
					this.draining.add(old);
				}
				changed = refresh();
			}
		}
		finally {
			this.lock.unlock();
		}
		if (!taken) {
			connection.close("is not wanted any more", null);
			return;
		}
		if (old != null) {
			old.closeWhenDone();
		}
		roomFreed();
		tell(changed);
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
	void disconnected(NodeConnection connection, String because, @Nullable Throwable cause) {
		NodeConnection opened = null;
		List<ClientCall<?>> calls = List.of();
		boolean changed;
		this.lock.lock();
		try {
			this.earlierCalls += connection.total();
			this.deadConnections += connection.wasSilent() ? 1 : 0;
			ConnectionSlot slot = connection.slot();
			if (slot.successor() == connection) {
				slot.dropSuccessor();
			}
			else if (!this.draining.remove(connection) && slot.connection() == connection) {
				this.lastFailure = "the connection " + because
						+ ((cause != null && cause.getMessage() != null) ? ": " + cause.getMessage() : "");
				this.lastCause = cause;
				if (isEnding()) {
					slot.idle();
				}
				else {
					long now = this.resources.timer().nanoTime();
					noteUse(slot, now);
					opened = slot.lost(connection, now);
				}
			}
			endIfDrained();
			changed = refresh();
			if (this.state == NodeState.TRANSIENT_FAILURE) {
				calls = takeWaiting();
			}
		}
		finally {
			this.lock.unlock();
		}
		tell(changed);
		giveBack(calls);
		if (opened != null) {
			opened.open(this.address);
		}
	}

	/**
	 * Calls that find room leave no note of the time. One that was in use would have been
	 * closed if it had been idle for long, so its end is late enough.
	 */
	private void noteUse(ConnectionSlot slot, long now) {
		NodeConnection connection = slot.connection();
		if (slot.state() == ConnectionState.READY && connection != null && connection.total() > 0) {
			this.usedNanos = now;
		}
	}

	private void giveBack(List<ClientCall<?>> calls) {
		if (!calls.isEmpty()) {
			this.listener.returned(this, calls, CallFailure.unavailable(Known.NOT_RUN,
					this.name + " is not connected: " + this.lastFailure, this.lastCause));
		}
	}

	/**
	 * The time of a slot to try again has come.
	 */
	void retry(ConnectionSlot slot) {
		NodeConnection opened = null;
		boolean changed;
		this.lock.lock();
		try {
			if (slot.state() != ConnectionState.BACKING_OFF || isEnding()) {
				return;
			}
			long idle = this.resources.policy().idleClose().toNanos();
			if (idle > 0 && this.resources.timer().nanoTime() - this.usedNanos >= idle) {
				slot.idle();
			}
			else {
				opened = slot.connect();
			}
			changed = refresh();
		}
		finally {
			this.lock.unlock();
		}
		tell(changed);
		if (opened != null) {
			opened.open(this.address);
		}
	}

	/**
	 * The node takes no more calls on the connection.
	 */
	void drained(NodeConnection connection) {
		NodeConnection opened;
		List<ClientCall<?>> calls = List.of();
		boolean changed;
		this.lock.lock();
		try {
			ConnectionSlot slot = connection.slot();
			if (isEnding() || slot.connection() != connection) {
				return;
			}
			this.lastFailure = "the node is draining";
			this.lastCause = null;
			this.draining.add(connection);
			long now = this.resources.timer().nanoTime();
			noteUse(slot, now);
			opened = slot.drained(now);
			changed = refresh();
			if (this.state == NodeState.TRANSIENT_FAILURE) {
				calls = takeWaiting();
			}
		}
		finally {
			this.lock.unlock();
		}
		connection.closeWhenDone();
		tell(changed);
		giveBack(calls);
		if (opened != null) {
			opened.open(this.address);
		}
	}

	/**
	 * There was no call on the connection for a long time.
	 */
	void idle(NodeConnection connection) {
		boolean changed;
		this.lock.lock();
		try {
			ConnectionSlot slot = connection.slot();
			if (isEnding() || slot.connection() != connection || !this.waiting.isEmpty()) {
				return;
			}
			this.draining.add(connection);
			slot.idle();
			changed = refresh();
		}
		finally {
			this.lock.unlock();
		}
		connection.closeWhenDone();
		tell(changed);
	}

	/**
	 * The connection is as old as it may get.
	 */
	void tooOld(NodeConnection connection) {
		NodeConnection successor;
		this.lock.lock();
		try {
			ConnectionSlot slot = connection.slot();
			if (isEnding() || slot.connection() != connection || slot.successor() != null) {
				return;
			}
			successor = slot.beginSuccessor();
		}
		finally {
			this.lock.unlock();
		}
		successor.open(this.address);
	}

	/**
	 * Finds out the state anew. Needs the lock.
	 * @return whether it is another one
	 */
	private boolean refresh() {
		NodeState before = this.state;
		NodeState state = this.shutDown ? NodeState.SHUTDOWN : this.retired ? NodeState.DRAINING : stateOfSlots();
		this.open = Stream.of(this.slots)
			.filter((slot) -> slot.state() == ConnectionState.READY)
			.map(ConnectionSlot::connection)
			.toArray(NodeConnection[]::new);
		this.someIdle = this.slots.length > 1
				&& Stream.of(this.slots).anyMatch((slot) -> slot.state() == ConnectionState.IDLE);
		if (state != before) {
			this.state = state;
			this.since = this.resources.timer().now();
			if (state == NodeState.READY) {
				this.openedNanos = this.resources.timer().nanoTime();
			}
		}
		publish();
		return state != before;
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
	 * Says where calls go without the lock. Needs the lock.
	 */
	private void publish() {
		this.congested &= !this.waiting.isEmpty() && this.state == NodeState.READY;
		NodeConnection[] free = (this.congested || isEnding()) ? NO_CONNECTIONS : this.open;
		this.only = (this.slots.length == 1 && free.length == 1) ? free[0] : null;
		this.several = (this.slots.length > 1) ? free : NO_CONNECTIONS;
		this.holding = this.state == NodeState.READY && !this.waiting.isEmpty();
	}

	void missedPings(int count) {
		this.missedPings.add(count);
	}

	// Deadlines

	void watchDeadline(long deadlineNanos) {
		this.deadlines.watch(deadlineNanos);
	}

	private long expire(long now) {
		long earliest = Long.MAX_VALUE;
		List<ClientCall<?>> late = new ArrayList<>();
		List<NodeConnection> connections;
		this.lock.lock();
		try {
			connections = new ArrayList<>(List.of(this.open));
			connections.addAll(this.draining);
			for (ClientCall<?> call : this.waiting) {
				if (call.deadlineNanos() <= now) {
					late.add(call);
				}
				else {
					earliest = Math.min(earliest, call.deadlineNanos());
				}
			}
		}
		finally {
			this.lock.unlock();
		}
		late.forEach((call) -> call.fail((sent) -> deadlineExceeded(call, sent)));
		for (NodeConnection connection : connections) {
			earliest = Math.min(earliest, connection.expire(now));
		}
		return earliest;
	}

	CallFailure deadlineExceeded(ClientCall<?> call, boolean sent) {
		String within = " within " + call.timeoutMillis() + " ms";
		long now = this.resources.timer().nanoTime();
		if (sent) {
			return new CallFailure(RpcCode.DEADLINE_EXCEEDED, Known.MAYBE_RAN,
					call.plan() + ": no reply from " + this.name + within + " " + phases(call, now, "wire"), null);
		}
		CallWait waited = CallWait.until(now, call.startNanos(), this.openedNanos);
		if (this.state == NodeState.READY && waited.queueNanos() > waited.connectNanos()) {
			return CallFailure.notRun(RpcCode.DEADLINE_EXCEEDED,
					call.plan() + ": no room on a connection to " + this.name + within + ", not sent (phase: queue)");
		}
		return CallFailure.notRun(RpcCode.DEADLINE_EXCEEDED, call.plan() + ": no connection to " + this.name + within
				+ ", not sent (phase: " + openingPhase() + ")");
	}

	/**
	 * The failure of a call that its node has ended since its time was over.
	 */
	CallFailure deadlineExceeded(ClientCall<?> call, Known known, String phase) {
		return new CallFailure(RpcCode.DEADLINE_EXCEEDED, known,
				call.plan() + ((known == Known.NOT_RUN) ? ": not run by " : ": no result from ") + this.name
						+ " within " + call.timeoutMillis() + " ms "
						+ phases(call, this.resources.timer().nanoTime(), phase),
				null);
	}

	/**
	 * Where the time went.
	 * @param last what the call did last, from when it was sent
	 */
	private static String phases(ClientCall<?> call, long now, String last) {
		CallWait waited = call.waited();
		if (waited == null) {
			return "(phase: " + last + ")";
		}
		long total = now - call.startNanos();
		return "(phase: " + waited.longest(total, last) + "; connect "
				+ TimeUnit.NANOSECONDS.toMillis(waited.connectNanos()) + " ms, queue "
				+ TimeUnit.NANOSECONDS.toMillis(waited.queueNanos()) + " ms, " + last + " "
				+ TimeUnit.NANOSECONDS.toMillis(total - waited.connectNanos() - waited.queueNanos()) + " ms)";
	}

	private String openingPhase() {
		this.lock.lock();
		try {
			return Stream.of(this.slots)
				.map(ConnectionSlot::connection)
				.filter((connection) -> connection != null)
				.map(NodeConnection::openingPhase)
				.findFirst()
				.orElse("connect");
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * A call of this node has ended without an answer.
	 */
	void unanswered(ClientCall<?> call, boolean sent, @Nullable NodeConnection connection) {
		this.failures.increment();
		if (!sent) {
			stopWaiting(call);
		}
		if (connection != null) {
			connection.abandoned(call, sent);
		}
	}

	// The end

	/**
	 * Whether no calls are taken any more. Needs the lock, or an unchanged answer later.
	 */
	private boolean isEnding() {
		return this.retired || this.shutDown;
	}

	/**
	 * Takes no more calls: those that wait are given back, those in flight go on to their
	 * end, then the connections close, and the node is in state
	 * {@link NodeState#SHUTDOWN}. Cannot be taken back.
	 */
	public void retire() {
		List<NodeConnection> finishing = new ArrayList<>();
		List<NodeConnection> unwanted = new ArrayList<>();
		List<ClientCall<?>> calls;
		this.lock.lock();
		try {
			if (isEnding()) {
				return;
			}
			this.retired = true;
			for (ConnectionSlot slot : this.slots) {
				NodeConnection connection = slot.connection();
				if (connection != null && slot.state() == ConnectionState.READY) {
					this.draining.add(connection);
					finishing.add(connection);
				}
				else if (connection != null) {
					unwanted.add(connection);
				}
				NodeConnection successor = slot.successor();
				if (successor != null) {
					unwanted.add(successor);
				}
				slot.dropSuccessor();
				slot.idle();
			}
			calls = takeWaiting();
			endIfDrained();
			refresh();
		}
		finally {
			this.lock.unlock();
		}
		unwanted.forEach((connection) -> connection.close("is not wanted any more", null));
		finishing.forEach(NodeConnection::closeWhenDone);
		tell(true);
		if (!calls.isEmpty()) {
			this.listener.returned(this, calls, closed());
		}
	}

	/**
	 * Ends a node that was retired and has no connections left. Needs the lock.
	 */
	private void endIfDrained() {
		if (this.retired && this.draining.isEmpty() && !this.shutDown) {
			this.shutDown = true;
			this.deadlines.close();
		}
	}

	/**
	 * Closes the connections. Calls that wait or are in flight fail.
	 */
	@Override
	public void close() {
		List<NodeConnection> connections = new ArrayList<>();
		List<ClientCall<?>> calls;
		this.lock.lock();
		try {
			if (this.shutDown) {
				return;
			}
			for (ConnectionSlot slot : this.slots) {
				Stream.of(slot.connection(), slot.successor())
					.filter((connection) -> connection != null)
					.forEach(connections::add);
				if (slot.connection() == null) {
					slot.idle();
				}
			}
			connections.addAll(this.draining);
			this.shutDown = true;
			refresh();
			calls = takeWaiting();
		}
		finally {
			this.lock.unlock();
		}
		connections.forEach((connection) -> connection.close("was closed by this side", null));
		calls.forEach((call) -> call.reject(closed()));
		this.deadlines.close();
		this.listener.changed(this);
	}

	@Override
	public String toString() {
		return this.name + " (" + this.state + ")";
	}

}
