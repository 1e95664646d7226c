package io.github.netrpc.transport.memory;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.ConnectionHandler;
import io.github.netrpc.transport.IoThread;
import io.github.netrpc.transport.Listener;
import io.github.netrpc.transport.Transport;

/**
 * A network of its own in memory: a connection is made if this object listens on the
 * port; host names are not looked at. All events run on one thread, in the order of their
 * causes, so a test that supplies an executor which it runs itself is deterministic.
 * Thread-safe.
 *
 * <pre>{@code
 * Transport transport = new MemoryTransport();
 * Listener listener = transport.listen(new InetSocketAddress(0), ArithHandler::new);
 * transport.connect(listener.localAddress(), Duration.ofSeconds(1), new CallHandler());
 * }</pre>
 *
 * @since 0.1.0
 */
public final class MemoryTransport implements Transport {

	private static final int FIRST_FREE_PORT = 49152;

	private static final int LAST_PORT = 65535;

	private static final long CLOSE_SECONDS = 5;

	private final ScheduledExecutorService executor;

	private final boolean ownsExecutor;

	private final Map<Integer, MemoryListener> listeners = new ConcurrentHashMap<>();

	private final Set<MemoryConnection> connections = ConcurrentHashMap.newKeySet();

	private final List<Thread> ownThreads = new CopyOnWriteArrayList<>();

	private volatile boolean closed;

	/**
	 * Creates a transport with a daemon thread of its own.
	 */
	public MemoryTransport() {
		this.ownsExecutor = true;
		this.executor = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new MemoryThread(task);
			thread.setDaemon(true);
			this.ownThreads.add(thread);
			return thread;
		});
	}

	/**
	 * Creates a transport that uses an executor of the caller's.
	 * @param executor runs tasks in order, one at a time; not shut down by {@link #close}
	 */
	public MemoryTransport(ScheduledExecutorService executor) {
		this.executor = executor;
		this.ownsExecutor = false;
	}

	@Override
	public Listener listen(SocketAddress address, Supplier<ConnectionHandler> handlers) throws IOException {
		if (!(address instanceof InetSocketAddress wanted)) {
			throw new IOException("address: " + address + " (expected: an internet address and a port)");
		}
		if (this.closed) {
			throw new IOException("transport is closed");
		}
		if (wanted.getPort() != 0) {
			MemoryListener listener = new MemoryListener(wanted, handlers);
			if (this.listeners.putIfAbsent(wanted.getPort(), listener) != null) {
				throw new BindException("cannot listen on " + address + ": port in use");
			}
			return listener;
		}
		for (int port = FIRST_FREE_PORT; port <= LAST_PORT; port++) {
			MemoryListener listener = new MemoryListener(new InetSocketAddress(wanted.getAddress(), port), handlers);
			if (this.listeners.putIfAbsent(port, listener) == null) {
				return listener;
			}
		}
		throw new IOException("cannot listen on " + address + ": no free port");
	}

	@Override
	public CompletionStage<Connection> connect(SocketAddress address, Duration timeout, ConnectionHandler handler) {
		CompletableFuture<Connection> result = new CompletableFuture<>();
		try {
			this.executor.execute(() -> connectNow(address, handler, result));
		}
		catch (RejectedExecutionException ex) {
			result.completeExceptionally(new IOException("transport is closed", ex));
		}
		return result;
	}

	private void connectNow(SocketAddress address, ConnectionHandler handler, CompletableFuture<Connection> result) {
		handler.resolved();
		MemoryListener listener = (address instanceof InetSocketAddress inet) ? this.listeners.get(inet.getPort())
				: null;
		if (listener == null || this.closed) {
			result.completeExceptionally(new ConnectException("Connection refused: " + address));
			return;
		}
		SocketAddress clientAddress = InetSocketAddress.createUnresolved("memory", 0);
		MemoryConnection client = new MemoryConnection(this, clientAddress, address, handler);
		MemoryConnection server = new MemoryConnection(this, listener.localAddress(), clientAddress,
				listener.handlers.get());
		client.join(server);
		this.connections.add(client);
		this.connections.add(server);
		server.open();
		client.open();
		result.complete(client);
	}

	ScheduledExecutorService executor() {
		return this.executor;
	}

	void forget(MemoryConnection connection) {
		this.connections.remove(connection);
	}

	@Override
	public void close() {
		this.closed = true;
		this.listeners.clear();
		try {
			this.executor.execute(() -> this.connections.forEach((connection) -> connection.closeNow(null)));
		}
		catch (RejectedExecutionException ex) {
			return;
		}
		if (this.ownsExecutor) {
			this.executor.shutdown();
			if (!this.ownThreads.contains(Thread.currentThread())) {
				awaitEnd();
			}
		}
	}

	private void awaitEnd() {
		try {
			if (!this.executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
				this.executor.shutdownNow();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static final class MemoryThread extends Thread implements IoThread {

		MemoryThread(Runnable task) {
			super(task, "rpc-memory-io");
		}

	}

	private final class MemoryListener implements Listener {

		private final InetSocketAddress address;

		private final Supplier<ConnectionHandler> handlers;

		private MemoryListener(InetSocketAddress address, Supplier<ConnectionHandler> handlers) {
			this.address = address;
			this.handlers = handlers;
		}

		@Override
		public SocketAddress localAddress() {
			return this.address;
		}

		@Override
		public void close() {
			MemoryTransport.this.listeners.remove(this.address.getPort(), this);
		}

	}

}
