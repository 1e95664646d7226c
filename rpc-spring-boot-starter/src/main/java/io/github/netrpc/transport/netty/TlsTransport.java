package io.github.netrpc.transport.netty;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.ConnectionHandler;
import io.github.netrpc.transport.Listener;
import io.github.netrpc.transport.TlsSettings;
import io.github.netrpc.transport.Transport;

/**
 * A {@link NettyTransport} seen through TLS. Thread-safe.
 */
final class TlsTransport implements Transport {

	private final NettyTransport transport;

	private final Supplier<TlsSettings> tls;

	TlsTransport(NettyTransport transport, Supplier<TlsSettings> tls) {
		this.transport = transport;
		this.tls = tls;
	}

	@Override
	public Listener listen(SocketAddress address, Supplier<ConnectionHandler> handlers) throws IOException {
		return this.transport.listen(address, handlers, this.tls);
	}

	@Override
	public CompletionStage<Connection> connect(SocketAddress address, Duration timeout, ConnectionHandler handler) {
		return this.transport.connect(address, timeout, handler, this.tls);
	}

	@Override
	public Transport secured(Supplier<TlsSettings> tls) {
		return new TlsTransport(this.transport, tls);
	}

	@Override
	public void close() {
		this.transport.close();
	}

}
