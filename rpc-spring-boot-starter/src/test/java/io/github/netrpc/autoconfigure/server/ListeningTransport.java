package io.github.netrpc.autoconfigure.server;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.ConnectionHandler;
import io.github.netrpc.transport.Listener;
import io.github.netrpc.transport.Transport;

/**
 * A transport without sockets, on which nobody ever connects.
 */
class ListeningTransport implements Transport {

	static final int FREE_PORT = 54321;

	final List<String> events = new ArrayList<>();

	boolean inUse;

	boolean closed;

	@Override
	public Listener listen(SocketAddress address, Supplier<ConnectionHandler> handlers) throws IOException {
		InetSocketAddress wanted = (InetSocketAddress) address;
		if (this.inUse) {
			throw new BindException("Address already in use");
		}
		int port = (wanted.getPort() != 0) ? wanted.getPort() : FREE_PORT;
		this.events.add("listen " + port);
		InetSocketAddress bound = new InetSocketAddress(wanted.getAddress(), port);
		return new Listener() {

			private boolean listening = true;

			@Override
			public SocketAddress localAddress() {
				return bound;
			}

			@Override
			public void close() {
				if (this.listening) {
					this.listening = false;
					ListeningTransport.this.events.add("close " + port);
				}
			}

		};
	}

	@Override
	public CompletionStage<Connection> connect(SocketAddress address, Duration timeout, ConnectionHandler handler) {
		return CompletableFuture.failedFuture(new IOException("nobody is there"));
	}

	@Override
	public void close() {
		this.closed = true;
	}

}
