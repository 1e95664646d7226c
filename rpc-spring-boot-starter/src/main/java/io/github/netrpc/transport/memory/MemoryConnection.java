package io.github.netrpc.transport.memory;

import java.net.SocketAddress;
import java.net.SocketException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.ConnectionHandler;
import io.github.netrpc.transport.InputWindow;
import io.github.netrpc.wire.MessageBuffer;

/**
 * One end of a connection. Bytes wait at the sender until a task moves them, a piece at a
 * time, into the window of the receiver.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class MemoryConnection implements Connection {

	private static final Logger LOGGER = LoggerFactory.getLogger(MemoryTransport.class);

	private static final int PIECE_BYTES = 64 * 1024;

	/** What a receiver that has paused still takes, as an operating system does. */
	private static final int MOST_WHILE_PAUSED_BYTES = 256 * 1024;

	private static final long GRACE_SECONDS = 1;

	private static final long NOT_ASKED = -1;

	private final MemoryTransport transport;

	private final SocketAddress localAddress;

	private final SocketAddress remoteAddress;

	private final ConnectionHandler handler;

	private final Object sendLock = new Object();

	@SuppressWarnings("NullAway.Init")
	private MemoryConnection peer;

	// Guarded by sendLock.

	private final InputWindow unsent = new InputWindow();

	private boolean outputEnded;

	private boolean moveScheduled;

	private volatile long unsentBytes;

	private volatile long notifyBelow = NOT_ASKED;

	private volatile boolean reading = true;

	private volatile boolean closing;

	// Used by the I/O thread only.

	private final InputWindow window = new InputWindow();

	private int takenWhilePaused;

	private boolean closed;

	private boolean closingGracefully;

	private boolean outputShutDown;

	private boolean inputShutDown;

	private boolean inputEndedPending;

	private @Nullable Future<?> graceTimer;

	MemoryConnection(MemoryTransport transport, SocketAddress localAddress, SocketAddress remoteAddress,
			ConnectionHandler handler) {
		this.transport = transport;
		this.localAddress = localAddress;
		this.remoteAddress = remoteAddress;
		this.handler = handler;
	}

	void join(MemoryConnection other) {
		this.peer = other;
		other.peer = this;
	}

	void open() {
		guarded("opened", () -> this.handler.opened(this));
	}

	// Output

	@Override
	public Offered offer(MessageBuffer message, long limit, boolean later) {
		synchronized (this.sendLock) {
			if (this.outputEnded) {
				return Offered.CLOSED;
			}
			if (this.unsentBytes > limit) {
				return Offered.FULL;
			}
			message.writeTo(this.unsent::append);
			this.unsentBytes = (long) this.unsent.to() - this.unsent.from();
			if (this.moveScheduled) {
				return Offered.TAKEN;
			}
			this.moveScheduled = true;
		}
		submit(this::move);
		return Offered.TAKEN;
	}

	private void move() {
		int moved;
		boolean more;
		synchronized (this.sendLock) {
			this.moveScheduled = false;
			if (this.closed) {
				return;
			}
			int waiting = this.unsent.to() - this.unsent.from();
			moved = Math.min(waiting, this.peer.room());
			this.peer.take(this.unsent.bytes(), this.unsent.from(), moved);
			this.unsent.consume(moved);
			this.unsentBytes = (long) waiting - moved;
			more = moved > 0 && moved < waiting;
			this.moveScheduled = more;
		}
		if (moved > 0 && this.peer.closed) {
			closeNow(new SocketException("Connection reset by peer"));
			return;
		}
		if (more) {
			submit(this::move);
		}
		if (moved > 0) {
			this.peer.deliver();
		}
		tellDrained();
		endOutputIfSent();
	}

	@Override
	public long unsentBytes() {
		return this.unsentBytes;
	}

	@Override
	public void notifyBelow(long bytes) {
		this.notifyBelow = Math.max(0, bytes);
		submit(this::tellDrained);
	}

	private void tellDrained() {
		long asked = this.notifyBelow;
		if (asked != NOT_ASKED && this.unsentBytes <= asked / 2 && !this.closed) {
			this.notifyBelow = NOT_ASKED;
			guarded("drained", this.handler::drained);
		}
	}

	// Input

	private int room() {
		return (this.reading || this.closed || this.closingGracefully) ? PIECE_BYTES
				: Math.min(PIECE_BYTES, MOST_WHILE_PAUSED_BYTES - this.takenWhilePaused);
	}

	private void take(byte[] bytes, int offset, int length) {
		if (this.closed || this.closingGracefully) {
			return;
		}
		this.window.append(bytes, offset, length);
		if (!this.reading) {
			this.takenWhilePaused += length;
		}
	}

	private void deliver() {
		if (this.reading && !this.closing && !this.closed && !this.window.isEmpty()) {
			guarded("received", () -> this.window
				.consume(this.handler.received(this.window.bytes(), this.window.from(), this.window.to())));
		}
	}

	private void finArrived() {
		if (this.inputShutDown || this.closed) {
			return;
		}
		this.inputShutDown = true;
		this.inputEndedPending = true;
		if (this.outputShutDown) {
			closeNow(null);
		}
		else {
			tellInputEnded();
		}
	}

	private void tellInputEnded() {
		if (this.inputEndedPending && this.reading && !this.closing && !this.closed) {
			this.inputEndedPending = false;
			guarded("inputEnded", this.handler::inputEnded);
		}
	}

	@Override
	public void pauseReading() {
		this.reading = false;
	}

	@Override
	public void resumeReading() {
		this.reading = true;
		submit(() -> {
			this.takenWhilePaused = 0;
			deliver();
			submit(this.peer::move);
			tellInputEnded();
		});
	}

	// End

	@Override
	public void closeGracefully() {
		endSending();
		submit(() -> {
			if (!this.closingGracefully && !this.closed) {
				this.closingGracefully = true;
				this.window.clear();
				submit(this.peer::move);
				restartGraceTimer();
				endOutputIfSent();
			}
		});
	}

	private void endOutputIfSent() {
		if (!this.closingGracefully || this.closed || this.outputShutDown) {
			return;
		}
		if (this.unsentBytes > 0) {
			restartGraceTimer();
			return;
		}
		this.outputShutDown = true;
		this.peer.finArrived();
		if (this.inputShutDown) {
			closeNow(null);
		}
		else {
			restartGraceTimer();
		}
	}

	private void restartGraceTimer() {
		cancelGraceTimer();
		this.graceTimer = this.transport.executor().schedule(() -> closeNow(null), GRACE_SECONDS, TimeUnit.SECONDS);
	}

	private void cancelGraceTimer() {
		Future<?> timer = this.graceTimer;
		if (timer != null) {
			timer.cancel(false);
		}
	}

	@Override
	public void close() {
		this.closing = true;
		endSending();
		submit(() -> closeNow(null));
	}

	private void endSending() {
		synchronized (this.sendLock) {
			this.outputEnded = true;
		}
	}

	void closeNow(@Nullable Throwable cause) {
		if (this.closed) {
			return;
		}
		this.closed = true;
		boolean unread = this.takenWhilePaused > 0;
		synchronized (this.sendLock) {
			this.outputEnded = true;
			this.unsent.clear();
			this.unsentBytes = 0;
		}
		cancelGraceTimer();
		this.window.clear();
		this.transport.forget(this);
		guarded("closed", () -> this.handler.closed((this.closing || this.closingGracefully) ? null : cause));
		submit(() -> {
			if (unread) {
				this.peer.closeNow(new SocketException("Connection reset by peer"));
			}
			else {
				this.peer.finArrived();
			}
		});
	}

	private void guarded(String event, Runnable call) {
		try {
			call.run();
		}
		catch (Throwable ex) {
			LOGGER.warn("Handler of {} failed in {}: closing the connection", this, event, ex);
			closeNow(ex);
		}
	}

	@Override
	public SocketAddress remoteAddress() {
		return this.remoteAddress;
	}

	@Override
	public SocketAddress localAddress() {
		return this.localAddress;
	}

	@Override
	public void execute(Runnable task) {
		this.transport.executor().execute(task);
	}

	@Override
	public Runnable schedule(Runnable task, long delay, TimeUnit unit) {
		Future<?> scheduled = this.transport.executor().schedule(task, delay, unit);
		return () -> scheduled.cancel(false);
	}

	/**
	 * Runs a task on the I/O thread, unless that has ended: then the connection has too.
	 * @param task the task
	 */
	private void submit(Runnable task) {
		try {
			this.transport.executor().execute(task);
		}
		catch (RejectedExecutionException ex) {
			LOGGER.trace("transport is closed", ex);
		}
	}

	@Override
	public String toString() {
		return this.localAddress + " to " + this.remoteAddress;
	}

}
