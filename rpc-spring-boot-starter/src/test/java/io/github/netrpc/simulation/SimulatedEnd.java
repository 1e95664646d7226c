package io.github.netrpc.simulation;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.ConnectionHandler;
import io.github.netrpc.transport.InputWindow;
import io.github.netrpc.wire.MessageBuffer;

/**
 * One end of a connection. What a process that does not run has not read stays with its
 * system.
 */
final class SimulatedEnd implements Connection {

	private static final long NOT_ASKED = -1;

	private static final long GRACE_NANOS = 1_000_000_000;

	/** From a call of the process to what its I/O thread does about it. */
	private static final long LOOP_NANOS = 20_000;

	private final SimulatedNetwork network;

	private final SimulatedClock clock;

	private final SimulatedProcess process;

	private final BooleanSupplier hostIsUp;

	private final InetSocketAddress address;

	private final ConnectionHandler handler;

	private final InputWindow window = new InputWindow();

	@SuppressWarnings("NullAway.Init")
	private SimulatedPipe out;

	@SuppressWarnings("NullAway.Init")
	private SimulatedEnd peer;

	private int unread;

	private long notifyBelow = NOT_ASKED;

	private boolean reading = true;

	private boolean opened;

	/** Messages that were sent before there was a call. */
	private int greetings;

	private boolean closing;

	private boolean graceful;

	private boolean finArrived;

	private boolean closed;

	/** When the process heard of the peer last. */
	private long heardNanos;

	/** When it first sent something that the peer has not reacted to, or 0. */
	private long askedNanos;

	SimulatedEnd(SimulatedNetwork network, SimulatedClock clock, SimulatedProcess process, BooleanSupplier hostIsUp,
			InetSocketAddress address, ConnectionHandler handler) {
		this.network = network;
		this.clock = clock;
		this.process = process;
		this.hostIsUp = hostIsUp;
		this.address = address;
		this.handler = handler;
	}

	/**
	 * Joins two ends.
	 */
	void join(SimulatedEnd other, SimulatedPipe toOther, SimulatedPipe fromOther) {
		this.peer = other;
		this.out = toOther;
		other.peer = this;
		other.out = fromOther;
	}

	SimulatedEnd peer() {
		return this.peer;
	}

	SimulatedPipe out() {
		return this.out;
	}

	boolean hostIsUp() {
		return this.hostIsUp.getAsBoolean();
	}

	boolean isClosed() {
		return this.closed;
	}

	/**
	 * Whether the process uses the connection.
	 */
	boolean isInUse() {
		return this.opened && !this.closed && !this.closing;
	}

	long heardNanos() {
		return this.heardNanos;
	}

	long askedNanos() {
		return this.askedNanos;
	}

	InetSocketAddress address() {
		return this.address;
	}

	/**
	 * The address as text.
	 */
	String name() {
		return name(this.address);
	}

	void open() {
		this.process.run(() -> {
			this.heardNanos = this.clock.now();
			if (!this.closed) {
				this.opened = true;
				this.network.log(() -> this + " is open");
				guarded(() -> this.handler.opened(this));
				read();
			}
		});
	}

	// Output

	@Override
	public boolean send(MessageBuffer message) {
		if (this.closed || this.closing || this.graceful) {
			return false;
		}
		ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
		message.writeTo(bytes::write);
		write(bytes.toByteArray());
		return true;
	}

	@Override
	public Offered offer(MessageBuffer message, long limit, boolean later) {
		if (unsentBytes() > limit) {
			return Offered.FULL;
		}
		return send(message) ? Offered.TAKEN : Offered.CLOSED;
	}

	private void write(byte[] bytes) {
		// The first messages greet, and nobody waits for the answer.
		if (this.askedNanos == 0 && this.greetings >= this.network.greetings()) {
			this.askedNanos = this.clock.now();
		}
		this.greetings++;
		this.out.write(bytes);
	}

	/**
	 * The system has taken bytes.
	 */
	void pushed() {
		if (this.out.unsentBytes() > 0) {
			this.askedNanos = this.clock.now();
		}
		this.process.run(this::tellDrained);
	}

	@Override
	public long unsentBytes() {
		return this.out.unsentBytes();
	}

	@Override
	public long sentBytes() {
		return this.out.sentBytes();
	}

