package io.github.netrpc.client;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.exec.Unflushed;
import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.ConnectionHandler;
import io.github.netrpc.wire.ClientCodec;
import io.github.netrpc.wire.MessageBuffer;
import io.github.netrpc.wire.PendingReply;
import io.github.netrpc.wire.ReplySink;
import io.github.netrpc.wire.WireException;
import io.github.netrpc.wire.http.ConnectAnswerReader;
import io.github.netrpc.wire.http.ConnectPath;

/**
 * One connection to a node, from the attempt to open it to its end: sends calls, finds
 * the calls that replies belong to, and fails those that are left when it closes.
 */
final class NodeConnection implements ConnectionHandler, ReplySink, Unflushed.Flushable {

	/** A message from this size on, in bytes, has to fit the bound on unsent bytes. */
	private static final int LARGE = 16 * 1024;

	private final NodeClient node;

	private final ClientResources resources;

	private final PendingTable pending;

	private final ClientCodec codec;

	private final AtomicBoolean unflushed = new AtomicBoolean();

	/**
	 * Reads the answer to the HTTP request that opens the connection, until it has come.
	 */
	private @Nullable ConnectAnswerReader handshake;

	private volatile @Nullable Connection connection;

	private volatile @Nullable String closedBecause;

	private volatile @Nullable Throwable closeCause;

	private long readNanos;

	private @Nullable ClientCall<?> firstAnswered;

	private @Nullable ClientCall<?> lastAnswered;

	private int answered;

	NodeConnection(NodeClient node, ClientResources resources) {
		this.node = node;
		this.resources = resources;
		this.pending = new PendingTable(resources.limits().inFlight());
		this.codec = resources.format().clientCodec();
		ConnectPath path = resources.connectPath();
		this.handshake = (path != null) ? new ConnectAnswerReader(path) : null;
	}

	/**
	 * Sends a call, or ends it if that is not possible. Runs in the caller's thread.
	 * @return false if the connection has closed before it took the call, which may then
	 * go elsewhere
	 */
	boolean send(ClientCall<?> call, @Nullable Object argument) {
		Connection connection = this.connection;
		if (connection == null || this.closedBecause != null) {
			return false;
		}
		call.sendOn(this.node, this);
		if (!this.pending.add(call)) {
			call.fail((sent) -> CallFailure.notRun(RpcCode.RESOURCE_EXHAUSTED, call.plan() + ": "
					+ this.resources.limits().inFlight() + " calls are in flight to " + this.node.name()));
			return true;
		}
		if (this.closedBecause != null && this.pending.remove(call)) {
			return false;
		}
		this.node.watchDeadline(call.deadlineNanos());
		MessageBuffer buffer = this.resources.buffers().acquire();
		try {
			send(call, argument, buffer, connection);
		}
		finally {
			this.resources.buffers().release(buffer);
		}
		return true;
	}

	private void send(ClientCall<?> call, @Nullable Object argument, MessageBuffer buffer, Connection connection) {
		CallPlan plan = call.plan();
		try {
			this.codec.encodeRequest(plan.method(), call.number(), 0, call.options().metadata(), argument,
					plan.argumentPlan(), buffer);
		}
		catch (Throwable ex) {
			// Errors too: accessors are the application's, and the call must end.
			call.fail((sent) -> new CallFailure(RpcCode.INVALID_ARGUMENT, Known.NOT_RUN,
					"argument of " + plan + " cannot be sent: " + ex.getMessage(), ex));
			this.pending.remove(call);
			return;
		}
		if (buffer.size() > LARGE && connection.unsentBytes() + buffer.size() > this.resources.limits().unsentBytes()) {
			call.fail((sent) -> CallFailure.notRun(RpcCode.RESOURCE_EXHAUSTED,
					plan + ": " + connection.unsentBytes() + " bytes wait to be sent to " + this.node.name()
							+ " (limit: " + this.resources.limits().unsentBytes() + ")"));
			this.pending.remove(call);
		}
		else if (!call.markSent()) {
			// Ended while it was encoded, before its number was known to whoever ended
			// it.
			this.pending.remove(call);
		}
		else if (!send(call, buffer, connection)) {
			call.fail((sent) -> CallFailure.unavailable(Known.NOT_RUN,
					plan + ": the connection to " + this.node.name() + " is closed", this.closeCause));
		}
	}

	private boolean send(ClientCall<?> call, MessageBuffer buffer, Connection connection) {
		Completions completions = this.resources.completions();
		if (call.isAwaited() || !completions.mayFlushLater()) {
			return connection.send(buffer);
		}
		boolean taken = connection.sendLater(buffer);
		completions.flushLater(this);
		return taken;
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

	void forget(ClientCall<?> call) {
		this.pending.remove(call);
	}

	int inFlight() {
		return this.pending.count();
	}

	long total() {
		return this.pending.total();
	}

	/**
	 * Ends the calls whose time is over.
	 * @return the earliest deadline of those that are left, or {@link Long#MAX_VALUE}
	 */
	long expire(long now) {
		long[] earliest = { Long.MAX_VALUE };
		this.pending.forEach((call) -> {
			if (call.deadlineNanos() <= now) {
				call.fail((sent) -> this.node.deadlineExceeded(call, sent));
			}
			else {
				earliest[0] = Math.min(earliest[0], call.deadlineNanos());
			}
		});
		return earliest[0];
	}

	@Override
	public void opened(Connection connection) {
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
			this.node.connected(this);
		}
	}

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
				this.node.connected(this);
				if (from + consumed == to) {
					return consumed;
				}
			}
			this.readNanos = this.resources.timer().nanoTime();
			return consumed + this.codec.decode(buffer, from + consumed, to, this);
		}
		catch (WireException | RuntimeException | StackOverflowError ex) {
			close("was closed by this side: " + ex.getMessage(), ex);
			return to - from;
		}
		finally {
			completeAnswered();
		}
	}

	@Override
	public @Nullable PendingReply take(long seq) {
		return this.pending.find(seq);
	}

	/**
	 * When the bytes arrived that are being read.
	 */
	long readNanos() {
		return this.readNanos;
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

	@Override
	public void inputEnded() {
		close("was closed by the node", null);
	}

	@Override
	public void drained() {
		// Nobody waits for the output to drain: calls beyond the bound are refused.
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
		Connection connection = this.connection;
		if (connection != null) {
			connection.close();
		}
		this.node.disconnected(this, because, cause);
		long now = this.resources.timer().nanoTime();
		// A call whose sender has just taken it out goes to another connection.
		this.pending.takeEach((call) -> call.fail((sent) -> lost(call, sent, now)));
	}

	/**
	 * Tells the node that the connection has closed, which another thread may be about to
	 * do.
	 */
	void reportClosed() {
		String because = this.closedBecause;
		if (because != null) {
			this.node.disconnected(this, because, this.closeCause);
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

}
