package io.github.netrpc.interop;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP proxy that cuts what it forwards at random places, holds it up for a moment now
 * and then, and resets or silences connections on demand. What it forwards stays in order
 * and whole.
 */
final class FaultProxy implements AutoCloseable {

	private static final int LARGEST_READ = 64 * 1024;

	private static final long LONGEST_DELAY_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

	/** One read in so many is cut into small pieces; one in so many is held up. */
	private static final int ONE_IN = 16;

	private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

	private final InetSocketAddress target;

	private final long seed;

	private final Set<Socket> open = ConcurrentHashMap.newKeySet();

	private final AtomicInteger threads = new AtomicInteger();

	private final AtomicInteger resets = new AtomicInteger();

	private final AtomicLong cuts = new AtomicLong();

	private volatile boolean silent;

	private volatile CompletableFuture<Void> connected = new CompletableFuture<>();

	FaultProxy(InetSocketAddress target, long seed) throws IOException {
		this.target = target;
		this.seed = seed;
		start(this::accept);
	}

	String address() {
		return this.listener.getInetAddress().getHostAddress() + ":" + this.listener.getLocalPort();
	}

	int resets() {
		return this.resets.get();
	}

	long cuts() {
		return this.cuts.get();
	}

	/**
	 * Completes when a connection is open, at once if none was reset since the last one.
	 */
	CompletableFuture<Void> connected() {
		return this.connected;
	}

	/**
	 * Resets all connections.
	 */
	void reset() {
		// Before anybody can notice.
		this.connected = new CompletableFuture<>();
		for (Socket socket : this.open) {
			try {
				socket.setSoLinger(true, 0);
				socket.close();
				this.resets.incrementAndGet();
			}
			catch (IOException ex) {
				// Closed already.
			}
		}
	}

	/**
	 * Forwards nothing until told otherwise. Connections stay open, and are accepted.
	 */
	void silent(boolean silent) {
		this.silent = silent;
	}

	private void awaitSpeech(Socket from) {
		while (this.silent && !from.isClosed()) {
			LockSupport.parkNanos(LONGEST_DELAY_NANOS);
		}
	}

	private void accept() {
		while (!this.listener.isClosed()) {
			try {
				Socket client = this.listener.accept();
				Socket server = new Socket(this.target.getAddress(), this.target.getPort());
				client.setTcpNoDelay(true);
				server.setTcpNoDelay(true);
				this.open.add(client);
				this.open.add(server);
				this.connected.complete(null);
				start(() -> forward(client, server));
				start(() -> forward(server, client));
			}
			catch (IOException ex) {
				// The proxy closes, or the server is not there.
			}
		}
	}

	private void forward(Socket from, Socket to) {
		Random random = new Random(this.seed + this.threads.get());
		byte[] buffer = new byte[LARGEST_READ];
		try {
			InputStream in = from.getInputStream();
			OutputStream out = to.getOutputStream();
			for (int n = in.read(buffer); n >= 0; n = in.read(buffer, 0, 1 + random.nextInt(buffer.length))) {
				awaitSpeech(from);
				send(buffer, n, out, random);
			}
			to.shutdownOutput();
		}
		catch (IOException ex) {
			close(from);
			close(to);
		}
	}

	private void send(byte[] buffer, int length, OutputStream out, Random random) throws IOException {
		if (random.nextInt(ONE_IN) == 0) {
			LockSupport.parkNanos((long) (random.nextDouble() * LONGEST_DELAY_NANOS));
		}
		int at = 0;
		if (random.nextInt(ONE_IN) == 0) {
			while (at < length && random.nextInt(ONE_IN) != 0) {
				int piece = Math.min(length - at, 1 + random.nextInt(ONE_IN));
				out.write(buffer, at, piece);
				at += piece;
				this.cuts.incrementAndGet();
			}
		}
		out.write(buffer, at, length - at);
	}

	private void close(Socket socket) {
		this.open.remove(socket);
		try {
			socket.close();
		}
		catch (IOException ex) {
			// Closed already.
		}
	}

	private void start(Runnable task) {
		Thread thread = new Thread(task, "fault-proxy-" + this.threads.incrementAndGet());
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() throws IOException {
		this.listener.close();
		this.open.forEach(this::close);
	}

}
