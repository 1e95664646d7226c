package io.github.netrpc.transport.netty;

import java.net.InetAddress;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.server.CloseReason;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.transport.TestAuthority;
import io.github.netrpc.transport.TlsSettings;
import io.github.netrpc.transport.TlsSettings.ClientAuth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Connections that resume a TLS session when the certificate with which it began has
 * ended. The JDK looks at certificates in whole handshakes only.
 */
@Timeout(60)
class TlsSessionAgeIntegrationTests {

	private static final TestAuthority AUTHORITY = new TestAuthority("ours");

	private final Echo echo = new Echo();

	private final AtomicReference<Instant> serverTime = new AtomicReference<>(Instant.now());

	private final AtomicReference<Instant> clientTime = new AtomicReference<>(Instant.now());

	private static NettyTransport transport(String name, AtomicReference<Instant> time) {
		return new NettyTransport(name, 1, true, false, InetAddress::getAllByName, time::get);
	}

	private static TlsSettings server(ClientAuth clientAuth) {
		return TlsSettings.builder()
			.keys(AUTHORITY.server("127.0.0.1").keyStore(), TestAuthority.PASSWORD)
			.trust(AUTHORITY.trustStore())
			.clientAuth(clientAuth)
			.build();
	}

	private static TlsSettings client() {
		return TlsSettings.builder()
			.keys(AUTHORITY.client("alice").keyStore(), TestAuthority.PASSWORD)
			.trust(AUTHORITY.trustStore())
			.build();
	}

	private RpcServer start(NettyTransport transport, TlsSettings tls) {
		return RpcServer.builder().port(0).transport(transport).tls(() -> tls).service(this.echo).start();
	}

	private static String call(NettyTransport transport, int port, TlsSettings tls) {
		try (RpcChannel channel = RpcChannel.builder()
			.target("127.0.0.1:" + port)
			.transport(transport)
			.tls(() -> tls)
			.build()) {
			return channel.call("Echo.Repeat", "a", String.class);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "NEED", "WANT" })
	void serverRefusesAClientWhoseCertificateHasEnded(ClientAuth clientAuth) {
		TlsSettings serverTls = server(clientAuth);
		TlsSettings clientTls = client();
		try (NettyTransport ours = transport("server-", this.serverTime);
				NettyTransport theirs = transport("client-", this.clientTime);
				RpcServer server = start(ours, serverTls)) {
			assertThat(call(theirs, server.port(), clientTls)).isEqualTo("a");
			this.serverTime.set(Instant.now().plus(Duration.ofHours(2)));
			assertThatExceptionOfType(RpcException.class).isThrownBy(() -> call(theirs, server.port(), clientTls))
				.satisfies((ex) -> assertThat(ex.code()).isEqualTo(RpcCode.UNAVAILABLE))
				// From TLS 1.3 on the call may be on its way when the server looks.
				.satisfies((ex) -> assertThat(ex.known()).isIn(Known.NOT_RUN, Known.MAYBE_RAN));
			assertThat(server.closed(CloseReason.TLS)).isPositive();
			assertThat(this.echo.runs).hasValue(1);
			this.serverTime.set(Instant.now());
			assertThat(call(theirs, server.port(), clientTls)).isEqualTo("a");
		}
	}

	@Test
	void whatCountsInAWholeHandshakeIsUpToTheTrustManager() throws Exception {
		Instant now = Instant.now();
		TestAuthority.Identity ended = AUTHORITY.issue("alice", List.of(), TestAuthority.CLIENT_USAGE,
				now.minus(Duration.ofHours(2)), now.minus(Duration.ofHours(1)));
		KeyStore pinned = AUTHORITY.trustStore();
		pinned.setCertificateEntry("alice", ended.certificate());
		TlsSettings serverTls = TlsSettings.builder()
			.keys(AUTHORITY.server("127.0.0.1").keyStore(), TestAuthority.PASSWORD)
			.trust(pinned)
			.clientAuth(ClientAuth.NEED)
			.build();
		TlsSettings clientTls = TlsSettings.builder()
			.keys(ended.keyStore(), TestAuthority.PASSWORD)
			.trust(AUTHORITY.trustStore())
			.build();
		try (NettyTransport ours = transport("server-", this.serverTime);
				NettyTransport theirs = transport("client-", this.clientTime);
				RpcServer server = start(ours, serverTls)) {
			this.serverTime.set(now);
			assertThat(call(theirs, server.port(), clientTls)).isEqualTo("a");
		}
	}

	@Test
	void clientRefusesANodeWhoseCertificateHasEnded() {
		TlsSettings serverTls = server(ClientAuth.NONE);
		TlsSettings clientTls = client();
		try (NettyTransport ours = transport("server-", this.serverTime);
				NettyTransport theirs = transport("client-", this.clientTime);
				RpcServer server = RpcServer.builder()
					.port(0)
					.transport(ours)
					.tls(() -> serverTls)
					.service(new Echo())
					.start()) {
			assertThat(call(theirs, server.port(), clientTls)).isEqualTo("a");
			this.clientTime.set(Instant.now().plus(Duration.ofHours(2)));
			assertThatExceptionOfType(RpcException.class).isThrownBy(() -> call(theirs, server.port(), clientTls))
				.withMessageContaining("TLS handshake with 127.0.0.1:" + server.port()
						+ " failed: the peer's certificate is not valid any more: NotAfter: ")
				.satisfies((ex) -> assertThat(ex.code()).isEqualTo(RpcCode.UNAVAILABLE))
				.satisfies((ex) -> assertThat(ex.known()).isEqualTo(Known.NOT_RUN));
			this.clientTime.set(Instant.now());
			assertThat(call(theirs, server.port(), clientTls)).isEqualTo("a");
		}
	}

	@RpcService("Echo")
	public static class Echo {

		final AtomicInteger runs = new AtomicInteger();

		public String repeat(String text) {
			this.runs.incrementAndGet();
			return text;
		}

	}

}
