package io.github.netrpc.transport.netty;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

import io.netty.channel.epoll.Epoll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.TestAuthority;
import io.github.netrpc.transport.TlsSettings;
import io.github.netrpc.transport.netty.NettyTransportContract.Text;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A node judges the client's certificate when the handshake is over for the client, which
 * has begun to send then. That it cannot go on with that must not keep the reason from
 * being read, which has come before.
 */
@Timeout(60)
class TlsLastWordsIntegrationTests {

	private static final TestAuthority AUTHORITY = new TestAuthority("last words");

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whyACertificateWasRefusedIsReadAfterAWriteHasFailed(boolean epoll) throws Exception {
		CountDownLatch reset = new CountDownLatch(1);
		TlsSettings tls = TlsSettings.builder().trust(AUTHORITY.trustStore()).build();
		try (NettyTransport transport = new NettyTransport("test-", 1, true, epoll && Epoll.isAvailable());
				ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
			Thread node = new Thread(() -> refuse(listener, reset));
			node.start();
			SendsLate handler = new SendsLate(reset);
			transport.secured(() -> tls)
				.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort()),
						Duration.ofSeconds(30), handler);
			assertThat(handler.closed.get(30, TimeUnit.SECONDS)).isInstanceOf(SSLHandshakeException.class)
				.hasMessageContaining("certificate");
			node.join();
		}
	}

	/**
	 * Wants a certificate, tells that there was none, and resets the connection.
	 */
	private static void refuse(ServerSocket listener, CountDownLatch reset) {
		try (Socket plain = listener.accept()) {
			plain.setSoLinger(true, 0);
			SSLSocket socket = (SSLSocket) context().getSocketFactory().createSocket(plain, null, false);
			socket.setUseClientMode(false);
			socket.setNeedClientAuth(true);
			socket.setEnabledProtocols(new String[] { "TLSv1.3" });
			socket.startHandshake();
		}
		catch (IOException ex) {
			// As it should be.
		}
		finally {
			reset.countDown();
		}
	}

	private static SSLContext context() {
		try {
			KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			KeyStore store = AUTHORITY.server("localhost", "127.0.0.1").keyStore();
			keys.init(store, TestAuthority.PASSWORD);
			TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			trust.init(AUTHORITY.trustStore());
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
			return context;
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Sends only when the node has reset the connection, and before anything is read.
	 */
	private static final class SendsLate extends SilentHandler {

		private final CountDownLatch reset;

		SendsLate(CountDownLatch reset) {
			this.reset = reset;
		}

		@Override
		public void opened(Connection connection) {
			// When the last words of the handshake have left.
			connection.execute(() -> {
				try {
					this.reset.await();
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
				connection.send(new Text("a call"));
			});
		}

	}

}
