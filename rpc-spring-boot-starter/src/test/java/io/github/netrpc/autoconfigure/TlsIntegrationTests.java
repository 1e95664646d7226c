package io.github.netrpc.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.autoconfigure.client.RpcClientAutoConfiguration;
import io.github.netrpc.autoconfigure.server.RpcServerAutoConfiguration;
import io.github.netrpc.client.ClientLimits;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.context.RpcChannelRegistry;
import io.github.netrpc.context.RpcServerLifecycle;
import io.github.netrpc.transport.TestAuthority;
import io.github.netrpc.transport.TestAuthority.Identity;
import io.github.netrpc.transport.TlsSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * TLS as an application configures it: SSL bundles of PEM files, on both sides.
 */
@Timeout(240)
@ExtendWith(OutputCaptureExtension.class)
class TlsIntegrationTests {

	private static final TestAuthority AUTHORITY = new TestAuthority("files");

	/** How it went, for the scorecard: no test fails because the machine is busy. */
	private static final Path REPORT = Path.of("target", "tls-rotation.tsv");

	/** With which a new certificate is in use within 5 s, as the guide says. */
	private static final String QUIET_PERIOD = "2s";

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path folder;

	@BeforeEach
	void writeFiles() throws IOException {
		write("server", AUTHORITY.server("127.0.0.1"));
		write("client", AUTHORITY.client("alice"));
		Files.writeString(this.folder.resolve("ca.pem"), AUTHORITY.pem());
	}

	private void write(String name, Identity identity) throws IOException {
		Files.writeString(this.folder.resolve(name + ".key"), identity.keyPem());
		Files.writeString(this.folder.resolve(name + ".pem"), identity.certificatePem());
	}

