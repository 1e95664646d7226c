package io.github.netrpc.interop;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcChannelBuilder;
import io.github.netrpc.server.Authenticated;
import io.github.netrpc.server.CallAuthenticator;
import io.github.netrpc.server.CallCredentials;
import io.github.netrpc.server.RefusalReason;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.server.SharedTokens;
import io.github.netrpc.transport.TestAuthority;
import io.github.netrpc.transport.TlsSettings;
import io.github.netrpc.transport.TlsSettings.ClientAuth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * How tokens travel: along with each call, and by a login, which JSON waits for.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class LoginIntegrationTests {

	private static final String OLD = "0123456789abcdef-old";

	private static final String NEW = "0123456789abcdef-new";

	private final List<AutoCloseable> open = new ArrayList<>();

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable each : this.open) {
			each.close();
		}
	}

	private RpcServer server(CallAuthenticator authenticator) {
		RpcServer server = RpcServer.builder().port(0).service(new Work()).authenticator(authenticator).start();
		this.open.add(0, server);
		return server;
	}

	private RpcChannelBuilder channel(String codec, int port) {
		return RpcChannel.builder()
			.target("127.0.0.1:" + port)
			.codec(codec.equals("json") ? "json" : "gob")
			.extensions(!codec.equals("stock"));
	}

	private RpcChannel open(RpcChannelBuilder builder) {
		RpcChannel channel = builder.build();
		this.open.add(0, channel);
		return channel;
	}

	private static String echo(RpcChannel channel, String text) {
		return channel.call("Work.Echo", text, String.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json", "stock" })
	void tokenIsLookedAtOnceForManyCalls(String codec) {
		Counting authenticator = new Counting(SharedTokens.of(Map.of("alice", OLD)));
		RpcServer server = server(authenticator);
		RpcChannel channel = open(channel(codec, server.port()).token(() -> OLD));
		List<CompletableFuture<String>> calls = new ArrayList<>();
		for (int i = 0; i < 300; i++) {
			calls.add(channel.callAsync("Work.Echo", "x" + i, String.class).toCompletableFuture());
		}
		for (int i = 0; i < 300; i++) {
			assertThat(calls.get(i).join()).isEqualTo("alice: x" + i);
		}
		assertThat(authenticator.asked).hasValue(1);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void wrongTokenIsLookedAtOnceForTheLoginAndManyCalls(boolean quick) {
		Counting authenticator = new Counting(SharedTokens.of(Map.of("alice", OLD)), quick);
		RpcServer server = RpcServer.builder()
			.port(0)
			.service(new Work())
			.authenticator(authenticator)
			.refusalValidity(Duration.ofHours(1))
			.start();
		this.open.add(0, server);
		RpcChannel channel = open(channel("gob", server.port()).token(() -> NEW));
		for (int i = 0; i < 20; i++) {
			assertThatExceptionOfType(RpcException.class).isThrownBy(() -> echo(channel, "a"))
				.satisfies((ex) -> assertThat(ex.code()).isEqualTo(RpcCode.UNAUTHENTICATED));
		}
		assertThat(server.connections()).hasSize(1);
		assertThat(authenticator.asked).hasValue(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json", "stock" })
	void newTokenIsUsedWithoutANewConnection(String codec) {
		RpcServer server = server(SharedTokens.of(Map.of("old", OLD, "new", NEW)));
		AtomicReference<String> token = new AtomicReference<>(OLD);
		RpcChannel channel = open(channel(codec, server.port()).token(token::get));
		assertThat(echo(channel, "a")).isEqualTo("old: a");
		token.set(NEW);
		assertThat(echo(channel, "b")).isEqualTo("new: b");
		assertThat(server.connections()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void connectionThatIsOpenedAnewSaysWhoCallsAgain(String codec) {
		RpcServer first = server(SharedTokens.of(Map.of("alice", OLD)));
		RpcChannel channel = open(channel(codec, first.port()).token(() -> OLD));
		assertThat(echo(channel, "a")).isEqualTo("alice: a");
		int port = first.port();
		first.close();
		RpcServer second = RpcServer.builder()
			.port(port)
			.service(new Work())
			.authenticator(SharedTokens.of(Map.of("alice again", OLD)))
			.start();
		this.open.add(0, second);
		String reply = null;
		// The first attempts may find that the node is away.
		for (int i = 0; reply == null && i < 2000; i++) {
			try {
				reply = echo(channel, "b");
			}
			catch (RpcException ex) {
				assertThat(ex.code()).isEqualTo(RpcCode.UNAVAILABLE);
				Thread.onSpinWait();
			}
		}
		assertThat(reply).isEqualTo("alice again: b");
	}

	@ParameterizedTest
	@ValueSource(strings = { "json", "stock" })
	void refusedLoginNamesTheNodeAndIsNotTriedInALoop(String codec) {
		Counting authenticator = new Counting(SharedTokens.of(Map.of("alice", OLD)));
		RpcServer server = server(authenticator);
		RpcChannel channel = open(channel(codec, server.port()).token(() -> NEW));
		long began = System.nanoTime();
		for (int i = 0; i < 200; i++) {
			assertThatExceptionOfType(RpcException.class).isThrownBy(() -> echo(channel, "a")).satisfies((ex) -> {
				assertThat(ex.code()).isEqualTo(RpcCode.UNAUTHENTICATED);
				assertThat(ex.known()).isEqualTo(Known.NOT_RUN);
				assertThat(ex.getMessage()).contains("127.0.0.1:" + server.port())
					.contains("the node has refused the login: the token was refused")
					.doesNotContain(NEW);
			});
		}
		long tenths = (System.nanoTime() - began) / 100_000_000;
		assertThat((long) authenticator.asked.get()).isLessThan(10 + tenths);
	}

	@Test
	void certificateIsLookedAtBeforeAnythingIsSaid() throws Exception {
		TestAuthority authority = new TestAuthority("ours");
		TlsSettings tls = TlsSettings.builder()
			.keys(authority.server("127.0.0.1").keyStore(), TestAuthority.PASSWORD)
			.trust(authority.trustStore())
			.clientAuth(ClientAuth.WANT)
			.build();
		CompletableFuture<CallCredentials> asked = new CompletableFuture<>();
		RpcServer server = RpcServer.builder()
			.port(0)
			.service(new Work())
			.tls(() -> tls)
			.authenticator((credentials) -> {
				asked.complete(credentials);
				return new Authenticated(() -> "alice", null);
			})
			.start();
		this.open.add(0, server);
		try (Socket silent = socketOf(authority, server.port())) {
			CallCredentials shown = asked.get();
			assertThat(shown.token()).isNull();
			assertThat(shown.certificates().get(0).getSubjectX500Principal().getName()).isEqualTo("CN=alice");
			assertThat(silent.isClosed()).isFalse();
		}
	}

	private static Socket socketOf(TestAuthority authority, int port) throws Exception {
		KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		keys.init(authority.client("alice").keyStore(), TestAuthority.PASSWORD);
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(authority.trustStore());
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
		SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
		socket.startHandshake();
		return socket;
	}

	@Test
	void callsDoNotLeaveBeforeALoginIsAnswered() throws Exception {
		CountDownLatch answer = new CountDownLatch(1);
		RpcServer server = server((credentials) -> {
			try {
				answer.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			return new Authenticated(() -> "late", null);
		});
		RpcChannel channel = open(channel("json", server.port()).token(() -> OLD));
		CompletableFuture<String> call = channel.callAsync("Work.Echo", "a", String.class).toCompletableFuture();
		assertThat(call).isNotDone();
		answer.countDown();
		assertThat(call.get()).isEqualTo("late: a");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 7, 10_000 })
	void loginGluedToTheNextRequestIsTakenWholeOrInPieces(int piece) throws Exception {
		RpcServer server = server(SharedTokens.of(Map.of("alice", OLD)));
		String requests = "{\"method\":\"_goRPC_.Authenticate\",\"params\":[\"" + OLD + "\"],\"id\":1}"
				+ "{\"method\":\"Work.Echo\",\"params\":[\"a\"],\"id\":2}"
				+ "{\"method\":\"Work.Echo\",\"params\":[\"b\"],\"id\":3}";
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
			socket.setTcpNoDelay(true);
			OutputStream out = socket.getOutputStream();
			byte[] bytes = requests.getBytes(StandardCharsets.US_ASCII);
			for (int at = 0; at < bytes.length; at += piece) {
				out.write(bytes, at, Math.min(piece, bytes.length - at));
				out.flush();
			}
			socket.shutdownOutput();
			String replies = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
			assertThat(replies.lines()).containsExactlyInAnyOrder("{\"id\":1,\"result\":{},\"error\":null}",
					"{\"id\":2,\"result\":\"alice: a\",\"error\":null}",
					"{\"id\":3,\"result\":\"alice: b\",\"error\":null}");
		}
	}

	@Test
	void tokenMayGoAlongWithoutAnythingElseOfOurs() throws Exception {
		RpcServer server = server(SharedTokens.of(Map.of("alice", OLD)));
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
			socket.getOutputStream()
				.write(("{\"method\":\"Work.Echo\",\"params\":[\"a\"],\"id\":1,\"meta\":{\"authorization\":\"" + OLD
						+ "\"}}")
					.getBytes(StandardCharsets.US_ASCII));
			socket.shutdownOutput();
			assertThat(socket.getInputStream().readAllBytes()).asString(StandardCharsets.US_ASCII)
				.isEqualTo("{\"id\":1,\"result\":\"alice: a\",\"error\":null}\n");
		}
	}

	@Test
	void messageOfAStrangerMayNotBeLarge(CapturedOutput output) throws Exception {
		RpcServer server = server(SharedTokens.of(Map.of("alice", OLD)));
		String large = "x".repeat(65 * 1024);
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
			OutputStream out = socket.getOutputStream();
			out.write(("{\"method\":\"Work.Echo\",\"params\":[\"" + large + "\"],\"id\":1}")
				.getBytes(StandardCharsets.US_ASCII));
			out.flush();
			InputStream in = socket.getInputStream();
			assertThat(in.read()).isEqualTo(-1);
		}
		assertThat(output).contains("rpc.server.authentication.max-message-size");
		RpcChannel known = open(channel("json", server.port()).token(() -> OLD));
		assertThat(echo(known, large)).isEqualTo("alice: " + large);
		RpcChannel gob = open(channel("gob", server.port()).token(() -> OLD));
		assertThat(echo(gob, large)).isEqualTo("alice: " + large);
	}

	@Test
	void strangerWithALargeArgumentIsToldWhyItIsRefused() {
		RpcServer server = server(SharedTokens.of(Map.of("alice", OLD)));
		RpcChannel channel = open(channel("gob", server.port()).token(() -> NEW));
		assertThatExceptionOfType(RpcException.class).isThrownBy(() -> echo(channel, "x".repeat(100 * 1024)))
			.satisfies((ex) -> assertThat(ex.code()).isEqualTo(RpcCode.UNAUTHENTICATED));
		// The login, and the call.
		assertThat(server.refused(RefusalReason.UNAUTHENTICATED)).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json", "stock" })
	void callOfOneCallerIsNeverThatOfAnother(String codec) throws Exception {
		RpcServer server = server(SharedTokens.of(Map.of("nobody", "0123456789abcdef-0", "caller1",
				"0123456789abcdef-1", "caller2", "0123456789abcdef-2", "caller3", "0123456789abcdef-3")));
		ThreadLocal<Integer> caller = ThreadLocal.withInitial(() -> 0);
		RpcChannel channel = open(channel(codec, server.port()).token(() -> "0123456789abcdef-" + caller.get()));
		// From now on calls are sent by who makes them.
		assertThat(echo(channel, "a")).isEqualTo("nobody: a");
		List<CompletableFuture<Void>> callers = new ArrayList<>();
		for (int i = 1; i <= 3; i++) {
			int number = i;
			callers.add(CompletableFuture.runAsync(() -> {
				caller.set(number);
				for (int n = 0; n < 200; n++) {
					assertThat(echo(channel, "b")).isEqualTo("caller" + number + ": b");
				}
			}, (task) -> new Thread(task).start()));
		}
		for (CompletableFuture<Void> each : callers) {
			each.get();
		}
	}

	@Test
	void nodeThatAsksNobodyTakesALogin() {
		RpcServer server = RpcServer.builder().port(0).service(new Plain()).start();
		this.open.add(0, server);
		assertThat(open(channel("json", server.port()).token(() -> OLD)).call("Plain.Echo", "a", String.class))
			.isEqualTo("a");
	}

	@Test
	void nodeThatKnowsNoLoginIsCalledWithout() throws Exception {
		try (ServerSocket listener = new ServerSocket(0)) {
			Thread node = new Thread(() -> answerAsStockGo(listener));
			node.start();
			RpcChannel channel = open(channel("json", listener.getLocalPort()).extensions(false).token(() -> OLD));
			assertThat(channel.call("Plain.Echo", "a", String.class)).isEqualTo("ok");
			channel.close();
			node.join();
		}
	}

	private static void answerAsStockGo(ServerSocket listener) {
		try (Socket socket = listener.accept()) {
			OutputStream out = socket.getOutputStream();
			StringBuilder line = new StringBuilder();
			InputStream in = socket.getInputStream();
			for (int each = in.read(); each >= 0; each = in.read()) {
				line.append((char) each);
				if (each == '\n') {
					String id = line.substring(line.indexOf("\"id\":") + 5, line.lastIndexOf("}"));
					boolean login = line.indexOf("_goRPC_") > 0;
					String outcome = login ? "null,\"error\":\"rpc: can't find service _goRPC_.Authenticate\""
							: "\"ok\",\"error\":null";
					out.write(("{\"id\":" + id + ",\"result\":" + outcome + "}\n").getBytes(StandardCharsets.US_ASCII));
					line.setLength(0);
				}
			}
		}
		catch (IOException ex) {
			// The test sees that the call fails.
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void tokenThatCannotBeHadFailsCallsOnly(String codec) {
		RpcServer server = server(SharedTokens.of(Map.of("alice", OLD)));
		RpcChannel channel = open(channel(codec, server.port()).token(() -> {
			throw new IllegalStateException("the vault is sealed");
		}));
		assertThatExceptionOfType(RpcException.class).isThrownBy(() -> echo(channel, "a"))
			.withMessageContaining("there is no token now")
			.satisfies((ex) -> assertThat(ex.code()).isEqualTo(RpcCode.UNAUTHENTICATED));
	}

	@Test
	void messagesOfLibrariesAreInNoLog(CapturedOutput output) {
		RpcServer server = server((credentials) -> {
			throw new IllegalStateException("parsed claims: subject=alice, secret=42",
					new IllegalArgumentException(credentials.token().substring(3)));
		});
		RpcChannel channel = open(channel("gob", server.port()).token(() -> OLD));
		assertThatExceptionOfType(RpcException.class).isThrownBy(() -> echo(channel, "a"));
		assertThat(output)
			.contains("the token was refused (java.lang.IllegalStateException caused by java.lang.Illegal"
					+ "ArgumentException)")
			.doesNotContain("subject=alice")
			.doesNotContain(OLD.substring(3));
	}

	@Test
	void tokensAreInNoLog(CapturedOutput output) {
		RpcServer server = server((credentials) -> {
			throw new IllegalStateException("cannot parse " + credentials.token());
		});
		for (String codec : List.of("gob", "json", "stock")) {
			RpcChannel channel = open(channel(codec, server.port()).token(() -> OLD));
			assertThatExceptionOfType(RpcException.class).isThrownBy(() -> echo(channel, "a"));
			assertThat(channel.toString()).doesNotContain(OLD);
			assertThat(channel.nodes().toString()).doesNotContain(OLD);
		}
		assertThat(output).contains("is not authenticated").doesNotContain(OLD);
	}

	/**
	 * Counts what it is asked, on handlers' threads.
	 */
	private static final class Counting implements CallAuthenticator {

		final AtomicInteger asked = new AtomicInteger();

		private final CallAuthenticator tokens;

		private final boolean quick;

		Counting(CallAuthenticator tokens) {
			this(tokens, false);
		}

		Counting(CallAuthenticator tokens, boolean quick) {
			this.tokens = tokens;
			this.quick = quick;
		}

		@Override
		public boolean isQuick() {
			return this.quick;
		}

		@Override
		public Authenticated authenticate(CallCredentials credentials) {
			this.asked.incrementAndGet();
			return this.tokens.authenticate(credentials);
		}

	}

	@RpcService("Plain")
	public static class Plain {

		public String echo(String text) {
			return text;
		}

	}

	@RpcService("Work")
	public static class Work {

		public String echo(String text, Principal caller) {
			return caller.getName() + ": " + text;
		}

	}

}
