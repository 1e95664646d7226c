package io.github.netrpc.client;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;

/**
 * Calls one node, that is one address, over one connection that all calls share. The
 * first call opens it. When it is lost or cannot be opened, calls fail at once until a
 * growing, jittered time has passed; then the next call tries again. Thread-safe.
 * <p>
 * The lock guards the state and the calls that wait for a connection. A call on an open
 * connection does not take it.
 *
 * @since 0.1.0
 */
public final class NodeClient implements AutoCloseable {

	/** A connection that lived this long ends a row of failures. */
	static final long HEALTHY_NANOS = Duration.ofSeconds(10).toNanos();

	private final InetSocketAddress address;

	private final String name;

	private final ClientResources resources;

	private final NodeListener listener;

	private final ReentrantLock lock = new ReentrantLock();

	private final Deque<ClientCall<?>> waiting = new ArrayDeque<>();

	/** A task is to send the calls that wait. */
	private boolean sending;

	private final Backoff backoff;

	private final LongAdder failures = new LongAdder();

	private final DeadlineWatch deadlines;

	/** The connection in state READY. */
	private volatile @Nullable NodeConnection ready;

	/** The connection in states CONNECTING and READY. */
	private @Nullable NodeConnection current;

	private volatile NodeState state = NodeState.IDLE;

	private Instant since;

	private long readyNanos;

	private long retryNanos;

	private long earlierCalls;

	private @Nullable String lastFailure;

	private @Nullable Throwable lastCause;

	private Runnable cancelTimer = () -> {
	};

	/**
	 * Creates a node in state {@link NodeState#IDLE}.
	 * @param address where it is; resolved anew for each connection if unresolved
	 * @param resources what it shares with other nodes
	 * @param listener told of changes
	 */
	public NodeClient(InetSocketAddress address, ClientResources resources, NodeListener listener) {
		this.address = address;
		this.name = nameOf(address);
		this.resources = resources;
		this.listener = listener;
		this.backoff = new Backoff(resources.random());
		this.since = resources.timer().now();
		this.deadlines = new DeadlineWatch(resources.timer(), this::expire);
	}

	private static String nameOf(InetSocketAddress address) {
		String host = address.getHostString();
		return ((host.indexOf(':') >= 0) ? "[" + host + "]" : host) + ":" + address.getPort();
	}

	/**
	 * The address as configured.
	 * @return {@code host:port}
	 */
	public String name() {
		return this.name;
	}

	/**
	 * What the connection does now.
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
			NodeConnection current = this.current;
			return new NodeSnapshot(this.name, this.state, this.since, (current != null) ? current.inFlight() : 0,
					this.waiting.size(), this.earlierCalls + ((current != null) ? current.total() : 0),
					this.failures.sum(), this.lastFailure);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Opens the connection, if the node is idle.
	 */
	public void connect() {
		NodeConnection opened = null;
		this.lock.lock();
		try {
			if (this.state == NodeState.IDLE) {
				opened = beginConnecting();
			}
		}
		finally {
			this.lock.unlock();
		}
		if (opened != null) {
			open(opened);
		}
	}