	private ConfigurableApplicationContext run(String... more) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		List<String> arguments = new ArrayList<>(List.of("--rpc.server.port=0", "--rpc.server.ssl.bundle=server",
				"--rpc.client.channel.arith.target=127.0.0.1:${local.rpc.server.port}",
				"--rpc.client.channel.arith.ssl.bundle=client",
				"--spring.ssl.bundle.watch.file.quiet-period=" + QUIET_PERIOD));
		for (String bundle : List.of("server", "client")) {
			String prefix = "--spring.ssl.bundle.pem." + bundle + ".";
			arguments.add(prefix + "reload-on-update=true");
			arguments.add(prefix + "keystore.certificate=file:" + this.folder.resolve(bundle + ".pem"));
			arguments.add(prefix + "keystore.private-key=file:" + this.folder.resolve(bundle + ".key"));
			arguments.add(prefix + "truststore.certificate=file:" + this.folder.resolve("ca.pem"));
		}
		arguments.addAll(List.of(more));
		return application.run(arguments.toArray(String[]::new));
	}

	private static int port(ConfigurableApplicationContext context) {
		return context.getBean(RpcServerLifecycle.class).server().port();
	}

	private static RpcChannel channel(ConfigurableApplicationContext context) {
		return context.getBean(RpcChannelRegistry.class).channel("arith");
	}

	private static String greet(RpcChannel channel) {
		return channel.call("Greeter.Hello", "you", String.class);
	}

	@Test
	void serverAndChannelSpeakTlsWithCertificatesOfBoth(CapturedOutput output) {
		try (ConfigurableApplicationContext context = run("--rpc.server.ssl.client-auth=need")) {
			assertThat(output).contains("RPC server started on port " + port(context) + " (tls, gob and json)");
			assertThat(greet(channel(context))).isEqualTo("hello you");
			try (RpcChannel without = RpcChannel.builder()
				.target("127.0.0.1:" + port(context))
				.tls(this::trusting)
				.build()) {
				assertThatThrownBy(() -> greet(without)).isNotNull();
			}
			try (RpcChannel plain = RpcChannel.builder().target("127.0.0.1:" + port(context)).build()) {
				assertThatThrownBy(() -> greet(plain)).hasMessageContaining("the node speaks TLS");
			}
		}
	}

	private TlsSettings trusting() {
		return TlsSettings.builder().trust(AUTHORITY.trustStore()).build();
	}

	@Test
	void beyondLoopbackOnlyClientsWithCertificatesMakeItSafe(CapturedOutput output) {
		assertThatThrownBy(() -> run("--rpc.server.address=0.0.0.0")).isNotNull();
		assertThat(output).contains("The property 'rpc.server.address' is '0.0.0.0'")
			.contains("over TLS, but without authentication")
			.contains("'rpc.server.ssl.client-auth=need'")
			.contains("'rpc.server.insecure=true'");
		assertThatThrownBy(() -> run("--rpc.server.address=0.0.0.0", "--rpc.server.ssl.client-auth=want")).isNotNull();
		try (ConfigurableApplicationContext context = run("--rpc.server.address=0.0.0.0",
				"--rpc.server.ssl.client-auth=need")) {
			assertThat(greet(channel(context))).isEqualTo("hello you");
		}
	}

	@Test
	void propertiesThatMakeNoSenseStopTheStart(CapturedOutput output) {
		assertThatThrownBy(() -> run("--rpc.server.ssl.bundle=none")).isNotNull();
		assertThat(output).contains("rpc.server.ssl.bundle").contains("there is no SSL bundle of that name");
		assertThatThrownBy(() -> run("--rpc.server.ssl.enabled=false", "--rpc.server.ssl.client-auth=need"))
			.isNotNull();
		assertThat(output).contains("rpc.server.ssl.client-auth").contains("there are certificates only with TLS");
	}

	@Test
	void rotationUnderLoadLosesNoCallAndABrokenFileChangesNothing(CapturedOutput output) throws Exception {
		// On a busy machine all may take long.
		try (ConfigurableApplicationContext context = run("--rpc.server.overload.target-wait=1m",
				"--rpc.server.overload.max-wait=1m", "--rpc.server.ssl.handshake-timeout=30s",
				"--rpc.client.channel.arith.timeout=30s")) {
			RpcChannel channel = channel(context);
			assertThat(greet(channel)).isEqualTo("hello you");
			Load open = new Load(() -> greet(channel));
			TlsSettings resuming = trusting();
			// What a rotation changes is new connections: some of them resume a session.
			Load connecting = new Load(() -> greetOnce(context, resuming), () -> greetOnce(context, trusting()));
			open.start();
			connecting.start();
			connecting.awaitMore();
			Identity next = AUTHORITY.server("127.0.0.1");
			long first = millisUntilServed(context, next);
			connecting.awaitMore();
			Files.writeString(this.folder.resolve("server.key"), AUTHORITY.server("127.0.0.1").keyPem());
			Awaitility.await()
				.atMost(Duration.ofSeconds(40))
				.until(() -> output.getOut().contains("was reloaded, but cannot be used"));
			assertThat(serial(context)).isEqualTo(next.certificate().getSerialNumber().toString());
			assertThat(context.getBean(TlsBundles.class).refused()).containsOnlyKeys("rpc.server.ssl.bundle");
			connecting.awaitMore();
			Identity last = AUTHORITY.server("127.0.0.1");
			long second = millisUntilServed(context, last);
			assertThat(context.getBean(TlsBundles.class).refused()).isEmpty();
			connecting.awaitMore();
			open.awaitMore();
			open.end();
			connecting.end();
			Files.write(REPORT,
					List.of("calls\t" + (open.calls() + connecting.calls()), "connections\t" + connecting.calls(),
							"lost\t" + (open.lost() + connecting.lost()), "rotations\t2",
							"worst millis\t" + Math.max(first, second)));
			assertThat(open.failure()).isNull();
			assertThat(connecting.failure()).isNull();
		}
	}

	// Spring Boot drops it, and tells nobody.
	@Test
	void brokenFileOfABundleWhoseKeysAreVerifiedIsTold(CapturedOutput output) throws Exception {
		try (ConfigurableApplicationContext context = run("--spring.ssl.bundle.pem.server.keystore.verify-keys=true")) {
			TlsBundles bundles = context.getBean(TlsBundles.class);
			assertThat(bundles.refused()).isEmpty();
			Files.writeString(this.folder.resolve("server.key"), AUTHORITY.server("127.0.0.1").keyPem());
			Awaitility.await()
				.atMost(Duration.ofSeconds(40))
				.until(() -> output.getOut().contains("Unexpected SSL reload error"));
			assertThat(bundles.refused()).isEmpty();
			Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> !bundles.refused().isEmpty());
			assertThat(bundles.refused()).hasEntrySatisfying("rpc.server.ssl.bundle",
					(reason) -> assertThat(reason).contains("matches none of the certificates"));
			assertThat(output.getOut().split("The files of the SSL bundle 'server' cannot be used")).hasSize(2);
			assertThat(output).doesNotContain("was reloaded, but cannot be used");
			assertThat(greetOnce(context, trusting())).isEqualTo("hello you");
			Identity next = AUTHORITY.server("127.0.0.1");
			assertThat(millisUntilServed(context, next)).isNotNegative();
			Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> bundles.refused().isEmpty());
		}
	}

	/** By a channel that has made no connection before, and makes no other. */
	private static String greetOnce(ConfigurableApplicationContext context, TlsSettings tls) {
		try (RpcChannel channel = RpcChannel.builder()
			.target("127.0.0.1:" + port(context))
			.tls(() -> tls)
			.timeout(Duration.ofSeconds(30))
			.nodeLimits(new ClientLimits(1, 1024, 1024, 1 << 20, Duration.ofSeconds(30)))
			.build()) {
			return greet(channel);
		}
	}

	/**
	 * Writes a certificate, and waits until new connections get it.
	 */
	private long millisUntilServed(ConfigurableApplicationContext context, Identity identity) throws IOException {
		write("server", identity);
		long began = System.nanoTime();
		Awaitility.await()
			.atMost(Duration.ofSeconds(40))
			.pollInterval(Duration.ofMillis(20))
			.until(() -> serial(context).equals(identity.certificate().getSerialNumber().toString()));
		return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
	}

	/**
	 * The serial number of the certificate that a new connection gets.
	 */
	private String serial(ConfigurableApplicationContext context) throws Exception {
		SSLContext tls = SSLContext.getInstance("TLS");
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(AUTHORITY.trustStore());
		tls.init(null, trust.getTrustManagers(), null);
		try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", port(context))) {
			socket.startHandshake();
			return Stream.of(socket.getSession().getPeerCertificates())
				.map(X509Certificate.class::cast)
				.findFirst()
				.orElseThrow()
				.getSerialNumber()
				.toString();
		}
	}

	/**
	 * Calls one after the other, each kind in its turn, until it is told to end.
	 */
	private static final class Load {

		private final AtomicBoolean stop = new AtomicBoolean();

		private final AtomicLong calls = new AtomicLong();

		private final AtomicLong lost = new AtomicLong();

		private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

		private final Runnable[] kinds;

		private final Thread thread = new Thread(this::run);

		Load(Runnable... kinds) {
			this.kinds = kinds;
		}

		void start() {
			this.thread.setDaemon(true);
			this.thread.start();
		}

		private void run() {
			while (!this.stop.get()) {
				try {
					this.kinds[(int) (this.calls.get() % this.kinds.length)].run();
				}
				catch (Throwable ex) {
					this.lost.incrementAndGet();
					this.failure.set(ex);
				}
				this.calls.incrementAndGet();
			}
		}

		/** Until there was a whole call of each kind. */
		void awaitMore() {
			long enough = this.calls.get() + this.kinds.length + 1;
			Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> this.calls.get() >= enough);
		}

		void end() throws InterruptedException {
			this.stop.set(true);
			this.thread.join();
		}

		long calls() {
			return this.calls.get();
		}

		long lost() {
			return this.lost.get();
		}

		@Nullable Throwable failure() {
			return this.failure.get();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, RpcWireAutoConfiguration.class,
			RpcClientAutoConfiguration.class, RpcServerAutoConfiguration.class })
	@Import(Greeter.class)
	static class Application {

	}

	@RpcService("Greeter")
	public static class Greeter {

		public String hello(String name) {
			return "hello " + name;
		}

	}

}