	@Override
	public void notifyBelow(long bytes) {
		this.notifyBelow = Math.max(0, bytes);
		this.process.after(0, this::tellDrained);
	}

	private void tellDrained() {
		if (this.notifyBelow != NOT_ASKED && unsentBytes() <= this.notifyBelow / 2 && !this.closed) {
			this.notifyBelow = NOT_ASKED;
			guarded(this.handler::drained);
		}
	}

	// Input

	void arrived(byte[] bytes) {
		if (this.closed || this.graceful) {
			if (this.closed) {
				this.out.reset();
			}
			return;
		}
		this.window.append(bytes, 0, bytes.length);
		this.unread += bytes.length;
		this.process.run(this::read);
	}

	void marked(boolean reset) {
		if (this.closed) {
			return;
		}
		if (reset) {
			this.process.run(() -> closeNow(new SocketException("Connection reset by peer")));
		}
		else {
			this.finArrived = true;
			this.process.run(this::read);
		}
	}

	private void read() {
		if (!this.opened || this.closed || this.closing || !this.reading) {
			if (this.finArrived && this.closing) {
				closeNow(null);
			}
			return;
		}
		if (this.unread > 0) {
			this.peer.out.read(this.unread);
			this.unread = 0;
			this.heardNanos = this.clock.now();
			this.askedNanos = 0;
			guarded(() -> this.window
				.consume(this.handler.received(this.window.bytes(), this.window.from(), this.window.to())));
		}
		if (this.finArrived && !this.closed && !this.closing) {
			this.finArrived = false;
			if (this.graceful) {
				closeNow(null);
			}
			else {
				guarded(this.handler::inputEnded);
			}
		}
	}

	@Override
	public void pauseReading() {
		this.reading = false;
	}

	@Override
	public void resumeReading() {
		this.reading = true;
		this.process.after(0, this::read);
	}

	// End

	@Override
	public void closeGracefully() {
		if (!this.closed && !this.closing && !this.graceful) {
			this.graceful = true;
			this.window.clear();
			this.out.finWhenSent();
			this.process.after(GRACE_NANOS, this::close);
		}
	}

	@Override
	public void close() {
		if (!this.closed && !this.closing) {
			this.closing = true;
			if (this.unread > 0) {
				this.network.closedUnread(this);
			}
			this.out.end(this.unread > 0);
			this.process.after(LOOP_NANOS, () -> closeNow(null));
		}
	}

	private void closeNow(@Nullable Throwable cause) {
		if (this.closed) {
			return;
		}
		this.closed = true;
		this.out.end(false);
		this.window.clear();
		if (cause != null) {
			this.network.lost(this);
		}
		this.network.forget(this);
		this.network.log(() -> this + " is closed" + ((cause != null) ? ": " + cause.getMessage() : ""));
		if (this.opened) {
			guarded(() -> this.handler.closed((this.closing || this.graceful) ? null : cause));
		}
	}

	/**
	 * The process has ended: its system closes the connection.
	 */
	void kill(boolean reset) {
		if (!this.closed) {
			this.closed = true;
			this.out.end(reset || this.unread > 0);
			this.network.forget(this);
		}
	}

	/**
	 * The host has ended, and says nothing.
	 */
	void vanish() {
		this.closed = true;
		this.out.vanish();
		this.network.forget(this);
	}

	private void guarded(Runnable event) {
		try {
			event.run();
		}
		catch (Throwable ex) {
			this.network.failed(this, ex);
			closeNow(ex);
		}
	}

	@Override
	public SocketAddress remoteAddress() {
		return this.peer.address;
	}

	@Override
	public SocketAddress localAddress() {
		return this.address;
	}

	@Override
	public void execute(Runnable task) {
		this.process.after(0, task);
	}

	@Override
	public Runnable schedule(Runnable task, long delay, TimeUnit unit) {
		boolean[] cancelled = new boolean[1];
		this.process.after(unit.toNanos(delay), () -> {
			if (!cancelled[0]) {
				task.run();
			}
		});
		return () -> cancelled[0] = true;
	}

	@Override
	public String toString() {
		return name(this.address) + " to " + name(this.peer.address);
	}

	private static String name(InetSocketAddress address) {
		return address.getHostString() + ":" + address.getPort();
	}

}
