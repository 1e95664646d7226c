package io.github.netrpc.client;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;

import javax.net.ssl.SSLHandshakeException;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.client.CallToken.UnusableTokenException;
import io.github.netrpc.client.ConnectionLogin.LostLoginException;
import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.Connection.Offered;
import io.github.netrpc.transport.ConnectionHandler;
import io.github.netrpc.wire.ClientCodec;
import io.github.netrpc.wire.MessageBuffer;
import io.github.netrpc.wire.PendingReply;
import io.github.netrpc.wire.WireException;

/**
 * One connection to a node, from the attempt to open it to its end: has the table of the
 * calls that wait for replies, and fails those that are left when it closes. Its parts
 * are {@link ConnectionOpening}, {@link ConnectionOutput} for what leaves,
 * {@link ReplyReader} for what comes, and {@link ConnectionWatch} for when nothing does.
 * <p>
 * Thread-safe without a lock. A sender adds its call to the table and then looks whether
 * the connection is {@link #refusing}; who ends the connection sets that and then looks
 * into the table: so one of them sees the other. Whoever takes a call out of the table
 * decides what becomes of it.
 */
final class NodeConnection implements ConnectionHandler {

	private final NodeClient node;

	private final ConnectionSlot slot;

	private final ClientResources resources;

	private final PendingTable pending;

	private final ConnectionOutput output;

	private final ConnectionOpening opening;

	/** Written before {@link #probed}. */
	private long probedNanos;

	private volatile boolean probed;

	private final ReplyReader reader;

	private final ConnectionWatch watch;

	/** Null without a token. */
	private final @Nullable ConnectionLogin login;

	/** Null until somebody expects one. */
	private volatile @Nullable LateReplies lateReplies;

	private volatile Instant drainingSince = Instant.EPOCH;

	/** Takes no calls any more: it drains, or is closed. */
	private volatile boolean refusing;

	private volatile boolean ended;

	private volatile boolean silent;

	/** Whether what the peer did shows that it has read no call. */
	private volatile boolean nothingRan;

