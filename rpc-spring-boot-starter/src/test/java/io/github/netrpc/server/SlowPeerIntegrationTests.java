package io.github.netrpc.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.transport.Transport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Peers that begin a request and do not end it, over real sockets, with a clock that the
 * test moves (reliability S10, S22, F16, R24).
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class SlowPeerIntegrationTests {

	private static final String CALL = "{\"method\":\"Adder.Add\",\"params\":[3],\"id\":1}";

	private final ManualTimers timers = new ManualTimers(
			ServiceLoader.load(Transport.Provider.class).findFirst().orElseThrow().create("slow-peers-", 1, true));

	private final List<Socket> sockets = new ArrayList<>();

	private final Adder adder = new Adder();

	private RpcServer server;

	@BeforeEach
	void start() {
		this.server = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.transport(this.timers)
			.nanoTime(this.timers::nanoTime)
			.service(this.adder)
			.start();
	}

	@AfterEach
	void close() throws IOException {
		for (Socket socket : this.sockets) {
			socket.close();
		}
		this.server.close();
		this.timers.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "7b", "7b226d6574686f64223a", "2f", "2fff8103", "434f", "434f4e4e454354202f",
			"2fff810301010752657175657374" })
	void firstRequestThatIsNotCompleteAfterFiveSecondsIsCut(String hex) throws IOException {
		Socket peer = connect();
		peer.getOutputStream().write(HexFormat.of().parseHex(hex));
		awaitTimers(1);
		this.timers.advance(Duration.ofMillis(4_999));
		assertAlive();
		assertThat(this.server.connectionCount()).isPositive();
		this.timers.advance(Duration.ofMillis(1));
		assertThat(peer.getInputStream().read()).isEqualTo(-1);
	}

	@Test
	void tricklingDoesNotExtendTheTime() throws IOException {
		Socket peer = connect();
		byte[] bytes = CALL.getBytes(StandardCharsets.US_ASCII);
		peer.getOutputStream().write(bytes[0]);
		awaitTimers(1);
		for (int i = 1; i < 5; i++) {
			this.timers.advance(Duration.ofSeconds(1));
			peer.getOutputStream().write(bytes[i]);
			assertAlive();
		}
		this.timers.advance(Duration.ofSeconds(1));
		assertThat(peer.getInputStream().read()).isEqualTo(-1);
	}

	@Test
	void laterRequestsHaveTenSeconds() throws IOException {
		Socket peer = connect();
		send(peer, CALL);
		assertThat(readLine(peer)).contains("\"result\":4");
		send(peer, CALL.substring(0, 20));
		awaitTimers(1);
		this.timers.advance(Duration.ofMillis(9_999));
		assertAlive();
		send(peer, CALL.substring(20));
		assertThat(readLine(peer)).contains("\"result\":4");
		send(peer, "{");
		Awaitility.await().untilAsserted(() -> {
			this.timers.advance(Duration.ofSeconds(10));
			assertThat(this.server.connectionCount()).isZero();
		});
		assertThat(peer.getInputStream().read()).isEqualTo(-1);
	}

	@Test
	void silentConnectionsAreNotCut() throws IOException {
		Socket silent = connect();
		Socket idle = connect();
		send(idle, CALL);
		assertThat(readLine(idle)).contains("\"result\":4");
		this.timers.advance(Duration.ofDays(1));
		send(silent, CALL);
		assertThat(readLine(silent)).contains("\"result\":4");
		send(idle, CALL);
		assertThat(readLine(idle)).contains("\"result\":4");
	}

	@Test
	void crowdOfHalfRequestsIsCutAndLoggedInAFewLines(CapturedOutput output) throws IOException {
		for (int i = 0; i < 500; i++) {
			connect().getOutputStream().write('{');
		}
		awaitTimers(500);
		this.timers.advance(Duration.ofSeconds(5));
		Awaitility.await().untilAsserted(() -> assertThat(this.server.connectionCount()).isZero());
		assertThat(output.getOut().lines().filter((line) -> line.contains("not complete in time"))).hasSizeBetween(1,
				20);
		assertAlive();
	}

	@Test
	void crowdOfUnknownProtocolsIsLoggedInTenLinesEachWithTheFirstBytes(CapturedOutput output) throws IOException {
		List<Socket> peers = new ArrayList<>();
		for (int i = 0; i < 30; i++) {
			Socket peer = connect();
			peers.add(peer);
			send(peer, "SSH-2.0-\"\n" + "x".repeat(1000));
		}
		for (Socket peer : peers) {
			assertThat(peer.getInputStream().read()).isEqualTo(-1);
		}
		assertThat(unknownProtocols(output)).hasSize(10)
			.allMatch((line) -> line.endsWith("first bytes are \"SSH-2.0-\\x22\\x0a" + "x".repeat(22) + "\""));
		this.timers.advance(Duration.ofSeconds(1));
		Socket later = connect();
		send(later, "SSH-2.0-");
		assertThat(later.getInputStream().read()).isEqualTo(-1);
		assertThat(unknownProtocols(output)).hasSize(11)
			.last()
			.asString()
			.endsWith("first bytes are \"SSH-2.0-\" (20 such lines left out before)");
		assertAlive();
	}

	private static List<String> unknownProtocols(CapturedOutput output) {
		return output.getOut().lines().filter((line) -> line.contains("speaks no known protocol")).toList();
	}

	@Test
	void peerThatDoesNotReadIsCutAfterThirtySecondsWithoutProgress() throws IOException {
		Socket peer = connect();
		send(peer, "{\"method\":\"Adder.Large\",\"params\":[{}],\"id\":1}\n".repeat(100));
		Awaitility.await().untilAsserted(() -> assertThat(this.adder.large).hasPositiveValue());
		assertAlive();
		Awaitility.await().untilAsserted(() -> {
			this.timers.advance(Duration.ofSeconds(30));
			assertThat(this.server.connectionCount()).isZero();
		});
		assertThat(this.adder.large).as("replies of 1 MiB made, of 100").hasValueLessThan(50);
	}

	private void assertAlive() throws IOException {
		Socket honest = connect();
		send(honest, CALL);
		assertThat(readLine(honest)).isEqualTo("{\"id\":1,\"result\":4,\"error\":null}");
		honest.close();
	}

	private void awaitTimers(int count) {
		Awaitility.await().untilAsserted(() -> assertThat(this.timers.running()).isEqualTo(count));
	}

	private Socket connect() throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.server.port());
		socket.setTcpNoDelay(true);
		socket.setSoTimeout(10_000);
		this.sockets.add(socket);
		return socket;
	}

	private static void send(Socket socket, String text) throws IOException {
		socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
	}

	private static String readLine(Socket socket) throws IOException {
		StringBuilder line = new StringBuilder();
		for (int next = socket.getInputStream().read(); next >= 0
				&& next != '\n'; next = socket.getInputStream().read()) {
			line.append((char) next);
		}
		return line.toString();
	}

	@RpcService("Adder")
	public static class Adder {

		final AtomicInteger large = new AtomicInteger();

		public String large() {
			this.large.incrementAndGet();
			return "x".repeat(1 << 20);
		}

		public long add(long number) {
			return number + 1;
		}

	}

}
