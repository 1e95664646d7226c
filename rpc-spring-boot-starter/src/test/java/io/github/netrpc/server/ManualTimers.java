package io.github.netrpc.server;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.ConnectionHandler;
import io.github.netrpc.transport.Listener;
import io.github.netrpc.transport.Transport;
import io.github.netrpc.wire.MessageBuffer;

/**
 * A transport with real sockets and timers that fire when the test says that it is time.
 */
public final class ManualTimers implements Transport {

	private final Transport transport;

	private final AtomicLong nanoTime = new AtomicLong();

	private final Queue<Timer> timers = new ConcurrentLinkedQueue<>();

	/**
	 * Creates a transport whose timers do not fire.
	 * @param transport has the sockets
	 */
	public ManualTimers(Transport transport) {
		this.transport = transport;
	}

	long nanoTime() {
		return this.nanoTime.get();
	}

	/**
	 * Begins a server with these sockets, whose time is this one's, too.
	 * @return a new builder
	 */
	public RpcServerBuilder server() {
		return RpcServer.builder().transport(this).nanoTime(this::nanoTime);
	}

	/**
	 * Lets time pass, and what is due happen on its I/O thread.
	 * @param time how long
	 */
	public void advance(Duration time) {
		long now = this.nanoTime.addAndGet(time.toNanos());
		for (Timer timer : this.timers) {
			if (timer.at() - now <= 0 && this.timers.remove(timer)) {
				timer.connection().execute(timer.task());
			}
		}
	}

	/**
	 * How many timers run.
	 * @return the number of timers
	 */
	int running() {
		return this.timers.size();
	}

	@Override
	public Listener listen(SocketAddress address, Supplier<ConnectionHandler> handlers) throws IOException {
		return this.transport.listen(address, () -> new Handler(handlers.get()));
	}

	@Override
	public CompletionStage<Connection> connect(SocketAddress address, Duration timeout, ConnectionHandler handler) {
		return this.transport.connect(address, timeout, new Handler(handler));
	}

	@Override
	public void close() {
		this.transport.close();
	}

	private record Timer(Connection connection, Runnable task, long at) {
	}

	private final class Handler implements ConnectionHandler {

		private final ConnectionHandler handler;

		Handler(ConnectionHandler handler) {
			this.handler = handler;
		}

		@Override
		public void opened(Connection connection) {
			this.handler.opened(new Timed(connection));
		}

		@Override
		public int received(byte[] buffer, int from, int to) {
			return this.handler.received(buffer, from, to);
		}

		@Override
		public void inputEnded() {
			this.handler.inputEnded();
		}

		@Override
		public void drained() {
			this.handler.drained();
		}

		@Override
		public void closed(@Nullable Throwable cause) {
			this.handler.closed(cause);
		}

	}

	private final class Timed implements Connection {

		private final Connection connection;

		Timed(Connection connection) {
			this.connection = connection;
		}

		@Override
		public SocketAddress remoteAddress() {
			return this.connection.remoteAddress();
		}

		@Override
		public SocketAddress localAddress() {
			return this.connection.localAddress();
		}

		@Override
		public Offered offer(MessageBuffer message, long limit, boolean later) {
			return this.connection.offer(message, limit, later);
		}

		@Override
		public void flush() {
			this.connection.flush();
		}

		@Override
		public long unsentBytes() {
			return this.connection.unsentBytes();
		}

		@Override
		public void notifyBelow(long bytes) {
			this.connection.notifyBelow(bytes);
		}

		@Override
		public void pauseReading() {
			this.connection.pauseReading();
		}

		@Override
		public void resumeReading() {
			this.connection.resumeReading();
		}

		@Override
		public void execute(Runnable task) {
			this.connection.execute(task);
		}

		@Override
		public Runnable schedule(Runnable task, long delay, TimeUnit unit) {
			Timer timer = new Timer(this.connection, task, nanoTime() + unit.toNanos(delay));
			ManualTimers.this.timers.add(timer);
			return () -> ManualTimers.this.timers.remove(timer);
		}

		@Override
		public void closeGracefully() {
			this.connection.closeGracefully();
		}

		@Override
		public void close() {
			this.connection.close();
		}

	}

}
