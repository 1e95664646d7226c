package io.github.netrpc.interop;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.client.ClientLimits;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcChannelBuilder;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.transport.TestAuthority;
import io.github.netrpc.transport.TestAuthority.Identity;
import io.github.netrpc.transport.TlsSettings;
import io.github.netrpc.transport.TlsSettings.ClientAuth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Our client and our server over TLS, and what each of them does when the other is not
 * what it should be.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class TlsIntegrationTests {

	private static final TestAuthority AUTHORITY = new TestAuthority("ours");

	private static final TestAuthority STRANGER = new TestAuthority("strangers");

	/** A client sends only certificates of an authority that the server has named. */
	private static final TestAuthority NAMESAKE = new TestAuthority("ours");

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static final Instant NOW = Instant.now();

	private static final Duration DAY = Duration.ofDays(1);

	private final AtomicInteger handled = new AtomicInteger();

	private final List<AutoCloseable> open = new ArrayList<>();

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable each : this.open) {
			each.close();
		}
	}

	private RpcServer server(@Nullable TlsSettings tls) {
		AtomicReference<TlsSettings> settings = new AtomicReference<>(tls);
		return server(settings);
	}

	private RpcServer server(AtomicReference<@Nullable TlsSettings> tls) {
		// On a busy machine calls may wait for long.
		var builder = RpcServer.builder().port(0).overload(PATIENCE, PATIENCE, PATIENCE).service(new Doubling());
		RpcServer server = ((tls.get() != null) ? builder.tls(tls::get) : builder).start();
		this.open.add(0, server);
		return server;
	}

	private static TlsSettings.Builder serverTls(Identity identity) {
		return TlsSettings.builder().keys(identity.keyStore(), TestAuthority.PASSWORD);
	}

	private static TlsSettings serverTls() {
		return serverTls(AUTHORITY.server("127.0.0.1", "localhost")).build();
	}

	private static TlsSettings.Builder mutualTls() {
		return serverTls(AUTHORITY.server("127.0.0.1")).trust(AUTHORITY.trustStore()).clientAuth(ClientAuth.NEED);
	}

	private static TlsSettings.Builder clientTls() {
		return TlsSettings.builder().trust(AUTHORITY.trustStore());
	}

	private RpcChannel channel(int port, @Nullable TlsSettings tls) {
		return channel(port, tls, (builder) -> {
		});
	}

	private RpcChannel channel(int port, @Nullable TlsSettings tls, Consumer<RpcChannelBuilder> more) {
		RpcChannelBuilder builder = RpcChannel.builder().target("127.0.0.1:" + port);
		if (tls != null) {
			builder.tls(() -> tls);
		}
		more.accept(builder);
		RpcChannel channel = builder.build();
		this.open.add(0, channel);
		return channel;
	}

	private static int twice(RpcChannel channel, int number) {
		return channel.call("Doubling.Twice", number, Integer.class);
	}

	private RpcException refusal(RpcChannel channel) {
		long began = System.nanoTime();
		AtomicReference<RpcException> thrown = new AtomicReference<>();
		assertThatExceptionOfType(RpcException.class).isThrownBy(() -> twice(channel, 1)).satisfies(thrown::set);
		// Also within the second that a mismatch may take.
		assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
		assertThat(thrown.get().code()).isEqualTo(RpcCode.UNAVAILABLE);
		assertThat(thrown.get().known()).as(thrown.get().getMessage()).isEqualTo(Known.NOT_RUN);
		assertThat(this.handled).hasValue(0);
		return thrown.get();
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3 gob", "TLSv1.2 gob", "TLSv1.3 json", "TLSv1.2 json", "TLSv1.3 http" })
	void callsOfEveryVersionAndFormat(String how) {
		String version = how.substring(0, how.indexOf(' '));
		String format = how.substring(how.indexOf(' ') + 1);
		RpcServer server = server(serverTls());
		RpcChannel channel = channel(server.port(), clientTls().protocols(List.of(version)).build(),
				(builder) -> builder.http(format.equals("http")).codec(format.equals("json") ? "json" : "gob"));
		assertThat(twice(channel, 21)).isEqualTo(42);
		List<CompletableFuture<Integer>> many = new ArrayList<>();
		for (int i = 0; i < 500; i++) {
			many.add(channel.callAsync("Doubling.Twice", i, Integer.class).toCompletableFuture());
		}
		for (int i = 0; i < 500; i++) {
			assertThat(many.get(i).join()).isEqualTo(2 * i);
		}
		String large = "0123456789abcdef".repeat(40_000);
		assertThat(channel.call("Doubling.Echo", large, String.class)).isEqualTo(large);
	}

	@Test
	void nothingIsReadableOnTheWire() throws Exception {
		RpcServer server = server(serverTls());
		ByteArrayOutputStream seen = new ByteArrayOutputStream();
		try (ServerSocket tap = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
			Thread relay = new Thread(() -> relay(tap, server.address(), seen));
			relay.start();
			RpcChannel channel = channel(tap.getLocalPort(), clientTls().build());
			for (int i = 0; i < 100; i++) {
				assertThat(twice(channel, i)).isEqualTo(2 * i);
			}
			channel.close();
			relay.join();
		}
		assertThat(seen.size()).isGreaterThan(5_000);
		assertThat(seen.toString(StandardCharsets.ISO_8859_1)).doesNotContain("Twice").doesNotContain("ServiceMethod");
	}

	private static void relay(ServerSocket tap, InetSocketAddress target, ByteArrayOutputStream seen) {
		try (Socket client = tap.accept(); Socket node = new Socket(target.getAddress(), target.getPort())) {
			Thread back = new Thread(() -> copy(node, client, seen));
			back.start();
			copy(client, node, seen);
			node.shutdownOutput();
			back.join();
		}
		catch (IOException | InterruptedException ex) {
			// The test sees that calls fail.
		}
	}

	private static void copy(Socket from, Socket to, ByteArrayOutputStream seen) {
		byte[] buffer = new byte[8192];
		try {
			for (int length = from.getInputStream().read(buffer); length > 0; length = from.getInputStream()
				.read(buffer)) {
				synchronized (seen) {
					seen.write(buffer, 0, length);
				}
				to.getOutputStream().write(buffer, 0, length);
			}
		}
		catch (IOException ex) {
			// The connection has ended.
		}
	}

	// What the client refuses

	static Stream<Object[]> badServers() {
		return Stream.of(
				new Object[] { "of strangers", STRANGER.server("127.0.0.1"),
						"unable to find valid certification path" },
				new Object[] { "with another name", AUTHORITY.server("localhost", "127.0.0.2"),
						"No subject alternative names matching IP address 127.0.0.1 found" },
				new Object[] { "expired",
						AUTHORITY.issue("server", List.of("127.0.0.1"), TestAuthority.SERVER_USAGE, NOW.minus(DAY),
								NOW.minusSeconds(60)),
						"NotAfter: " },
				new Object[] { "of tomorrow",
						AUTHORITY.issue("server", List.of("127.0.0.1"), TestAuthority.SERVER_USAGE,
								NOW.plusSeconds(3600), NOW.plus(DAY)),
						"NotBefore: " },
				new Object[] { "for clients",
						AUTHORITY.issue("server", List.of("127.0.0.1"), TestAuthority.CLIENT_USAGE, NOW.minus(DAY),
								NOW.plus(DAY)),
						"Extended key usage does not permit use for TLS server authentication" });
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("badServers")
	void clientRefusesAServerWithACertificate(String what, Identity identity, String reason) {
		RpcServer server = server(serverTls(identity).build());
		RpcException refused = refusal(channel(server.port(), clientTls().build()));
		assertThat(refused).hasMessageContaining("TLS handshake with 127.0.0.1:" + server.port() + " failed")
			.hasMessageContaining(reason);
	}

	@Test
	void clientThatDoesNotCheckNamesTakesAnotherName() {
		RpcServer server = server(serverTls(AUTHORITY.server("localhost")).build());
		assertThat(twice(channel(server.port(), clientTls().verifyHostName(false).build()), 3)).isEqualTo(6);
		assertThat(twice(channel(server.port(), clientTls().serverName("localhost").build()), 3)).isEqualTo(6);
	}

	@Test
	void nodesOfADnsTargetAreCheckedForThatName() {
		RpcServer server = server(serverTls(AUTHORITY.server("localhost")).build());
		RpcChannel channel = RpcChannel.builder()
			.target("dns://localhost:" + server.port())
			.tls(() -> clientTls().build())
			.build();
		this.open.add(0, channel);
		assertThat(twice(channel, 5)).isEqualTo(10);
	}

	// What the server refuses

	static Stream<Object[]> badClients() {
		return Stream.of(new Object[] { "none", null, "Empty client certificate chain" },
				new Object[] { "of a namesake of the authority", NAMESAKE.client("mallory"), "signature check failed" },
				new Object[] { "expired",
						AUTHORITY.issue("alice", List.of(), TestAuthority.CLIENT_USAGE, NOW.minus(DAY),
								NOW.minusSeconds(60)),
						"NotAfter: " },
				new Object[] { "not yet valid",
						AUTHORITY.issue("alice", List.of(), TestAuthority.CLIENT_USAGE, NOW.plus(DAY),
								NOW.plus(DAY.multipliedBy(2))),
						"NotBefore: " },
				new Object[] { "for servers",
						AUTHORITY.issue("alice", List.of(), TestAuthority.SERVER_USAGE, NOW.minus(DAY), NOW.plus(DAY)),
						"Extended key usage does not permit use for TLS client authentication" });
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("badClients")
	void serverRefusesAClientWithACertificate(String what, @Nullable Identity identity, String reason,
			CapturedOutput output) {
		RpcServer server = server(mutualTls().build());
		for (String version : List.of("TLSv1.2", "TLSv1.3")) {
			TlsSettings.Builder tls = clientTls().protocols(List.of(version));
			if (identity != null) {
				tls.keys(identity.keyStore(), TestAuthority.PASSWORD);
			}
			RpcChannel channel = channel(server.port(), tls.build());
			assertThatExceptionOfType(RpcException.class).isThrownBy(() -> twice(channel, 1))
				.satisfies((ex) -> assertThat(ex.code()).isEqualTo(RpcCode.UNAVAILABLE))
				.satisfies((ex) -> assertThat(ex.known()).as(ex.getMessage()).isEqualTo(Known.NOT_RUN));
			assertThat(this.handled).hasValue(0);
			channel.close();
		}
		Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> refusals(output).size() >= 2);
		assertThat(refusals(output)).allMatch((line) -> line.contains(reason));
	}

	private static List<String> refusals(CapturedOutput output) {
		return output.getOut().lines().filter((line) -> line.contains("TLS (rpc.server.ssl) failed: ")).toList();
	}

	@Test
	void serverTakesAClientWithItsCertificate() {
		RpcServer server = server(mutualTls().build());
		TlsSettings client = clientTls().keys(AUTHORITY.client("alice").keyStore(), TestAuthority.PASSWORD).build();
		assertThat(twice(channel(server.port(), client), 4)).isEqualTo(8);
	}

	@Test
	void serverThatWantsCertificatesTakesNoneButNoBadOne() {
		RpcServer server = server(serverTls(AUTHORITY.server("127.0.0.1")).trust(AUTHORITY.trustStore())
			.clientAuth(ClientAuth.WANT)
			.build());
		assertThat(twice(channel(server.port(), clientTls().build()), 4)).isEqualTo(8);
		this.handled.set(0);
		KeyStore bad = NAMESAKE.client("mallory").keyStore();
		assertThatExceptionOfType(RpcException.class)
			.isThrownBy(() -> twice(channel(server.port(), clientTls().keys(bad, TestAuthority.PASSWORD).build()), 1));
		assertThat(this.handled).hasValue(0);
	}

	// One side without TLS

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json", "http" })
	void plainClientIsToldThatTheServerSpeaksTls(String format, CapturedOutput output) {
		RpcServer server = server(serverTls());
		RpcException refused = refusal(channel(server.port(), null,
				(builder) -> builder.http(format.equals("http")).codec(format.equals("json") ? "json" : "gob")));
		assertThat(refused).hasMessageContaining("the node speaks TLS, and this channel does not");
		assertThat(output).contains("TLS (rpc.server.ssl) failed: the peer does not speak TLS, its first bytes are ");
	}

	@Test
	void tlsClientIsToldThatTheServerDoesNotSpeakTls(CapturedOutput output) {
		RpcServer server = server((TlsSettings) null);
		RpcException refused = refusal(channel(server.port(), clientTls().build()));
		assertThat(refused).hasMessageContaining("TLS handshake with 127.0.0.1:" + server.port() + " failed")
			.hasMessageContaining("does the node speak TLS?");
		assertThat(output).contains("it speaks TLS, which is off (rpc.server.ssl.bundle)");
	}

	@Test
	void nodeThatSaysNothingFailsAtTheConnectTimeout() throws Exception {
		try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
			RpcChannel channel = channel(silent.getLocalPort(), clientTls().build(),
					(builder) -> builder.timeout(Duration.ofSeconds(10))
						.nodeLimits(new ClientLimits(1, 1024, 1024, 1 << 20, Duration.ofMillis(300))));
			assertThat(refusal(channel)).hasMessageContaining("no answer within 300 ms (does the node speak TLS?");
		}
	}

	@Test
	void plainBytesAreAnsweredByAnAlertAndTheEnd() throws Exception {
		RpcServer server = server(serverTls());
		for (String bytes : List.of("{", "CONNECT ", "\u0016{", "\u0017\u0003\u0003")) {
			try (Socket socket = new Socket(server.address().getAddress(), server.port())) {
				socket.setSoTimeout(1000);
				socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
				assertThat(socket.getInputStream().readAllBytes()).as(bytes).startsWith(21, 3, 3, 0, 2, 2, 10);
			}
		}
	}

	@Test
	void handshakeThatIsNotFinishedInTimeEnds() throws Exception {
		AtomicReference<@Nullable TlsSettings> tls = new AtomicReference<>(
				serverTls(AUTHORITY.server("127.0.0.1")).handshakeTimeout(Duration.ofMillis(200)).build());
		RpcServer server = server(tls);
		for (byte[] begun : List.of(new byte[0], new byte[] { 22 }, new byte[] { 22, 3, 1, 2, 0, 1 })) {
			try (Socket socket = new Socket(server.address().getAddress(), server.port())) {
				socket.setSoTimeout(5000);
				socket.getOutputStream().write(begun);
				drain(socket.getInputStream());
			}
		}
		// A busy machine may take longer than that.
		tls.set(serverTls());
		assertThat(twice(channel(server.port(), clientTls().build()), 1)).isEqualTo(2);
	}

	private static void drain(InputStream input) {
		try {
			input.readAllBytes();
		}
		catch (SocketTimeoutException ex) {
			throw new AssertionError("the connection is still open", ex);
		}
		catch (IOException ex) {
			// A reset, which ends it too.
		}
	}

	@Test
	void lookingWhetherThePortIsOpenIsNotLogged(CapturedOutput output) throws Exception {
		RpcServer server = server(serverTls());
		new Socket(server.address().getAddress(), server.port()).close();
		assertThat(twice(channel(server.port(), clientTls().build()), 1)).isEqualTo(2);
		server.close();
		assertThat(output).doesNotContain("TLS (rpc.server.ssl) failed");
	}

	@Test
	void nobodyNegotiatesAgain(CapturedOutput output) throws Exception {
		RpcServer server = server(serverTls());
		try (SSLSocket socket = socket(server, "TLSv1.2")) {
			socket.startHandshake();
			socket.getOutputStream()
				.write("{\"method\":\"Doubling.Twice\",\"params\":[4],\"id\":1}".getBytes(StandardCharsets.UTF_8));
			assertThat(socket.getInputStream().read()).isEqualTo('{');
			socket.startHandshake();
			socket.setSoTimeout(5000);
			drain(socket.getInputStream());
		}
		catch (IOException ex) {
			assertThat(ex).isNotInstanceOf(SocketTimeoutException.class);
		}
		assertThat(twice(channel(server.port(), clientTls().build()), 1)).isEqualTo(2);
	}

	@Test
	void peerThatEndsItsOutputStillGetsItsReply() throws Exception {
		RpcServer server = server(serverTls());
		try (SSLSocket socket = socket(server, "TLSv1.3")) {
			socket.getOutputStream()
				.write("{\"method\":\"Doubling.Twice\",\"params\":[4],\"id\":1}".getBytes(StandardCharsets.UTF_8));
			socket.shutdownOutput();
			assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
				.contains("\"result\":8");
		}
	}

	private SSLSocket socket(RpcServer server, String version) throws Exception {
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(AUTHORITY.trustStore());
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, trust.getTrustManagers(), null);
		InetSocketAddress address = server.address();
		SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(address.getAddress(), address.getPort());
		socket.setEnabledProtocols(new String[] { version });
		socket.setSoTimeout(10_000);
		return socket;
	}

	@Test
	void newConnectionsUseNewCertificatesAndOldOnesGoOn() {
		AtomicReference<@Nullable TlsSettings> current = new AtomicReference<>(serverTls());
		RpcServer server = server(current);
		RpcChannel before = channel(server.port(), clientTls().build());
		assertThat(twice(before, 1)).isEqualTo(2);
		current.set(serverTls(STRANGER.server("127.0.0.1")).build());
		for (int i = 0; i < 100; i++) {
			assertThat(twice(before, i)).isEqualTo(2 * i);
		}
		this.handled.set(0);
		assertThat(refusal(channel(server.port(), clientTls().build())))
			.hasMessageContaining("unable to find valid certification path");
		TlsSettings strangers = TlsSettings.builder().trust(STRANGER.trustStore()).build();
		assertThat(twice(channel(server.port(), strangers), 1)).isEqualTo(2);
	}

	@Test
	void nextConnectionOfAChannelUsesTheSettingsOfThenAndAnOpenOneGoesOn() {
		RpcServer server = server(serverTls());
		TlsSettings strangers = TlsSettings.builder().trust(STRANGER.trustStore()).build();
		AtomicReference<TlsSettings> current = new AtomicReference<>(strangers);
		RpcChannel channel = RpcChannel.builder().target("127.0.0.1:" + server.port()).tls(current::get).build();
		this.open.add(0, channel);
		assertThat(refusal(channel)).hasMessageContaining("unable to find valid certification path");
		current.set(clientTls().build());
		// It connects again in its own time.
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.ignoreExceptionsInstanceOf(RpcException.class)
			.until(() -> twice(channel, 1) == 2);
		current.set(strangers);
		for (int i = 0; i < 100; i++) {
			assertThat(twice(channel, i)).isEqualTo(2 * i);
		}
	}

	@Test
	void drainTellsCallersOverTlsToo() throws Exception {
		RpcServer server = server(serverTls());
		RpcChannel channel = channel(server.port(), clientTls().build());
		assertThat(twice(channel, 1)).isEqualTo(2);
		assertThat(server.drain(Duration.ofSeconds(10)).toCompletableFuture().get(20, TimeUnit.SECONDS)).isNotNull();
		assertThat(server.connectionCount()).isZero();
	}

	/** Counts its calls. */
	@RpcService("Doubling")
	public class Doubling {

		public int twice(int number) {
			TlsIntegrationTests.this.handled.incrementAndGet();
			return 2 * number;
		}

		public String echo(String text) {
			return text;
		}

	}

}