	/**
	 * Offers a call to the node. The node that takes it will end it.
	 * @param call a call that no node has taken
	 * @param argument the argument; it must not change until the call has ended, since it
	 * is encoded later if the node is not connected
	 * @return null if the node takes the call, else why it does not, and the call is the
	 * offerer's again
	 */
	public @Nullable CallFailure offer(ClientCall<?> call, @Nullable Object argument) {
		NodeConnection ready = this.ready;
		while (ready != null) {
			if (ready.send(call, argument)) {
				return null;
			}
			// It has closed a moment ago; what is known of that may come a moment later.
			ready = (this.ready != ready) ? this.ready : null;
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
		NodeConnection opened = null;
		boolean raced = false;
		boolean send = false;
		this.lock.lock();
		try {
			switch (this.state) {
				case SHUTDOWN -> {
					return closed();
				}
				case TRANSIENT_FAILURE -> {
					return backingOff();
				}
				case READY -> {
					raced = mayEncode;
					if (!mayEncode) {
						call.waitAt(this, argument);
						this.waiting.add(call);
						send = claimSending();
					}
				}
				case IDLE, CONNECTING -> {
					if (this.waiting.size() >= this.resources.limits().waiting()) {
						return CallFailure.notRun(RpcCode.RESOURCE_EXHAUSTED,
								this.waiting.size() + " calls wait for a connection to " + this.name);
					}
					call.waitAt(this, argument);
					this.waiting.add(call);
					if (this.state == NodeState.IDLE) {
						opened = beginConnecting();
					}
				}
			}
		}
		finally {
			this.lock.unlock();
		}
		if (raced) {
			return offerRaced(call, argument);
		}
		if (!call.isOpen()) {
			// Ended before it was here to be removed.
			stopWaiting(call);
			call.dropArgument();
		}
		this.deadlines.watch(call.deadlineNanos());
		if (send) {
			sendWaitingLater();
		}
		if (opened != null) {
			open(opened);
		}
		return null;
	}

	/**
	 * Either the connection has just opened, or it has closed and the I/O thread is about
	 * to say so.
	 */
	private @Nullable CallFailure offerRaced(ClientCall<?> call, @Nullable Object argument) {
		NodeConnection ready = this.ready;
		if (ready == null || ready.send(call, argument)) {
			return (ready != null) ? null : offerToWait(call, argument, true);
		}
		ready.reportClosed();
		return offerToWait(call, argument, true);
	}

	private CallFailure closed() {
		return CallFailure.unavailable(Known.NOT_RUN, "the client of " + this.name + " is closed", null);
	}

	private CallFailure backingOff() {
		long left = Math.max(0, this.retryNanos - this.resources.timer().nanoTime());
		return CallFailure.unavailable(Known.NOT_RUN, this.name + " is not connected: " + this.lastFailure
				+ "; next attempt in " + TimeUnit.NANOSECONDS.toMillis(left) + " ms", this.lastCause);
	}

	private NodeConnection beginConnecting() {
		NodeConnection connection = new NodeConnection(this, this.resources);
		this.current = connection;
		become(NodeState.CONNECTING);
		return connection;
	}

	private void become(NodeState state) {
		this.state = state;
		this.since = this.resources.timer().now();
	}

	private void open(NodeConnection connection) {
		this.listener.changed(this);
		Duration timeout = this.resources.limits().connectTimeout();
		Runnable cancel = this.resources.timer()
			.schedule(() -> timedOut(connection), timeout.toNanos() + TimeUnit.MILLISECONDS.toNanos(500));
		this.lock.lock();
		try {
			if (this.current == connection && this.state == NodeState.CONNECTING) {
				this.cancelTimer = cancel;
			}
		}
		finally {
			this.lock.unlock();
		}
		this.resources.transport().connect(this.address, timeout, connection).whenComplete((opened, failure) -> {
			if (failure != null) {
				Throwable cause = (failure instanceof CompletionException && failure.getCause() != null)
						? failure.getCause() : failure;
				connection.close("could not be opened", cause);
			}
		});
	}

	private void timedOut(NodeConnection connection) {
		if (this.ready != connection) {
			connection.close("was not open within " + this.resources.limits().connectTimeout().toMillis() + " ms",
					null);
		}
	}

	/**
	 * The connection takes calls from now on.
	 */
	void connected(NodeConnection connection) {
		boolean taken = false;
		boolean send = false;
		this.lock.lock();
		try {
			if (this.current == connection && this.state == NodeState.CONNECTING) {
				taken = true;
				this.cancelTimer.run();
				this.readyNanos = this.resources.timer().nanoTime();
				become(NodeState.READY);
				this.ready = connection;
				send = claimSending();
			}
		}
		finally {
			this.lock.unlock();
		}
		if (!taken) {
			connection.close("is not wanted any more", null);
			return;
		}
		if (send) {
			sendWaitingLater();
		}
		this.listener.changed(this);
	}

	/**
	 * Whether a task is needed that sends the calls that wait. Needs the lock.
	 */
	private boolean claimSending() {
		boolean claimed = !this.sending && !this.waiting.isEmpty();
		this.sending |= claimed;
		return claimed;
	}

	/**
	 * Has the calls that wait sent by a thread that may take its time. Until it comes to
	 * them they stay where their deadlines are watched.
	 */
	private void sendWaitingLater() {
		this.resources.completions().execute(this::sendWaiting);
	}

	private void sendWaiting() {
		for (ClientCall<?> call = nextToSend(); call != null; call = nextToSend()) {
			sendWaiting(call);
		}
	}

	private void sendWaiting(ClientCall<?> call) {
		try {
			CallFailure refused = offer(call, call.argument());
			if (refused != null) {
				this.listener.returned(this, List.of(call), refused);
			}
		}
		catch (Throwable ex) {
			// The calls behind it must still be sent.
			call.fail((sent) -> notOffered(call, sent, ex));
		}
	}

	private CallFailure notOffered(ClientCall<?> call, boolean sent, Throwable cause) {
		return new CallFailure(RpcCode.INTERNAL, sent ? Known.MAYBE_RAN : Known.NOT_RUN,
				call.plan() + " could not be given to " + this.name + ": " + cause, cause);
	}

	private @Nullable ClientCall<?> nextToSend() {
		this.lock.lock();
		try {
			ClientCall<?> call = (this.state == NodeState.READY) ? this.waiting.poll() : null;
			this.sending = call != null;
			return call;
		}
		finally {
			this.lock.unlock();
		}
	}

	private List<ClientCall<?>> takeWaiting() {
		List<ClientCall<?>> calls = new ArrayList<>(this.waiting);
		this.waiting.clear();
		return calls;
	}

	/**
	 * Takes the calls that wait here, for a node that is connected already.
	 * @param other the node that gets them
	 */
	public void moveWaitingTo(NodeClient other) {
		List<ClientCall<?>> calls;
		this.lock.lock();
		try {
			calls = takeWaiting();
			// Those that are bound to this node stay.
			calls.stream().filter((call) -> call.options().node() != null).forEach(this.waiting::add);
			calls.removeIf((call) -> call.options().node() != null);
		}
		finally {
			this.lock.unlock();
		}
		for (ClientCall<?> call : calls) {
			try {
				CallFailure refused = other.offerAgain(call);
				if (refused != null) {
					this.listener.returned(other, List.of(call), refused);
				}
			}
			catch (Throwable ex) {
				call.fail((sent) -> notOffered(call, sent, ex));
			}
		}
	}

	/**
	 * The connection has closed, or could not be opened.
	 */
	void disconnected(NodeConnection connection, String because, @Nullable Throwable cause) {
		List<ClientCall<?>> calls;
		CallFailure reason;
		this.lock.lock();
		try {
			if (this.current != connection) {
				return;
			}
			this.cancelTimer.run();
			boolean wasReady = this.state == NodeState.READY;
			this.ready = null;
			this.current = null;
			this.earlierCalls += connection.total();
			this.lastFailure = "the connection " + because
					+ ((cause != null && cause.getMessage() != null) ? ": " + cause.getMessage() : "");
			this.lastCause = cause;
			long now = this.resources.timer().nanoTime();
			if (this.state == NodeState.SHUTDOWN) {
				return;
			}
			if (wasReady && now - this.readyNanos >= HEALTHY_NANOS) {
				this.backoff.reset();
				become(NodeState.IDLE);
			}
			else {
				long delay = this.backoff.nextNanos();
				this.retryNanos = now + delay;
				become(NodeState.TRANSIENT_FAILURE);
				this.cancelTimer = this.resources.timer().schedule(this::endBackoff, delay);
			}
			calls = takeWaiting();
			reason = CallFailure.unavailable(Known.NOT_RUN, this.name + " is not connected: " + this.lastFailure,
					cause);
		}
		finally {
			this.lock.unlock();
		}
		this.listener.changed(this);
		if (!calls.isEmpty()) {
			this.listener.returned(this, calls, reason);
		}
	}

	private void endBackoff() {
		this.lock.lock();
		try {
			if (this.state != NodeState.TRANSIENT_FAILURE) {
				return;
			}
			become(NodeState.IDLE);
		}
		finally {
			this.lock.unlock();
		}
		this.listener.changed(this);
	}

	void watchDeadline(long deadlineNanos) {
		this.deadlines.watch(deadlineNanos);
	}

	private long expire(long now) {
		NodeConnection ready = this.ready;
		long earliest = (ready != null) ? ready.expire(now) : Long.MAX_VALUE;
		List<ClientCall<?>> late = new ArrayList<>();
		this.lock.lock();
		try {
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
		return earliest;
	}

	CallFailure deadlineExceeded(ClientCall<?> call, boolean sent) {
		String time = call.timeoutMillis() + " ms";
		return new CallFailure(RpcCode.DEADLINE_EXCEEDED, sent ? Known.MAYBE_RAN : Known.NOT_RUN,
				call.plan() + (sent ? ": no reply from " + this.name + " within " + time
						: ": no connection to " + this.name + " within " + time + ", not sent"),
				null);
	}

	/**
	 * A call of this node has ended without an answer.
	 */
	void unanswered(ClientCall<?> call, boolean sent) {
		this.failures.increment();
		if (!sent) {
			stopWaiting(call);
		}
	}

	private void stopWaiting(ClientCall<?> call) {
		this.lock.lock();
		try {
			this.waiting.remove(call);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Closes the connection. Calls that wait or are in flight fail.
	 */
	@Override
	public void close() {
		NodeConnection connection;
		List<ClientCall<?>> calls;
		this.lock.lock();
		try {
			if (this.state == NodeState.SHUTDOWN) {
				return;
			}
			this.cancelTimer.run();
			this.ready = null;
			connection = this.current;
			become(NodeState.SHUTDOWN);
			calls = takeWaiting();
		}
		finally {
			this.lock.unlock();
		}
		if (connection != null) {
			connection.close("was closed by this side", null);
		}
		calls.forEach((call) -> call.reject(closed()));
		this.deadlines.close();
		this.listener.changed(this);
	}

	@Override
	public String toString() {
		return this.name + " (" + this.state + ")";
	}

}
