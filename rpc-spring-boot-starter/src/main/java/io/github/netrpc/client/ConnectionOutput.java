package io.github.netrpc.client;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.client.CallToken.UnusableTokenException;
import io.github.netrpc.exec.Unflushed;
import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.Connection.Offered;
import io.github.netrpc.wire.ClientCodec;
import io.github.netrpc.wire.EncodeException;
import io.github.netrpc.wire.MessageBuffer;

/**
 * What leaves on one connection: requests, and messages of our own whose replies nobody
 * waits for. Knows how much may be unsent and when to flush; what becomes of a call that
 * finds no room is not its business. Nothing leaves before it is {@link #opened}.
 * Thread-safe.
 */
final class ConnectionOutput implements Unflushed.Flushable {

	private final ClientResources resources;

	private final PendingTable numbers;

	private final ClientCodec codec;

	private final long unsentLimit;

	private final String id;

	/** What goes along with each call if anything of ours may, or null. */
	private final @Nullable CallToken carried;

	private final AtomicBoolean unflushed = new AtomicBoolean();

	private volatile @Nullable Connection connection;

	/** Takes no bytes any more; the transport is about to tell its end. */
	private volatile boolean closed;

	/**
	 * Creates an output that is not open.
	 * @param numbers gives messages of our own numbers that no call has
	 */
	ConnectionOutput(ClientResources resources, PendingTable numbers, ClientCodec codec) {
		this.resources = resources;
		this.numbers = numbers;
		this.codec = codec;
		this.unsentLimit = resources.limits().unsentBytes();
		this.id = resources.newConnectionId();
		this.carried = resources.token();
	}

	void opened(Connection connection) {
		this.connection = connection;
	}

	/**
	 * Where the bytes go, or null before it is open. A sender asks once, and hands it
	 * back to the methods that want one.
	 */
	@Nullable Connection connection() {
		return this.connection;
	}

	/**
	 * What both sides call the connection.
	 */
	String id() {
		return this.id;
	}

	// Requests

	/**
	 * Whether so much is unsent that calls have to wait.
	 */
	boolean isFull(Connection connection) {
		return connection.unsentBytes() > this.unsentLimit;
	}

	/**
	 * Whether there is room for a request. If not, the connection's handler is told when
	 * there is.
	 */
	boolean hasRoom() {
		Connection connection = this.connection;
		if (connection == null || this.closed) {
			return false;
		}
		if (isFull(connection)) {
			connection.notifyBelow(this.unsentLimit);
			return false;
		}
		return true;
	}

	/**
	 * Writes the request of a call that has its number.
	 * @throws UnusableTokenException if a token has to go along with it and cannot
	 */
	void encode(ClientCall<?> call, @Nullable Object argument, MessageBuffer buffer, Connection connection)
			throws EncodeException {
		CallPlan plan = call.plan();
		if (CallToken.isIn(call.options().metadata())) {
			checkToken(connection);
		}
		if (this.resources.extensions()) {
			CallToken token = this.carried;
			Map<String, String> metadata = call.options().metadata();
			this.codec.encodeRequest(plan.method(), call.number(), timeLeftNanos(call),
					(token != null) ? token.addTo(metadata) : metadata, argument, plan.argumentPlan(), buffer);
		}
		else {
			this.codec.encodeRequest(plan.method(), call.number(), 0, Map.of(), argument, plan.argumentPlan(), buffer);
		}
	}

	/**
	 * A caller that shows a token must neither be taken for nobody, nor have it read by
	 * others.
	 */
	private void checkToken(Connection connection) {
		if (!this.resources.extensions()) {
			throw new UnusableTokenException("its metadata has a token (authorization), which goes along with a call"
					+ " only where rpc.client.channel.<name>.extensions is auto", null);
		}
		if (!this.resources.mayCarryTokens(connection)) {
			throw new UnusableTokenException("its metadata has a token (authorization), and " + CallToken.READABLE,
					null);
		}
	}

	/**
	 * How long the caller will wait, at least 1. Calls that had to wait are few enough to
	 * ask for the time; the others began a moment ago.
	 */
	private long timeLeftNanos(ClientCall<?> call) {
		long now = (call.waited() != null) ? this.resources.timer().nanoTime() : call.startNanos();
		return Math.max(1, call.deadlineNanos() - now);
	}

	/**
	 * Hands over a request. What a callback sends may wait for what it sends next, if
	 * nobody waits for the reply.
	 */
	Offered offer(ClientCall<?> call, MessageBuffer buffer, Connection connection) {
		Completions completions = this.resources.completions();
		boolean later = !call.isAwaited() && completions.mayFlushLater();
		Offered offered = connection.offer(buffer, this.unsentLimit, later);
		if (later) {
			completions.flushLater(this);
		}
		if (offered == Offered.CLOSED) {
			this.closed = true;
		}
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

	// Messages of our own

	/**
	 * Tells the node what the connection is called, and asks whether it knows our fields.
	 */
	void greet() {
		send((seq, out) -> this.resources.controlCalls().ping(this.codec, seq, Map.of("connection", this.id), out),
				this.unsentLimit);
	}

	/**
	 * Asks the node for a sign of life.
	 * @return whether there was room to ask
	 */
	boolean ping() {
		return send((seq, out) -> this.resources.controlCalls().ping(this.codec, seq, Map.of(), out), this.unsentLimit);
	}

	/**
	 * Tells the node that nobody waits for a call any more, however much is unsent: its
	 * handler would go on to its end. What that adds has a bound, since while there is no
	 * room no calls are sent, and those that were are no more than may be in flight.
	 */
	void cancel(long number) {
		send((seq, out) -> this.resources.controlCalls().cancel(this.codec, seq, number, out), Long.MAX_VALUE);
	}

	/**
	 * Tells the node who makes the calls that follow.
	 * @param token proves it
	 * @param numbered told the number of this message before it is sent
	 * @return whether there was room
	 */
	boolean logIn(String token, LongConsumer numbered) {
		return send((seq, out) -> {
			numbered.accept(seq);
			this.resources.controlCalls().logIn(this.codec, seq, token, out);
		}, Long.MAX_VALUE);
	}

	/**
	 * Sends a message of the connection's own, if there is room.
	 * @param limit how many bytes may be unsent before
	 * @return whether it was taken
	 */
	private boolean send(ControlCall call, long limit) {
		Connection connection = this.connection;
		if (connection == null || connection.unsentBytes() > limit) {
			return false;
		}
		MessageBuffer buffer = this.resources.buffers().acquire();
		try {
			call.encode(this.numbers.freeNumber(), buffer);
			return connection.offer(buffer, limit, false) == Offered.TAKEN;
		}
		catch (Throwable ex) {
			// Errors too: whoever sends it has calls to end.
			this.resources.report("A message to " + connection.remoteAddress() + " could not be sent", ex);
			return false;
		}
		finally {
			this.resources.buffers().release(buffer);
		}
	}

	// Figures

	long unsentBytes() {
		Connection connection = this.connection;
		return (connection != null) ? connection.unsentBytes() : 0;
	}

	long sentBytes() {
		Connection connection = this.connection;
		return (connection != null) ? connection.sentBytes() : 0;
	}

	/**
	 * Closes the connection, if it was opened. One that opens later is closed by its
	 * handler.
	 */
	void close() {
		Connection connection = this.connection;
		if (connection != null) {
			connection.close();
		}
	}

	/**
	 * Writes a message of our own.
	 */
	@FunctionalInterface
	private interface ControlCall {

		void encode(long seq, MessageBuffer out) throws EncodeException;

	}

}
