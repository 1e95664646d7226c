package io.github.netrpc.transport.netty;

import java.net.InetSocketAddress;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.github.netrpc.transport.Listener;
import io.github.netrpc.transport.TestAuthority;
import io.github.netrpc.transport.TlsSettings;
import io.github.netrpc.transport.Transport;
import io.github.netrpc.transport.TransportContract;

/**
 * Everything that holds for any transport, through TLS.
 */
abstract class TlsTransportContract extends TransportContract {

	private static final TestAuthority AUTHORITY = new TestAuthority("contract");

	private static final TlsSettings TLS = TlsSettings.builder()
		.keys(AUTHORITY.server("127.0.0.1", "localhost").keyStore(), TestAuthority.PASSWORD)
		.trust(AUTHORITY.trustStore())
		.build();

	@Override
	protected final Transport createTransport() {
		return createPlain().secured(() -> TLS);
	}

	abstract NettyTransport createPlain();

	/**
	 * The peer has said that it closes, so where nothing was being written then, the
	 * connection ends as one that was closed.
	 */
	@Override
	protected final void checkEndOfSending(@Nullable Throwable cause) {
		if (cause != null) {
			super.checkEndOfSending(cause);
		}
	}

	@Test
	void repliesArriveAtAPeerThatSendsMuchMoreBeforeItReads() throws Exception {
		LateReader handler = new LateReader();
		Listener listener = listen(() -> handler);
		try (SSLSocket socket = open(listener)) {
			socket.startHandshake();
			handler.check(socket);
		}
	}

	private static SSLSocket open(Listener listener) throws Exception {
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(AUTHORITY.trustStore());
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, trust.getTrustManagers(), null);
		InetSocketAddress address = (InetSocketAddress) listener.localAddress();
		SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(address.getAddress(), address.getPort());
		socket.setSoTimeout(10_000);
		return socket;
	}

}
