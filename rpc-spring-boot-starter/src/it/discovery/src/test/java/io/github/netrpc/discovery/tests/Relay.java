package io.github.netrpc.discovery.tests;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Passes connections on to a server that the test cannot stop. Stopped, it refuses them,
 * as the server would; started again, it has the same port.
 */
final class Relay {

	private final String host;

	private final int port;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private int ownPort;

	private volatile @Nullable ServerSocket server;

	Relay(String host, int port) {
		this.host = host;
		this.port = port;
		start();
	}

	int port() {
		return this.ownPort;
	}

	void start() {
		try {
			ServerSocket opened = new ServerSocket(this.ownPort, 50, InetAddress.getLoopbackAddress());
			this.ownPort = opened.getLocalPort();
			this.server = opened;
			begin("relay", () -> accept(opened));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void stop() {
		ServerSocket stopped = this.server;
		this.server = null;
		if (stopped != null) {
			close(stopped);
			this.sockets.forEach(this::end);
		}
	}

	private static void begin(String name, Runnable work) {
		Thread thread = new Thread(work, name);
		thread.setDaemon(true);
		thread.start();
	}

	private void accept(ServerSocket opened) {
		while (!opened.isClosed()) {
			try {
				connect(opened.accept());
			}
			catch (IOException ex) {
				// It was closed.
			}
		}
	}

	private void connect(Socket near) {
		try {
			this.sockets.add(near);
			Socket far = new Socket(this.host, this.port);
			this.sockets.add(far);
			begin("relay to", () -> copy(near, far));
			begin("relay from", () -> copy(far, near));
		}
		catch (IOException ex) {
			// The server is away.
			end(near);
		}
		if (this.server == null) {
			this.sockets.forEach(this::end);
		}
	}

	private void copy(Socket from, Socket to) {
		try (from; to; InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
			in.transferTo(out);
		}
		catch (IOException ex) {
			// Either side has ended it.
		}
		finally {
			this.sockets.remove(from);
			this.sockets.remove(to);
		}
	}

	private void end(Socket socket) {
		this.sockets.remove(socket);
		close(socket);
	}

	private static void close(AutoCloseable each) {
		try {
			each.close();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
