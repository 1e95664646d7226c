package io.github.netrpc.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.Known;
import io.github.netrpc.RpcException;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.interop.Types.Args;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.transport.TestAuthority;
import io.github.netrpc.transport.TestAuthority.Identity;
import io.github.netrpc.transport.TlsSettings;
import io.github.netrpc.transport.TlsSettings.ClientAuth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Stock Go and this project over TLS, both ways: certificates of both sides, and what
 * each says when the other speaks no TLS.
 */
@Timeout(180)
class TlsInteropTests {

	private static final TestAuthority AUTHORITY = new TestAuthority("interop");

	/** What JSON cannot express, and the debug page, which is the same without TLS. */
	private static final Set<String> NOT_OURS = Set.of("complex", "interface_basic", "interface_struct",
			"http_debug_page");

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path folder;

	private final List<AutoCloseable> open = new ArrayList<>();

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable each : this.open) {
			each.close();
		}
	}

	// Go calls

	@TestFactory
	Stream<DynamicContainer> everyCheckOfGosClientWithCertificatesOfBothSides() throws Exception {
		RpcServer server = server();
		List<DynamicContainer> codecs = new ArrayList<>();
		for (String codec : List.of("tls", "jsontls", "httptls")) {
			GoClient client = goClient(codec, AUTHORITY.client("gopher"));
			List<String> checks = new ArrayList<>(client.checks());
			checks.removeAll(NOT_OURS);
			assertThat(checks).hasSizeGreaterThan(50);
			Map<String, String> outcomes = client.run(server.address(), checks);
			codecs.add(DynamicContainer.dynamicContainer(codec,
					checks.stream()
						.map((check) -> DynamicTest.dynamicTest(codec + " " + check,
								() -> assertThat(outcomes.getOrDefault(check, "not run")).isEmpty()))));
		}
		return codecs.stream();
	}

	@ParameterizedTest
	@ValueSource(strings = { "tls", "jsontls", "httptls" })
	void goWithoutACertificateIsRefused(String codec) throws Exception {
		RpcServer server = server();
		GoClient none = new GoClient(GoPrograms.build("goclient"), codec, List.of("-ca", write("ca", AUTHORITY.pem())));
		assertThat(none.run(server.address(), List.of("add")).get("add")).contains("certificate");
		Identity stranger = new TestAuthority("interop").client("mallory");
		assertThat(goClient(codec, stranger).run(server.address(), List.of("add")).get("add")).isNotEmpty();
	}

	@Test
	void goRefusesACertificateOfAnotherName() throws Exception {
		RpcServer server = start(
				TlsSettings.builder().keys(AUTHORITY.server("127.0.0.2").keyStore(), TestAuthority.PASSWORD));
		assertThat(goClient("tls", AUTHORITY.client("gopher")).run(server.address(), List.of("add")).get("add"))
			.contains("certificate is valid for 127.0.0.2, not 127.0.0.1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "jsonrpc", "http" })
	void goWithoutTlsIsClosedAtOnce(String codec) throws Exception {
		RpcServer server = server();
		GoClient plain = new GoClient(GoPrograms.build("goclient"), codec,
				List.of("-timeout", Duration.ofSeconds(5).toSeconds() + "s"));
		assertThat(plain.run(server.address(), List.of("add")).get("add")).isNotEmpty()
			.doesNotContain("no result within");
	}

	private RpcServer server() {
		return start(TlsSettings.builder()
			.keys(AUTHORITY.server("127.0.0.1").keyStore(), TestAuthority.PASSWORD)
			.trust(AUTHORITY.trustStore())
			.clientAuth(ClientAuth.NEED));
	}

	private RpcServer start(TlsSettings.Builder settings) {
		TlsSettings tls = settings.build();
		RpcServer server = RpcServer.builder()
			.port(0)
			.tls(() -> tls)
			.limits(GoClientInteropTests.LIMITS)
			// A machine that does other work must not make a large request late
			.requestTimeouts(GoClientInteropTests.PATIENCE, GoClientInteropTests.PATIENCE)
			.overload(GoClientInteropTests.PATIENCE, GoClientInteropTests.PATIENCE, GoClientInteropTests.PATIENCE)
			.service(new ArithService())
			.service("dotted.v1.Arith", new ArithService())
			.service(new EchoService())
			.start();
		this.open.add(server);
		return server;
	}

	private GoClient goClient(String codec, Identity identity) throws IOException {
		return new GoClient(GoPrograms.build("goclient"), codec, List.of("-ca", write("ca", AUTHORITY.pem()), "-cert",
				write("cert", identity.certificatePem()), "-key", write("key", identity.keyPem())));
	}

	private String write(String name, String pem) throws IOException {
		return Files.writeString(this.folder.resolve(name + ".pem"), pem).toString();
	}

	// Go is called

	@ParameterizedTest
	@ValueSource(strings = { "tls", "jsontls", "httptls" })
	void goChecksOurCertificateAndWeCheckGos(String transport) throws Exception {
		GoServer server = new GoServer("-clientca", write("ca", AUTHORITY.pem()));
		this.open.add(server);
		TlsSettings.Builder trusting = TlsSettings.builder().trust(server.trustStore());
		ArithChannel alice = channel(server.address(transport), transport,
				trusting.keys(AUTHORITY.client("alice").keyStore(), TestAuthority.PASSWORD).build());
		assertThat(alice.add(7, 8)).isEqualTo(15);
		ArithChannel nobody = channel(server.address(transport), transport,
				TlsSettings.builder().trust(server.trustStore()).build());
		assertThatExceptionOfType(RpcException.class).isThrownBy(() -> nobody.add(7, 8));
		ArithChannel distrusting = channel(server.address(transport), transport,
				TlsSettings.builder().trust(AUTHORITY.trustStore()).build());
		assertThatExceptionOfType(RpcException.class).isThrownBy(() -> distrusting.add(7, 8))
			.withMessageContaining("unable to find valid certification path")
			.satisfies((ex) -> assertThat(ex.known()).isEqualTo(Known.NOT_RUN));
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "jsonrpc", "http" })
	void tlsWithAGoServerThatSpeaksNoneFailsWithAHint(String transport) throws Exception {
		GoServer server = new GoServer();
		this.open.add(server);
		ArithChannel channel = channel(server.address(transport), transport,
				TlsSettings.builder().trust(AUTHORITY.trustStore()).build());
		long began = System.nanoTime();
		assertThatExceptionOfType(RpcException.class).isThrownBy(() -> channel.add(7, 8))
			.withMessageContaining("TLS handshake with " + server.address(transport))
			.withMessageContaining("does the node speak TLS?")
			.satisfies((ex) -> assertThat(ex.known()).isEqualTo(Known.NOT_RUN));
		assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
	}

	@ParameterizedTest
	@ValueSource(strings = { "tls", "jsontls" })
	void noTlsWithAGoServerThatSpeaksItFailsWithAHint(String transport) throws Exception {
		GoServer server = new GoServer();
		this.open.add(server);
		ArithChannel channel = channel(server.address(transport), transport, null);
		assertThatExceptionOfType(RpcException.class).isThrownBy(() -> channel.add(7, 8)).withMessageContaining("TLS");
	}

	private ArithChannel channel(String target, String transport, @Nullable TlsSettings tls) {
		var builder = RpcChannel.builder()
			.target(target)
			.http(transport.startsWith("http"))
			.codec(transport.startsWith("json") ? "json" : "gob");
		RpcChannel channel = ((tls != null) ? builder.tls(() -> tls) : builder).build();
		this.open.add(0, channel);
		return new ArithChannel(channel);
	}

	/** A channel to the service {@code Arith}. */
	private record ArithChannel(RpcChannel channel) {

		long add(int a, int b) {
			return this.channel.call("Arith.Add", new Args(a, b), Long.class);
		}

	}

}