	private volatile long unansweredNanos = -1;

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
		this.pending = new PendingTable(resources.limits().inFlight());
		ClientCodec codec = resources.format().clientCodec();
		this.output = new ConnectionOutput(resources, this.pending, codec);
		this.opening = new ConnectionOpening(this, resources, this.output, probe, connectTimeout);
		this.reader = new ReplyReader(this, this.opening, resources, this.pending, codec);
		this.watch = new ConnectionWatch(this, resources);
		CallToken token = resources.token();
		this.login = (token != null) ? new ConnectionLogin(this, this.output, token, resources, this.opening::loggedIn)
				: null;
	}

	ConnectionSlot slot() {
		return this.slot;
	}

	/**
	 * How the connection says who calls, or null if it does not.
	 */
	@Nullable ConnectionLogin login() {
		return this.login;
	}

	/**
	 * Whether the node is known to read what goes along with calls.
	 */
	boolean isExtended() {
		return this.reader.isExtended();
	}

	// Opening

	/**
	 * Begins to open the connection.
	 */
	void open(InetSocketAddress address) {
		this.opening.begin(address);
	}

	/**
	 * What took most of the time while the connection is being opened.
	 * @param since when the time began to count
	 * @param now when it is over
	 */
	String openingPhase(long since, long now) {
		return this.opening.phase(since, now);
	}

	@Override
	public void resolved() {
		this.opening.resolved();
	}

	/**
	 * When the address of the node was known.
	 */
	long resolvedNanos() {
		return this.opening.resolvedNanos();
	}

	@Override
	public void opened(Connection connection) {
		this.output.opened(connection);
		if (this.ended) {
			// Given up while it was being opened, so nobody else could close it.
			connection.close();
		}
		else {
			this.opening.opened(connection);
		}
	}

	/**
	 * It takes calls from now on.
	 */
	void established() {
		this.watch.start();
		this.node.connected(this);
	}

	/**
	 * The node has answered, for the first time.
	 */
	void confirmed() {
		this.node.confirmed(this);
	}

	/**
	 * Whether the node has answered.
	 */
	boolean isConfirmed() {
		return this.opening.isConfirmed();
	}

	// Calls

	/**
	 * Sends a call, or ends it if that is not possible. Runs in the caller's thread.
	 * @return whether the connection took the call; if not, it may go elsewhere
	 */
	Sent send(ClientCall<?> call, @Nullable Object argument) {
		Connection connection = this.output.connection();
		if (connection == null || this.refusing) {
			return Sent.CLOSED;
		}
		if (this.output.isFull(connection)) {
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
		this.node.watchDeadline(endNanos(call, this.reader.graceNanos()));
		MessageBuffer buffer = this.resources.buffers().acquire();
		try {
			return send(call, argument, buffer, connection);
		}
		finally {
			this.resources.buffers().release(buffer);
		}
	}

	private Sent send(ClientCall<?> call, @Nullable Object argument, MessageBuffer buffer, Connection connection) {
		try {
			this.output.encode(call, argument, buffer, connection);
		}
		catch (UnusableTokenException ex) {
			failWithoutToken(call, ex);
			return Sent.TAKEN;
		}
		catch (Throwable ex) {
			// Errors too: accessors are the application's, and the call must end.
			call.fail((sent) -> new CallFailure(RpcCode.INVALID_ARGUMENT, Known.NOT_RUN,
					"argument of " + call.plan() + " cannot be sent: " + ex.getMessage(), ex));
			this.pending.remove(call);
			return Sent.TAKEN;
		}
		if (!call.markSent()) {
			// Ended while it was encoded, before its number was known to whoever ended
			// it.
			this.pending.remove(call);
			roomFreed();
			return Sent.TAKEN;
		}
		return offer(call, buffer, connection);
	}

	/**
	 * Hands a call over, in one step with the login if it needs one.
	 */
	private Sent offer(ClientCall<?> call, MessageBuffer buffer, Connection connection) {
		ConnectionLogin login = this.login;
		try {
			Offered offered = (login != null && login.isNeeded()) ? login.offer(call, buffer, connection)
					: this.output.offer(call, buffer, connection);
			if (offered != Offered.TAKEN) {
				return takeBack(call, offered);
			}
		}
		catch (UnusableTokenException ex) {
			call.unmarkSent();
			failWithoutToken(call, ex);
			roomFreed();
			return Sent.TAKEN;
		}
		catch (LostLoginException ex) {
			// Before the end of the connection ends the call, too.
			Sent sent = takeBack(call, Offered.CLOSED);
			close(ex.because(), null);
			return sent;
		}
		if (call.isAbandoned()) {
			// Perhaps before the request was taken: then the Cancel has overtaken it.
			// One that was sent before is seen here, since both go through the
			// output one after the other.
			cancelAtNode(call);
		}
		return Sent.TAKEN;
	}

	private void failWithoutToken(ClientCall<?> call, UnusableTokenException ex) {
		call.fail((sent) -> new CallFailure(RpcCode.UNAUTHENTICATED, Known.NOT_RUN,
				call.plan() + " cannot be sent to " + this.node.name() + ": " + ex.getMessage(), ex.getCause()));
		this.pending.remove(call);
	}

	/**
	 * Takes back a call whose bytes were not taken. The table decides whose it is:
	 * whoever else has taken it out, such as the end of the connection, ends it, and it
	 * goes nowhere else.
	 */
	private Sent takeBack(ClientCall<?> call, Offered offered) {
		boolean mine = this.pending.remove(call);
		boolean open = call.unmarkSent();
		roomFreed();
		if (!mine || !open) {
			return Sent.TAKEN;
		}
		return (offered == Offered.FULL && !this.refusing) ? Sent.FULL : Sent.CLOSED;
	}

	/**
	 * Whether a call would be taken. If not, the node is told when one may be.
	 */
	boolean hasRoom() {
		return !this.refusing && this.output.hasRoom() && this.pending.hasRoom();
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
		if (this.ended) {
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
	 * Has somebody told of an answer to a call that has ended without one.
	 */
	void expectLate(ClientCall<?> call, Runnable told) {
		LateReplies late = this.lateReplies;
		if (late == null) {
			synchronized (this) {
				late = this.lateReplies;
				if (late == null) {
					late = new LateReplies();
					this.lateReplies = late;
				}
			}
		}
		late.expect(call.number(), call.replyPlan(), told);
	}

	/**
	 * What takes an answer that no call waits for, or null if that is nobody.
	 */
	@Nullable PendingReply late(long seq) {
		ConnectionLogin login = this.login;
		if (login != null && login.isAnsweredBy(seq)) {
			return login;
		}
		LateReplies late = this.lateReplies;
		return (late != null) ? late.take(seq) : null;
	}

	private void cancelAtNode(ClientCall<?> call) {
		if (this.resources.extensions() && !this.reader.isStock()) {
			this.output.cancel(call.number());
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

	ConnectionSnapshot snapshot(ConnectionState state, Instant since) {
		return new ConnectionSnapshot(state, since, inFlight(), unsentBytes());
	}

	/**
	 * When the oldest call began that has not ended, or {@link Long#MAX_VALUE}.
	 */
	long oldestStart() {
		return this.pending.oldestStart();
	}

	long unsentBytes() {
		return this.output.unsentBytes();
	}

	long sentBytes() {
		return this.output.sentBytes();
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
		return this.output.id() + "-" + Long.toUnsignedString(number);
	}

	/**
	 * Ends the calls whose time is over.
	 * @return when the next one's is, or {@link Long#MAX_VALUE}
	 */
	long expire(long now) {
		long grace = this.reader.graceNanos();
		long[] earliest = { Long.MAX_VALUE };
		this.pending.forEach((call) -> {
			long end = call.isSent() ? endNanos(call, grace) : call.deadlineNanos();
			if (end <= now) {
				call.fail((sent) -> this.node.late(call, sent));
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

	/**
	 * Asks the node for a sign of life.
	 * @return whether there was room to ask
	 */
	boolean ping() {
		return this.output.ping();
	}

	/**
	 * Asks the node for a sign of life, and has the connection end if there is none in
	 * time, as if a call waited.
	 */
	void probe() {
		this.probedNanos = this.resources.timer().nanoTime();
		this.probed = true;
		this.output.ping();
	}

	/**
	 * When the node was last asked whether it is there for another reason than silence.
	 * @return the time, or {@link Long#MAX_VALUE} if it never was
	 */
	long probedNanos() {
		return this.probed ? this.probedNanos : Long.MAX_VALUE;
	}

	/**
	 * Tells the node that somebody waits for the calls that it has. What waits to be sent
	 * says so, too.
	 */
	void renew() {
		if (!this.ended && this.resources.extensions() && !this.reader.isStock() && !this.pending.isEmpty()) {
			this.output.ping();
		}
	}

	// Input

	@Override
	public int received(byte[] buffer, int from, int to) {
		if (this.ended) {
			return to - from;
		}
		try {
			int consumed = this.reader.read(buffer, from, to);
			if (consumed == 0 && isTls(buffer, from, to)) {
				closeSinceNodeSpeaksTls();
			}
			return consumed;
		}
		catch (WireException | RuntimeException | StackOverflowError ex) {
			if (isTls(buffer, from, to)) {
				closeSinceNodeSpeaksTls();
			}
			else {
				close("was closed by this side: " + ex.getMessage(), ex);
			}
			return to - from;
		}
		finally {
			this.reader.completeAnswered();
			roomFreed();
		}
	}

	/**
	 * Whether the node has begun with a record of TLS, an alert or a part of a handshake.
	 * Nothing else that nodes say begins so.
	 */
	private boolean isTls(byte[] buffer, int from, int to) {
		return !this.opening.isConfirmed() && to - from >= 2 && (buffer[from] == 0x15 || buffer[from] == 0x16)
				&& buffer[from + 1] == 3;
	}

	private void closeSinceNodeSpeaksTls() {
		this.nothingRan = true;
		close("was closed by this side: the node speaks TLS, and this channel does not"
				+ " (rpc.client.channel.<name>.ssl.bundle)", null);
	}

	/**
	 * When the bytes arrived that were read last.
	 */
	long readNanos() {
		return this.reader.readNanos();
	}

	/**
	 * Leaves a call that was answered to the end of the read.
	 */
	void completeAfterRead(ClientCall<?> call) {
		this.reader.completeAfterRead(call);
	}

	/**
	 * The node takes no more calls on this connection.
	 */
	void nodeDrains() {
		if (this.opening.isEstablished()) {
			this.node.drained(this);
		}
		else {
			close("was closed by this side: the node is draining", null);
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

	boolean hasEnded() {
		return this.ended;
	}

	Instant drainingSince() {
		return this.drainingSince;
	}

	private void closeIfDone() {
		// A call that is added from now on sees that it is refused, and goes elsewhere.
		if (!this.ended && this.pending.isEmpty()) {
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
		close(closedByNode(), null);
	}

	private String closedByNode() {
		Connection connection = this.output.connection();
		boolean suspicious = !this.opening.isConfirmed() && connection != null && connection.tlsSession() == null;
		return "was closed by the node"
				+ (suspicious ? " before it answered anything (one that expects TLS does so)" : "");
	}

	@Override
	public void drained() {
		this.node.roomFreed();
	}

	@Override
	public void closed(@Nullable Throwable cause) {
		if (cause instanceof SSLHandshakeException && !this.opening.isConfirmed()) {
			// The node has refused our certificate, which it reads before any call.
			this.nothingRan = true;
		}
		close((cause != null) ? "was lost" : closedByNode(), cause);
	}

	/**
	 * Closes the connection and ends all its calls, once.
	 */
	void close(String because, @Nullable Throwable cause) {
		close(because, cause, RpcCode.UNAVAILABLE);
	}

	/**
	 * Closes the connection and ends all its calls, once.
	 * @param code the code of calls that find no connection for this
	 */
	void close(String because, @Nullable Throwable cause, RpcCode code) {
		synchronized (this) {
			if (this.ended) {
				return;
			}
			this.ended = true;
		}
		this.refusing = true;
		try {
			this.opening.stop();
			this.watch.stop();
			this.output.close();
			this.node.disconnected(this, because, cause, code);
		}
		finally {
			// Whatever has failed before, calls end.
			failPending(because, cause);
		}
	}

	private void failPending(String because, @Nullable Throwable cause) {
		long now = this.resources.timer().nanoTime();
		NodeFailures failures = this.node.failures();
		// A call whose sender has just taken it out goes to another connection.
		boolean nothing = this.nothingRan;
		this.pending
			.takeEach((call) -> call.fail((sent) -> failures.lost(call, sent, sent && !nothing, because, cause, now)));
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

}
