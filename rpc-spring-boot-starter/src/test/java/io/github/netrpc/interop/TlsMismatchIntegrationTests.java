package io.github.netrpc.interop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.client.ClientLimits;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcChannelBuilder;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.server.RpcServerBuilder;
import io.github.netrpc.transport.TestAuthority;
import io.github.netrpc.transport.TlsSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * One side speaks TLS and the other does not: both learn it from what they read, not from
 * time that is over. Every limit of time is an hour here, so that a side which waits for
 * one does not get through these tests. How long it took at most, in milliseconds, is
 * left in {@code target/tls-mismatch.tsv}.
 */
@Timeout(60)
class TlsMismatchIntegrationTests {

	private static final Path REPORT = Path.of("target", "tls-mismatch.tsv");

	/** The first time a JVM still learns. */
	private static final int ROUNDS = 5;

	private static final Duration LONG = Duration.ofHours(1);

	private static final TestAuthority AUTHORITY = new TestAuthority("mismatch");

	private static final TlsSettings SERVER = TlsSettings.builder()
		.keys(AUTHORITY.server("127.0.0.1").keyStore(), TestAuthority.PASSWORD)
		.handshakeTimeout(LONG)
		.build();

	private static final TlsSettings CLIENT = TlsSettings.builder().trust(AUTHORITY.trustStore()).build();

	private static final Map<String, Long> WORST_MILLIS = new TreeMap<>();

	private final List<AutoCloseable> open = new ArrayList<>();

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable each : this.open) {
			each.close();
		}
	}

	@AfterAll
	static void report() throws IOException {
		List<String> lines = new ArrayList<>();
		WORST_MILLIS.forEach((what, millis) -> lines.add(what + "\t" + millis));
		Files.write(REPORT, lines);
	}

	private RpcServer server(@Nullable TlsSettings tls) {
		RpcServerBuilder builder = RpcServer.builder().port(0).requestTimeouts(LONG, LONG).service(new Doubling());
		RpcServer server = ((tls != null) ? builder.tls(() -> tls) : builder).start();
		this.open.add(0, server);
		return server;
	}

	private RpcChannel channel(RpcServer server, String format, @Nullable TlsSettings tls) {
		RpcChannelBuilder builder = RpcChannel.builder()
			.target("127.0.0.1:" + server.port())
			.http(format.equals("http"))
			.codec(format.equals("json") ? "json" : "gob")
			.timeout(LONG)
			.nodeLimits(new ClientLimits(1, 1024, 1024, 1 << 20, LONG));
		RpcChannel channel = ((tls != null) ? builder.tls(() -> tls) : builder).build();
		this.open.add(0, channel);
		return channel;
	}

	private static void note(String what, long beganNanos) {
		WORST_MILLIS.merge(what, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos), Math::max);
	}

	@ParameterizedTest
	@CsvSource({ "gob,true", "json,true", "http,true", "gob,false", "json,false", "http,false" })
	void callFailsWithAHintAndHasNotRun(String format, boolean serverSpeaksTls) {
		RpcServer server = server(serverSpeaksTls ? SERVER : null);
		String what = format + " client "
				+ (serverSpeaksTls ? "without TLS, server with TLS" : "with TLS, server without");
		for (int i = 0; i < ROUNDS; i++) {
			RpcChannel channel = channel(server, format, serverSpeaksTls ? null : CLIENT);
			long began = System.nanoTime();
			assertThatExceptionOfType(RpcException.class)
				.isThrownBy(() -> channel.call("Doubling.Twice", 1, Integer.class))
				.withMessageContaining(
						serverSpeaksTls ? "the node speaks TLS, and this channel does not" : "does the node speak TLS?")
				.satisfies((ex) -> assertThat(ex.code()).isEqualTo(RpcCode.UNAVAILABLE))
				.satisfies((ex) -> assertThat(ex.known()).isEqualTo(Known.NOT_RUN));
			note(what, began);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json", "http" })
	void serverWithTlsEndsAPlainConnectionByItself(String format) throws Exception {
		RpcServer server = server(SERVER);
		byte[] first = switch (format) {
			case "gob" -> new byte[] { 0x30, (byte) 0xff, (byte) 0x81, 3, 1, 1 };
			case "json" -> "{\"method\":\"".getBytes(StandardCharsets.US_ASCII);
			default -> "CONNECT /_goRPC_ HTTP/1.0\n\n".getBytes(StandardCharsets.US_ASCII);
		};
		endsByItself(server, first, "server with TLS closes plain " + format);
	}

	@ParameterizedTest
	@ValueSource(ints = { 3, 517 })
	void serverWithoutTlsEndsAConnectionWithTlsByItself(int length) throws Exception {
		byte[] hello = new byte[length];
		System.arraycopy(new byte[] { 22, 3, 1 }, 0, hello, 0, 3);
		endsByItself(server(null), hello, "server without TLS closes TLS, " + length + " bytes");
	}

	private void endsByItself(RpcServer server, byte[] first, String what) throws IOException {
		for (int i = 0; i < ROUNDS; i++) {
			try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
				long began = System.nanoTime();
				socket.getOutputStream().write(first);
				readToTheEnd(socket);
				note(what, began);
			}
		}
	}

	private static void readToTheEnd(Socket socket) {
		try {
			socket.getInputStream().readAllBytes();
		}
		catch (IOException ex) {
			// A reset ends it as well.
		}
	}

	@RpcService("Doubling")
	public static class Doubling {

		public int twice(int number) {
			return 2 * number;
		}

	}

}
