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

import javax.net.ssl.SSLSession;

import org.jspecify.annotations.Nullable;

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

	/** Thrown by attempts to connect. */
	public volatile @Nullable Throwable failure;

	/** Whether the names of nodes are known. */
	public volatile boolean resolves = true;

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
		Throwable failure = this.failure;
		if (failure instanceof Error error) {
			throw error;
		}
		if (failure instanceof RuntimeException runtime) {
			throw runtime;
		}
		Attempt attempt = new Attempt((InetSocketAddress) address, timeout, handler);
		this.attempts.add(attempt);
		if (this.resolves) {
			handler.resolved();
		}
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

		final Duration timeout;

		final ConnectionHandler handler;

		final CompletableFuture<Connection> result = new CompletableFuture<>();

		/** What the connection will have agreed on by TLS. */
		@Nullable SSLSession session;

		Attempt(InetSocketAddress address, Duration timeout, ConnectionHandler handler) {
			this.address = address;
			this.timeout = timeout;
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

		/** Runs before the bytes of the next message are taken, once. */
		volatile @Nullable Runnable beforeSend;

		/** Runs when the bytes of the next message have been taken, once. */
		volatile @Nullable Runnable afterSend;

		private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

		private final List<String> requests = new ArrayList<>();

		private final List<String> control = new ArrayList<>();

		/** What happens just before somebody asks for the unsent bytes. */
		volatile @Nullable Runnable onUnsent;

		volatile boolean closed;

		volatile long unsentBytes;

		volatile long sentBytes;

		private long notifyBelow = -1;

		private byte[] unread = {};

		FakeConnection(Attempt attempt) {
			this.attempt = attempt;
		}

		/**
		 * The requests of callers sent since this was last asked.
		 * @return one line for each request
		 */
		public synchronized List<String> requests() {
			return take(this.requests);
		}

		/**
		 * The messages that the client has sent of its own accord since this was last
		 * asked.
		 * @return one line for each message
		 */
		public synchronized List<String> control() {
			return take(this.control);
		}

		/**
		 * The same, which this leaves to be asked for again.
		 * @return one line for each request
		 */
		public synchronized List<String> requestsSeen() {
			List<String> seen = take(this.requests);
			this.requests.addAll(seen);
			return seen;
		}

		/**
		 * All messages that were sent since any were last asked for, in their order.
		 * @return one line for each message
		 */
		synchronized List<String> messages() {
			List<String> lines = this.sent.toString(StandardCharsets.UTF_8)
				.lines()
				.filter((line) -> !line.isEmpty())
				.toList();
			this.sent.reset();
			return lines;
		}

		private List<String> take(List<String> from) {
			this.sent.toString(StandardCharsets.UTF_8)
				.lines()
				.filter((line) -> !line.isEmpty())
				.forEach((line) -> (line.contains(" _goRPC_.") ? this.control : this.requests).add(line));
			this.sent.reset();
			List<String> taken = new ArrayList<>(from);
			from.clear();
			return taken;
		}

		/**
		 * Answers the first message, as a node that knows our fields or as a stock one.
		 */
		public void greet(boolean extended) {
			String seq = control().get(0).split(" ")[0];
			receive(extended ? seq + " +ok {}" : seq + " error rpc: can't find service _goRPC_.Ping");
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

		/**
		 * The number of the next request, which another thread is about to send.
		 * @return the number
		 */
		public String awaitSeq() {
			return awaitSeqs(1).get(0);
		}

		/**
		 * The numbers of the next requests, which other threads are about to send.
		 * @param count how many requests
		 * @return the numbers, in the order in which they were sent
		 */
		public List<String> awaitSeqs(int count) {
			List<String> requests = requests();
			long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
			while (requests.size() < count && System.nanoTime() - end < 0) {
				Thread.onSpinWait();
				requests.addAll(requests());
			}
			if (requests.size() != count) {
				throw new AssertionError(requests);
			}
			return requests.stream().map((request) -> request.split(" ")[0]).toList();
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
		public @Nullable SSLSession tlsSession() {
			return this.attempt.session;
		}

		@Override
		public SocketAddress localAddress() {
			return this.attempt.address;
		}

		@Override
		public Offered offer(MessageBuffer message, long limit, boolean later) {
			Offered offered = take(message, limit);
			Runnable after = this.afterSend;
			if (after != null) {
				this.afterSend = null;
				after.run();
			}
			return offered;
		}

		private synchronized Offered take(MessageBuffer message, long limit) {
			Runnable before = this.beforeSend;
			if (before != null) {
				this.beforeSend = null;
				before.run();
			}
			if (this.closed) {
				return Offered.CLOSED;
			}
			if (this.unsentBytes > limit) {
				return Offered.FULL;
			}
			message.writeTo(this.sent::write);
			return Offered.TAKEN;
		}

		@Override
		public long unsentBytes() {
			Runnable hook = this.onUnsent;
			if (hook != null) {
				hook.run();
			}
			return this.unsentBytes;
		}

		@Override
		public long sentBytes() {
			return this.sentBytes;
		}

		@Override
		public void notifyBelow(long bytes) {
			this.notifyBelow = bytes;
		}

		/**
		 * The network takes bytes until so many are left.
		 */
		void drainTo(long bytes) {
			this.unsentBytes = bytes;
			if (this.notifyBelow >= 0 && bytes <= this.notifyBelow / 2) {
				this.notifyBelow = -1;
				this.attempt.handler.drained();
			}
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
