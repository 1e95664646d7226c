package io.github.netrpc.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.ConnectionHandler;
import io.github.netrpc.transport.Listener;
import io.github.netrpc.transport.Transport;
import io.github.netrpc.wire.MessageBuffer;

/**
 * Attempts to connect that a test accepts or refuses, and connections whose bytes it
 * reads and writes. The test's thread is the I/O thread.
 */
public final class FakeTransport implements Transport {

	public final List<Attempt> attempts = new CopyOnWriteArrayList<>();

	/** Whether the test's thread is taken for an I/O thread. */
	public volatile boolean inIoThread;

	@Override
	public boolean inIoThread() {
		return this.inIoThread;
	}

	@Override
	public Listener listen(SocketAddress address, Supplier<ConnectionHandler> handlers) {
		throw new UnsupportedOperationException();
	}

	@Override
	public CompletionStage<Connection> connect(SocketAddress address, Duration timeout, ConnectionHandler handler) {
		Attempt attempt = new Attempt((InetSocketAddress) address, handler);
		this.attempts.add(attempt);
		return attempt.result;
	}

	Attempt last() {
		return this.attempts.get(this.attempts.size() - 1);
	}

	@Override
	public void close() {
	}

	public static final class Attempt {

		public final InetSocketAddress address;

		final ConnectionHandler handler;

		final CompletableFuture<Connection> result = new CompletableFuture<>();

		Attempt(InetSocketAddress address, ConnectionHandler handler) {
			this.address = address;
			this.handler = handler;
		}

		public FakeConnection accept() {
			FakeConnection connection = new FakeConnection(this);
			this.handler.opened(connection);
			this.result.complete(connection);
			return connection;
		}

		public void refuse() {
			this.result.completeExceptionally(new IOException("Connection refused"));
		}

	}

	public static final class FakeConnection implements Connection {

		private final Attempt attempt;

		private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

		volatile boolean closed;

		volatile long unsentBytes;

		private byte[] unread = {};

		FakeConnection(Attempt attempt) {
			this.attempt = attempt;
		}

		/**
		 * The requests sent since this was last asked.
		 * @return one line for each request
		 */
		public synchronized List<String> requests() {
			List<String> lines = new ArrayList<>(
					this.sent.toString(StandardCharsets.UTF_8).lines().filter((line) -> !line.isEmpty()).toList());
			this.sent.reset();
			return lines;
		}

		/**
		 * The number of the only request sent since this was last asked.
		 * @return the number
		 */
		public String seq() {
			List<String> requests = requests();
			if (requests.size() != 1) {
				throw new AssertionError(requests);
			}
			return requests.get(0).split(" ")[0];
		}

		public void receive(String... lines) {
			receiveBytes((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
		}

		void receiveBytes(byte[] bytes) {
			byte[] all = new byte[this.unread.length + bytes.length];
			System.arraycopy(this.unread, 0, all, 0, this.unread.length);
			System.arraycopy(bytes, 0, all, this.unread.length, bytes.length);
			int consumed = this.attempt.handler.received(all, 0, all.length);
			this.unread = Arrays.copyOfRange(all, consumed, all.length);
		}

		public void lose() {
			this.closed = true;
			this.attempt.handler.closed(new IOException("Connection reset"));
		}

		void end() {
			this.attempt.handler.inputEnded();
		}

		@Override
		public SocketAddress remoteAddress() {
			return this.attempt.address;
		}

		@Override
		public SocketAddress localAddress() {
			return this.attempt.address;
		}

		@Override
		public synchronized boolean send(MessageBuffer message) {
			if (!this.closed) {
				message.writeTo(this.sent::write);
			}
			return !this.closed;
		}

		@Override
		public long unsentBytes() {
			return this.unsentBytes;
		}

		@Override
		public void notifyBelow(long bytes) {
		}

		@Override
		public void pauseReading() {
		}

		@Override
		public void resumeReading() {
		}

		@Override
		public void execute(Runnable task) {
			task.run();
		}

		@Override
		public Runnable schedule(Runnable task, long delay, TimeUnit unit) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void closeGracefully() {
			close();
		}

		@Override
		public void close() {
			if (!this.closed) {
				this.closed = true;
				this.attempt.handler.closed(null);
			}
		}

	}

}
