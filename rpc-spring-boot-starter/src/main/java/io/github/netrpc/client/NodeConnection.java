package io.github.netrpc.client;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.exec.Unflushed;
import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.Connection.Offered;
import io.github.netrpc.transport.ConnectionHandler;
import io.github.netrpc.wire.ClientCodec;
import io.github.netrpc.wire.EncodeException;
import io.github.netrpc.wire.MessageBuffer;
import io.github.netrpc.wire.PendingReply;
import io.github.netrpc.wire.ReplySink;
import io.github.netrpc.wire.WireException;
import io.github.netrpc.wire.http.ConnectAnswerReader;
import io.github.netrpc.wire.http.ConnectPath;

/**
 * One connection to a node, from the attempt to open it to its end: sends calls, finds
 * the calls that replies belong to, and fails those that are left when it closes.
 * <p>
 * Its first message is a ping that nobody waits for. The reply tells whether the node
 * knows our fields, and that it answers at all: after a failure the connection takes
 * calls only then, since a frozen process and many a proxy accept connections too.
 */
final class NodeConnection implements ConnectionHandler, ReplySink, Unflushed.Flushable {

	/** For the transport to say by itself why there is no connection. */
	private static final long CONNECT_GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

	private static final VarHandle READ_NANOS;

	static {
		try {
			READ_NANOS = MethodHandles.lookup().findVarHandle(NodeConnection.class, "readNanos", long.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private final NodeClient node;

	private final ConnectionSlot slot;

	private final ClientResources resources;

	private final boolean probe;

	private final Duration connectTimeout;

	private final PendingTable pending;

	private final ClientCodec codec;

	private final ConnectionWatch watch;

	private final long unsentLimit;

	private final String id;

	private final AtomicBoolean unflushed = new AtomicBoolean();

	/**
	 * Reads the answer to the HTTP request that opens the connection, until it has come.
	 */
	private @Nullable ConnectAnswerReader handshake;

	private volatile @Nullable Connection connection;

	private volatile Instant drainingSince = Instant.EPOCH;

	/** Takes no calls any more: it drains, or is closed. */
	private volatile boolean refusing;

	/** Takes no bytes any more; the transport is about to tell its end. */
	private volatile boolean outputClosed;

	private volatile @Nullable String closedBecause;

	private volatile @Nullable Throwable closeCause;

	private volatile boolean silent;

	private volatile Peer peer = Peer.UNKNOWN;

	/** What is added to the deadlines of calls. */
	private volatile long graceNanos;

	private volatile boolean resolving;

	private volatile boolean established;

	private volatile boolean confirmed;

	private volatile Runnable cancelConnectTimer = () -> {
	};

	private volatile long unansweredNanos = -1;

	@SuppressWarnings("unused") // through READ_NANOS
	private long readNanos;

	private @Nullable ClientCall<?> firstAnswered;

	private @Nullable ClientCall<?> lastAnswered;

	private int answered;

	/**
	 * Creates a connection that is not open.
	 * @param probe whether it takes calls only when the node has answered
	 * @param connectTimeout how long opening it may take
	 */
	NodeConnection(NodeClient node, ConnectionSlot slot, ClientResources resources, boolean probe,
			Duration connectTimeout) {
		this.node = node;
		this.slot = slot;
		this.resources = resources;
		this.probe = probe;
		this.connectTimeout = connectTimeout;
		this.pending = new PendingTable(resources.limits().inFlight());
		this.codec = resources.format().clientCodec();
		this.watch = new ConnectionWatch(this, resources);
		this.unsentLimit = resources.limits().unsentBytes();
		this.id = resources.newConnectionId();
		ConnectPath path = resources.connectPath();
		this.handshake = (path != null) ? new ConnectAnswerReader(path) : null;
	}

	ConnectionSlot slot() {
		return this.slot;
	}

	// Opening

	/**
	 * Begins to open the connection.
	 */
	void open(InetSocketAddress address) {
		this.resolving = address.isUnresolved();
		try {
			this.cancelConnectTimer = this.resources.timer()
				.schedule(this::connectTimedOut, this.connectTimeout.toNanos() + CONNECT_GRACE_NANOS);
			this.resources.transport().connect(address, this.connectTimeout, this).whenComplete((opened, failure) -> {
				if (failure != null) {
					Throwable cause = (failure instanceof CompletionException && failure.getCause() != null)
							? failure.getCause() : failure;
					close("could not be opened", cause);
				}
			});
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			// No thread to be had, for now: an attempt that has failed like any other.
			close("could not be opened", ex);
		}
	}

	private void connectTimedOut() {
		if (!this.established) {
			String within = " within " + this.connectTimeout.toMillis() + " ms";
			close((this.connection != null) ? "was open, but the node did not answer" + within
					: "was not open" + within, null);
		}
	}

	/**
	 * What takes the time while the connection is being opened.
	 */
	String openingPhase() {
		return this.resolving ? "resolve" : "connect";
	}

	@Override
	public void resolved() {
		this.resolving = false;
	}

	@Override
	public void opened(Connection connection) {
		this.resolving = false;
		this.connection = connection;
		if (this.closedBecause != null) {
			// Given up while it was being opened, so nobody else could close it.
			connection.close();
			return;
		}
		ConnectPath path = this.resources.connectPath();
		if (path != null) {
			connection.send(path.request());
		}
		else {
			greet();
		}
	}

	private void greet() {
		if (this.resources.extensions()) {
			sendControl((seq, out) -> this.resources.controlCalls()
				.ping(this.codec, seq, Map.of("connection", this.id), out), this.unsentLimit);
		}
		else if (this.probe) {
			ping();
		}
		if (!this.probe) {
			establish();
		}
	}

	private void establish() {
		this.established = true;
		this.cancelConnectTimer.run();
		this.watch.start();
		this.node.connected(this);
	}

	/**
	 * Whether the node has answered.
	 */
	boolean isConfirmed() {
		return this.confirmed;
	}

	private void confirm() {
		this.confirmed = true;
		this.node.confirmed(this);
		if (this.probe && this.closedBecause == null) {
			establish();
		}
	}

	// Calls

	/**
	 * Sends a call, or ends it if that is not possible. Runs in the caller's thread.
	 * @return whether the connection took the call; if not, it may go elsewhere
	 */
	Sent send(ClientCall<?> call, @Nullable Object argument) {
		Connection connection = this.connection;
		if (connection == null || this.refusing) {
			return Sent.CLOSED;
		}
		if (connection.unsentBytes() > this.unsentLimit) {
			return Sent.FULL;
		}
		call.sendOn(this.node, this);
		if (!this.pending.add(call)) {
			return Sent.FULL;
		}
		if (this.refusing && this.pending.remove(call)) {
			closeIfDone();
			return Sent.CLOSED;
		}
		this.node.watchDeadline(endNanos(call, this.graceNanos));
		MessageBuffer buffer = this.resources.buffers().acquire();
		try {
			return send(call, argument, buffer, connection);
		}
		finally {
			this.resources.buffers().release(buffer);
		}
	}

	private Sent send(ClientCall<?> call, @Nullable Object argument, MessageBuffer buffer, Connection connection) {
		CallPlan plan = call.plan();
		try {
			if (this.resources.extensions()) {
				this.codec.encodeRequest(plan.method(), call.number(), timeLeftNanos(call), call.options().metadata(),
						argument, plan.argumentPlan(), buffer);
			}
			else {
				this.codec.encodeRequest(plan.method(), call.number(), 0, Map.of(), argument, plan.argumentPlan(),
						buffer);
			}
		}
		catch (Throwable ex) {
			// Errors too: accessors are the application's, and the call must end.
			call.fail((sent) -> new CallFailure(RpcCode.INVALID_ARGUMENT, Known.NOT_RUN,
					"argument of " + plan + " cannot be sent: " + ex.getMessage(), ex));
			this.pending.remove(call);
			return Sent.TAKEN;
		}
		if (!call.markSent()) {
			// Ended while it was encoded, before its number was known to whoever ended
			// it.
			this.pending.remove(call);
			roomFreed();
		}
		else {
			Offered offered = offer(call, buffer, connection);
			if (offered != Offered.TAKEN) {
				return takeBack(call, offered);
			}
			if (call.isAbandoned()) {
				// Perhaps before the request was taken: then the Cancel has overtaken it.
				// One that was sent before is seen here, since both go through the
				// output one after the other.
				cancelAtNode(call);
			}
		}
		return Sent.TAKEN;
	}

	/**
	 * Takes back a call whose bytes were not taken. The table decides whose it is:
	 * whoever else has taken it out, such as the end of the connection, ends it, and it
	 * goes nowhere else.
	 */
	private Sent takeBack(ClientCall<?> call, Offered offered) {
		if (offered == Offered.CLOSED) {
			this.outputClosed = true;
		}
		boolean mine = this.pending.remove(call);
		boolean open = call.unmarkSent();
		roomFreed();
		if (!mine || !open) {
			return Sent.TAKEN;
		}
		return (offered == Offered.FULL && !this.refusing) ? Sent.FULL : Sent.CLOSED;
	}

	/**
	 * How long the caller will wait, at least 1. Calls that had to wait are few enough to
	 * ask for the time; the others began a moment ago.
	 */
	private long timeLeftNanos(ClientCall<?> call) {
		long now = (call.waited() != null) ? this.resources.timer().nanoTime() : call.startNanos();
		return Math.max(1, call.deadlineNanos() - now);
	}

	private Offered offer(ClientCall<?> call, MessageBuffer buffer, Connection connection) {
		Completions completions = this.resources.completions();
		if (call.isAwaited() || !completions.mayFlushLater()) {
			return connection.offer(buffer, this.unsentLimit, false);
		}
		Offered offered = connection.offer(buffer, this.unsentLimit, true);
		completions.flushLater(this);
		return offered;
	}

	@Override
	public boolean markUnflushed() {
		return !this.unflushed.get() && this.unflushed.compareAndSet(false, true);
	}

	@Override
	public void flush() {
		this.unflushed.set(false);
		Connection connection = this.connection;
		if (connection != null) {
			connection.flush();
		}
	}

	/**
	 * Whether a call would be taken. If not, the node is told when one may be.
	 */
	boolean hasRoom() {
		Connection connection = this.connection;
		if (connection == null || this.refusing || this.outputClosed) {
			return false;
		}
		if (connection.unsentBytes() > this.unsentLimit) {
			connection.notifyBelow(this.unsentLimit);
			return false;
		}
		return this.pending.hasRoom();
	}

	/**
	 * A call is about to end.
	 */
	void forget(ClientCall<?> call) {
		this.pending.remove(call);
	}

	/**
	 * A call has ended without an answer. If it was sent the node is told, unless it
	 * would not understand.
	 */
	void abandoned(ClientCall<?> call, boolean sent) {
		if (this.closedBecause != null) {
			return;
		}
		if (sent && this.unansweredNanos <= readNanos()) {
			this.unansweredNanos = Math.max(call.startNanos(), readNanos() + 1);
		}
		if (sent) {
			call.abandon();
			cancelAtNode(call);
		}
		roomFreed();
	}

	/**
	 * Tells the node, however much is unsent: the handler of a call that nobody waits for
	 * would go on to its end. What that adds has a bound, since while there is no room no
	 * calls are sent, and those that were are no more than may be in flight.
	 */
	private void cancelAtNode(ClientCall<?> call) {
		long number = call.number();
		if (this.resources.extensions() && this.peer != Peer.STOCK) {
			sendControl((seq, out) -> this.resources.controlCalls().cancel(this.codec, seq, number, out),
					Long.MAX_VALUE);
		}
	}

	private void roomFreed() {
		if (this.refusing) {
			closeIfDone();
		}
		this.node.roomFreed();
	}

	int inFlight() {
		return this.pending.count();
	}

	/**
	 * How many calls were ever given to this connection.
	 */
	long total() {
		return this.pending.total();
	}

	/**
	 * When the oldest call began that has not ended, or {@link Long#MAX_VALUE}.
	 */
	long oldestStart() {
		return this.pending.oldestStart();
	}

	long unsentBytes() {
		Connection connection = this.connection;
		return (connection != null) ? connection.unsentBytes() : 0;
	}

	long sentBytes() {
		Connection connection = this.connection;
		return (connection != null) ? connection.sentBytes() : 0;
	}

	/**
	 * Since when there is, or was, a call without an answer: the first one to end so
	 * since the last read. Not later than that read if there was none.
	 */
	long unansweredNanos() {
		return this.unansweredNanos;
	}

	/**
	 * What both sides call a call of this connection.
	 */
	String callId(long number) {
		return this.id + "-" + Long.toUnsignedString(number);
	}

	/**
	 * Ends the calls whose time is over.
	 * @return when the next one's is, or {@link Long#MAX_VALUE}
	 */
	long expire(long now) {
		long grace = this.graceNanos;
		long[] earliest = { Long.MAX_VALUE };
		this.pending.forEach((call) -> {
			long end = call.isSent() ? endNanos(call, grace) : call.deadlineNanos();
			if (end <= now) {
				call.fail((sent) -> this.node.deadlineExceeded(call, sent));
			}
			else {
				earliest[0] = Math.min(earliest[0], end);
			}
		});
		return earliest[0];
	}

	private static long endNanos(ClientCall<?> call, long graceNanos) {
		return Math.min(call.deadlineNanos(), Long.MAX_VALUE - graceNanos) + graceNanos;
	}

	// Calls of our own

	/**
	 * Asks the node for a sign of life.
	 * @return whether there was room to ask
	 */
	boolean ping() {
		return sendControl((seq, out) -> this.resources.controlCalls().ping(this.codec, seq, Map.of(), out),
				this.unsentLimit);
	}

	/**
	 * Sends a message whose reply nobody waits for, if there is room.
	 * @param limit how many bytes may be unsent before
	 * @return whether it was taken
	 */
	private boolean sendControl(ControlCall call, long limit) {
		Connection connection = this.connection;
		if (connection == null || connection.unsentBytes() > limit) {
			return false;
		}
		MessageBuffer buffer = this.resources.buffers().acquire();
		try {
			call.encode(this.pending.freeNumber(), buffer);
			return connection.offer(buffer, limit, false) == Offered.TAKEN;
		}
		catch (Throwable ex) {
			// Errors too: whoever sends it has calls to end.
			this.resources.completions().report("A message to " + this.node.name() + " could not be sent", ex);
			return false;
		}
		finally {
			this.resources.buffers().release(buffer);
		}
	}

	// Input

	@Override
	public int received(byte[] buffer, int from, int to) {
		if (this.closedBecause != null) {
			return to - from;
		}
		try {
			int consumed = 0;
			if (this.handshake != null) {
				consumed = this.handshake.read(buffer, from, to);
				if (consumed == 0) {
					return 0;
				}
				this.handshake = null;
				greet();
				if (from + consumed == to) {
					return consumed;
				}
			}
			READ_NANOS.setOpaque(this, this.resources.timer().nanoTime());
			consumed += this.codec.decode(buffer, from + consumed, to, this);
			if (!this.confirmed && this.peer != Peer.UNKNOWN) {
				confirm();
			}
			return consumed;
		}
		catch (WireException | RuntimeException | StackOverflowError ex) {
			close("was closed by this side: " + ex.getMessage(), ex);
			return to - from;
		}
		finally {
			completeAnswered();
			roomFreed();
		}
	}

	@Override
	public @Nullable PendingReply take(long seq) {
		if (this.peer == Peer.UNKNOWN) {
			this.peer = Peer.STOCK;
		}
		return this.pending.find(seq);
	}

	@Override
	public void extended() {
		if (!this.resources.extensions()) {
			// Nobody asked
			return;
		}
		this.peer = Peer.EXTENDED;
		this.graceNanos = this.resources.deadlineGraceNanos();
	}

	@Override
	public void notice(Map<String, String> metadata) {
		if (this.resources.extensions() && "true".equals(metadata.get("drain"))) {
			if (this.established) {
				this.node.drained(this);
			}
			else {
				close("was closed by this side: the node is draining", null);
			}
		}
	}

	/**
	 * When the bytes arrived that were read last.
	 */
	long readNanos() {
		return (long) READ_NANOS.getOpaque(this);
	}

	/**
	 * Leaves a call that was answered to the end of the read.
	 */
	void completeAfterRead(ClientCall<?> call) {
		ClientCall<?> last = this.lastAnswered;
		if (last == null) {
			this.firstAnswered = call;
		}
		else {
			last.next = call;
		}
		this.lastAnswered = call;
		this.answered++;
	}

	private void completeAnswered() {
		ClientCall<?> first = this.firstAnswered;
		ClientCall<?> last = this.lastAnswered;
		if (first != null && last != null) {
			this.firstAnswered = null;
			this.lastAnswered = null;
			int count = this.answered;
			this.answered = 0;
			this.resources.completions().submit(first, last, count);
		}
	}

	// The end

	/**
	 * Takes no more calls, and closes when those that there are have ended.
	 */
	void closeWhenDone() {
		this.drainingSince = this.resources.timer().now();
		this.refusing = true;
		closeIfDone();
	}

	Instant drainingSince() {
		return this.drainingSince;
	}

	private void closeIfDone() {
		// A call that is added from now on sees that it is refused, and goes elsewhere.
		if (this.closedBecause == null && this.pending.isEmpty()) {
			close("was closed by this side: no calls are left", null);
		}
	}

	/**
	 * The node is dead.
	 * @param pings how many were sent
	 */
	void silent(long millis, int pings) {
		this.silent = true;
		String asked = pings + " pings were not answered";
		if (pings > 0) {
			this.node.missedPings(1);
		}
		else {
			asked = "no ping could be sent, " + unsentBytes() + " bytes wait to be sent";
		}
		close("was given up: nothing was received for " + millis + " ms, " + asked, null);
	}

	/**
	 * Whether it was closed because the node is dead.
	 */
	boolean wasSilent() {
		return this.silent;
	}

	void missedPing() {
		this.node.missedPings(1);
	}

	/**
	 * There was no call for a long time.
	 */
	void idle() {
		if (!this.refusing) {
			this.node.idle(this);
		}
	}

	/**
	 * It is as old as it may get.
	 */
	void tooOld() {
		if (!this.refusing) {
			this.node.tooOld(this);
		}
	}

	@Override
	public void inputEnded() {
		close("was closed by the node", null);
	}

	@Override
	public void drained() {
		this.node.roomFreed();
	}

	@Override
	public void closed(@Nullable Throwable cause) {
		close((cause != null) ? "was lost" : "was closed by the node", cause);
	}

	/**
	 * Closes the connection and ends all its calls, once.
	 */
	void close(String because, @Nullable Throwable cause) {
		synchronized (this) {
			if (this.closedBecause != null) {
				return;
			}
			this.closeCause = cause;
			this.closedBecause = because;
		}
		this.refusing = true;
		try {
			this.cancelConnectTimer.run();
			this.watch.stop();
			Connection connection = this.connection;
			if (connection != null) {
				connection.close();
			}
			this.node.disconnected(this, because, cause);
		}
		finally {
			// Whatever a listener of the node throws, calls end.
			long now = this.resources.timer().nanoTime();
			// A call whose sender has just taken it out goes to another connection.
			this.pending.takeEach((call) -> call.fail((sent) -> lost(call, sent, now)));
		}
	}

	private CallFailure lost(ClientCall<?> call, boolean sent, long now) {
		Throwable cause = this.closeCause;
		String reason = (cause != null && cause.getMessage() != null && cause instanceof IOException)
				? ": " + cause.getMessage() : "";
		return CallFailure
			.unavailable(
					sent ? Known.MAYBE_RAN : Known.NOT_RUN, call.plan() + ": the connection to " + this.node.name()
							+ " " + this.closedBecause + reason + (sent ? ", no reply after "
									+ TimeUnit.NANOSECONDS.toMillis(now - call.startNanos()) + " ms" : ", not sent"),
					cause);
	}

	/**
	 * What became of a call that was offered.
	 */
	enum Sent {

		/** The call was sent, or has ended. */
		TAKEN,

		/** There is no room for it. */
		FULL,

		/** The connection takes no calls any more. */
		CLOSED

	}

	/**
	 * What is known of the node.
	 */
	private enum Peer {

		/** It has not answered. */
		UNKNOWN,

		/** It has answered without our fields. */
		STOCK,

		/** It knows our fields. */
		EXTENDED

	}

	/**
	 * Writes a message of our own.
	 */
	@FunctionalInterface
	private interface ControlCall {

		void encode(long seq, MessageBuffer out) throws EncodeException;

	}

}
