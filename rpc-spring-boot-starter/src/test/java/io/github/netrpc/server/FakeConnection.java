package io.github.netrpc.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import javax.net.ssl.SSLSession;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.ConnectionHandler;
import io.github.netrpc.wire.MessageBuffer;

/**
 * A connection whose I/O thread is the test's and whose clock the test moves. What is
 * sent stays unsent while the peer does not read.
 */
final class FakeConnection implements Connection {

	private final ConnectionHandler handler;

	private final AtomicLong nanoTime;

	private final SocketAddress remote;

	private final @Nullable SSLSession session;

	private final List<Runnable> tasks = new ArrayList<>();

	private final List<Timer> timers = new ArrayList<>();

	private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

	private byte[] window = {};

	private boolean peerReads = true;

	private long unsent;

	private long taken;

	private long notifyBelow = -1;

	private boolean reading = true;

	private boolean gracefullyClosed;

	private boolean closed;

	/** Whether closing at once throws. */
	boolean closeFails;

	FakeConnection(ConnectionHandler handler, AtomicLong nanoTime) {
		this(handler, nanoTime, new InetSocketAddress("127.0.0.1", 4711), null);
	}

	/**
	 * A connection with TLS, unless the session is null.
	 */
	FakeConnection(ConnectionHandler handler, AtomicLong nanoTime, SocketAddress remote, @Nullable SSLSession session) {
		this.handler = handler;
		this.nanoTime = nanoTime;
		this.remote = remote;
		this.session = session;
		handler.opened(this);
		runTasks();
	}

	/**
	 * The TLS handshake is over.
	 */
	FakeConnection secured() {
		this.handler.secured();
		runTasks();
		return this;
	}

	/**
	 * Bytes arrive from the peer.
	 */
	FakeConnection receive(String text) {
		byte[] more = text.getBytes(StandardCharsets.ISO_8859_1);
		int length = this.window.length;
		this.window = Arrays.copyOf(this.window, length + more.length);
		System.arraycopy(more, 0, this.window, length, more.length);
		deliver();
		runTasks();
		return this;
	}

	private void deliver() {
		if (this.reading && this.window.length > 0 && !this.closed && !this.gracefullyClosed) {
			int consumed = this.handler.received(this.window, 0, this.window.length);
			this.window = Arrays.copyOfRange(this.window, consumed, this.window.length);
		}
	}

	void endInput() {
		this.handler.inputEnded();
		runTasks();
	}

	void reset() {
		this.closed = true;
		this.handler.closed(new IOException("connection reset"));
		runTasks();
	}

	void peerReads(boolean reads) {
		this.peerReads = reads;
		if (reads) {
			takeUnsent(0);
		}
	}

	/**
	 * The peer reads until this much is left.
	 */
	void takeUnsent(long left) {
		synchronized (this) {
			this.taken += this.unsent - left;
			this.unsent = left;
		}
		tellDrained();
		runTasks();
	}

	private void tellDrained() {
		if (this.notifyBelow >= 0 && unsentBytes() <= this.notifyBelow / 2) {
			this.notifyBelow = -1;
			this.handler.drained();
		}
	}

	void runTasks() {
		while (true) {
			Runnable next;
			synchronized (this) {
				if (this.tasks.isEmpty()) {
					return;
				}
				next = this.tasks.remove(0);
			}
			next.run();
		}
	}

	void advance(long amount, TimeUnit unit) {
		long until = this.nanoTime.get() + unit.toNanos(amount);
		while (true) {
			Timer next = this.timers.stream().min(Comparator.comparingLong(Timer::at)).orElse(null);
			if (next == null || next.at() > until) {
				break;
			}
			this.timers.remove(next);
			this.nanoTime.set(Math.max(this.nanoTime.get(), next.at()));
			next.task().run();
			runTasks();
		}
		this.nanoTime.set(until);
	}

	int timers() {
		return this.timers.size();
	}

	synchronized String sent() {
		return this.sent.toString(StandardCharsets.UTF_8);
	}

	synchronized void forgetSent() {
		this.sent.reset();
	}

	boolean isReading() {
		return this.reading;
	}

	boolean isClosed() {
		return this.closed;
	}

	boolean isGracefullyClosed() {
		return this.gracefullyClosed;
	}

	@Override
	public SocketAddress remoteAddress() {
		return this.remote;
	}

	@Override
	public @Nullable SSLSession tlsSession() {
		return this.session;
	}

	@Override
	public SocketAddress localAddress() {
		return new InetSocketAddress("127.0.0.1", 1234);
	}

	@Override
	public synchronized Offered offer(MessageBuffer message, long limit, boolean later) {
		if (this.closed || this.gracefullyClosed) {
			return Offered.CLOSED;
		}
		if (this.unsent > limit) {
			return Offered.FULL;
		}
		message.writeTo(this.sent::write);
		if (this.peerReads) {
			this.taken += message.size();
		}
		else {
			this.unsent += message.size();
		}
		return Offered.TAKEN;
	}

	@Override
	public synchronized long unsentBytes() {
		return this.unsent;
	}

	@Override
	public synchronized long sentBytes() {
		return this.taken;
	}

	@Override
	public void notifyBelow(long bytes) {
		this.notifyBelow = bytes;
		execute(this::tellDrained);
	}

	@Override
	public void pauseReading() {
		this.reading = false;
	}

	@Override
	public void resumeReading() {
		this.reading = true;
		execute(this::deliver);
	}

	@Override
	public synchronized void execute(Runnable task) {
		this.tasks.add(task);
	}

	@Override
	public Runnable schedule(Runnable task, long delay, TimeUnit unit) {
		Timer timer = new Timer(this.nanoTime.get() + unit.toNanos(delay), task);
		this.timers.add(timer);
		return () -> this.timers.remove(timer);
	}

	@Override
	public void closeGracefully() {
		this.gracefullyClosed = true;
	}

	@Override
	public void close() {
		if (this.closeFails) {
			throw new IllegalStateException("cannot be closed");
		}
		if (!this.closed) {
			this.closed = true;
			execute(() -> this.handler.closed(null));
		}
	}

	record Timer(long at, Runnable task) {

	}

}
