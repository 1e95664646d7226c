package io.github.netrpc.server;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCallException;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.annotation.NonBlocking;
import io.github.netrpc.transport.Transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link RpcServer} over the real transport and formats.
 */
@Timeout(60)
class RpcServerIntegrationTests {

	/**
	 * A machine that is busy with other things must not make this server refuse calls.
	 */
	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

	private final ArithService arith = new ArithService();

	private RpcServer server;

	private Transport transport;

	@BeforeEach
	void start() {
		this.server = RpcServer.builder()
			.address(ANY_PORT)
			.service(this.arith)
			.overload(PATIENCE, PATIENCE, PATIENCE)
			.start();
	}

	private void restart(Transport transport) {
		this.server.close();
		this.transport = transport;
		this.server = RpcServer.builder().address(ANY_PORT).transport(transport).service(this.arith).start();
	}

	@AfterEach
	void close() {
		this.arith.release.countDown();
		this.server.close();
		if (this.transport != null) {
			this.transport.close();
		}
	}

	@Test
	void jsonCallsAreAnswered() throws IOException {
		try (Socket socket = connect()) {
			send(socket, call("Arith.Add", "{\"A\":7,\"B\":8}", 1) + call("Arith.Divide", "{\"A\":7,\"B\":0}", 2)
					+ call("Arith.Nope", "{}", 3));
			socket.shutdownOutput();
			assertThat(readAll(socket).lines()).containsExactlyInAnyOrder("{\"id\":1,\"result\":15,\"error\":null}",
					"{\"id\":2,\"result\":null,\"error\":\"divide by zero\"}",
					"{\"id\":3,\"result\":null,\"error\":\"rpc: can't find method Arith.Nope\"}");
		}
	}

	@Test
	void errorOfAReplysAccessorIsAnsweredAndTheCallEnds() throws IOException {
		try (RpcServer breaking = RpcServer.builder().address(ANY_PORT).service(new Breaking()).start();
				Socket socket = new Socket(InetAddress.getLoopbackAddress(), breaking.port())) {
			send(socket, call("Breaking.Reply", "{}", 1) + call("Breaking.Nested", "{}", 2));
			socket.shutdownOutput();
			assertThat(readAll(socket).lines())
				.anyMatch(
						(line) -> line.startsWith("{\"id\":1,\"result\":null,\"error\":\"reply cannot be encoded (id "))
				.anyMatch((line) -> line
					.startsWith("{\"id\":2,\"result\":null,\"error\":\"a call of another service failed (id "));
			Awaitility.await().until(() -> breaking.inFlight() == 0);
		}
	}

	@Test
	void cancelOfZeroIsOfNoCallWithoutANumber() throws IOException {
		try (Socket socket = connect()) {
			send(socket, "{\"method\":\"Arith.Block\",\"params\":[{}]}\n" + call("_goRPC_.Cancel", "0", 9));
			assertThat(readLine(socket.getInputStream())).startsWith("{\"id\":9,").contains("\"error\":null");
			this.arith.release.countDown();
			socket.shutdownOutput();
			assertThat(readAll(socket)).startsWith("{\"id\":null,").contains("\"error\":null");
		}
	}

	@Test
	void signaturesAreWhatAGoProgrammerWouldWrite() {
		try (RpcServer shapes = RpcServer.builder().address(ANY_PORT).service(new Shapes()).start()) {
			assertThat(shapes.services().get(0).methods()).extracting(ServiceSnapshot.Method::signature)
				.containsExactly("Find(struct {}, *string) error", "Power([16]byte, *big.Int) error",
						"Scale(struct { By int32; Name string }, *[]byte) error");
		}
	}

	@Test
	@EnabledForJreRange(max = JRE.JAVA_20)
	void virtualThreadsOnAnOldJavaAreRefusedWithTheProperty() {
		assertThatIllegalStateException()
			.isThrownBy(() -> RpcServer.builder().address(ANY_PORT).service(this.arith).virtualThreads(true).start())
			.withMessageContaining("this is Java " + Runtime.version().feature())
			.withMessageContaining("spring.threads.virtual.enabled=false");
	}

	@Test
	void everyCallOfALargePipelineIsAnsweredAfterAHalfClose() throws IOException {
		int calls = 20_000;
		try (Socket socket = connect()) {
			CompletableFuture<String> replies = CompletableFuture.supplyAsync(() -> readAll(socket));
			StringBuilder requests = new StringBuilder();
			for (int i = 0; i < calls; i++) {
				requests.append(call((i % 2 == 0) ? "Arith.Add" : "Arith.AddInline", "{\"A\":" + i + ",\"B\":1}", i));
			}
			send(socket, requests.toString());
			socket.shutdownOutput();
			assertThat(replies.join().lines()).hasSize(calls)
				.allMatch((line) -> line.matches("\\{\"id\":(\\d+),\"result\":\\d+,\"error\":null}"))
				.contains("{\"id\":19999,\"result\":20000,\"error\":null}");
		}
		Awaitility.await().untilAsserted(() -> assertThat(this.server.connectionCount()).isZero());
		assertThat(this.server.inFlight()).isZero();
	}

	@Test
	void callsAreAnsweredWhileOneBlocks() throws IOException {
		try (Socket socket = connect()) {
			send(socket, call("Arith.Block", "{}", 0));
			for (int i = 1; i < 64; i++) {
				send(socket, call("Arith.Add", "{\"A\":" + i + ",\"B\":1}", i));
			}
			InputStream in = socket.getInputStream();
			for (int i = 1; i < 64; i++) {
				assertThat(readLine(in)).doesNotContain("\"id\":0,");
			}
			this.arith.release.countDown();
			assertThat(readLine(in)).isEqualTo("{\"id\":0,\"result\":{},\"error\":null}");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "SSH-2.0-OpenSSH\r\n", "\u0016\u0003\u0001\0\u00f0\u0001\0\0", "\0\0\0\0\0\0\0\0",
			"        {", "{{{{{{{{{{", "{\"method\":1}", "\u00f7\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff",
			"PRI * HTTP/2.0\r\n\r\n", "\r\n\r\n\r\n\r\n" })
	void hostileBytesEndTheirConnectionAtOnceAndLeaveTheNextClientUnhurt(String bytes) throws IOException {
		// Whose timers do not fire: only the bytes can end the connection.
		restart(new ManualTimers(
				ServiceLoader.load(Transport.Provider.class).findFirst().orElseThrow().create("hostile-", 1, true)));
		try (Socket socket = connect()) {
			send(socket, bytes);
			assertThat(readToEnd(socket)).isEmpty();
		}
		assertNextClientIsUnhurt();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "", "[]", "null", "\"x\"", "{", "{\"method\":\"Arith.Add\",\"params\":[", "CONNECT /_goRPC_" })
	void bytesThatMayBeABeginningEndWithTheOutputOfTheirSender(String bytes) throws IOException {
		try (Socket socket = connect()) {
			send(socket, bytes);
			socket.shutdownOutput();
			assertThat(readToEnd(socket)).isEmpty();
		}
		assertNextClientIsUnhurt();
	}

	private void assertNextClientIsUnhurt() throws IOException {
		try (Socket socket = connect()) {
			send(socket, call("Arith.Add", "{\"A\":7,\"B\":8}", 1));
			assertThat(readLine(socket.getInputStream())).contains("15");
		}
		Awaitility.await().untilAsserted(() -> assertThat(this.server.connectionCount()).isZero());
	}

	@Test
	void snapshotsShowServicesAndConnections() throws IOException {
		try (Socket socket = connect()) {
			send(socket, call("Arith.Add", "{\"A\":7,\"B\":8}", 1));
			readLine(socket.getInputStream());
			assertThat(this.server.services()).singleElement().satisfies((service) -> {
				assertThat(service.name()).isEqualTo("Arith");
				assertThat(service.methods()).filteredOn((method) -> method.name().equals("Add"))
					.extracting(ServiceSnapshot.Method::calls)
					.containsExactly(1L);
			});
			assertThat(this.server.connections()).singleElement().satisfies((connection) -> {
				assertThat(connection.format()).isEqualTo("json");
				assertThat(connection.callsTotal()).isEqualTo(1);
				assertThat(connection.remoteAddress()).isEqualTo(socket.getLocalSocketAddress());
			});
		}
	}

	@Test
	void drainWaitsForCallsUnderWay() throws Exception {
		try (Socket socket = connect()) {
			send(socket, call("Arith.Block", "{}", 1));
			Awaitility.await().untilAsserted(() -> assertThat(this.server.inFlight()).isEqualTo(1));
			CompletableFuture<DrainOutcome> drained = this.server.drain(Duration.ofSeconds(30)).toCompletableFuture();
			assertThat(drained).isNotDone();
			this.arith.release.countDown();
			assertThat(readAll(socket)).contains("\"id\":1");
			assertThat(drained.get(10, TimeUnit.SECONDS).cut()).isZero();
		}
	}

	@Test
	void drainCutsCallsThatHang() throws Exception {
		try (Socket socket = connect()) {
			send(socket, call("Arith.Block", "{}", 1));
			Awaitility.await().untilAsserted(() -> assertThat(this.server.inFlight()).isEqualTo(1));
			DrainOutcome outcome = this.server.drain(Duration.ofMillis(50))
				.toCompletableFuture()
				.get(10, TimeUnit.SECONDS);
			assertThat(outcome.cut()).isEqualTo(1);
			assertThat(outcome.describe()).isEqualTo("Arith.Block (1)");
			assertThat(readAll(socket)).contains("server is shutting down");
		}
	}

	@Test
	void drainEndsAlthoughHandlersFillTheCommonPool() throws Exception {
		List<ForkJoinTask<?>> hanging = new ArrayList<>();
		CountDownLatch release = new CountDownLatch(1);
		for (int i = 0; i < ForkJoinPool.getCommonPoolParallelism(); i++) {
			hanging.add(ForkJoinPool.commonPool().submit(() -> {
				release.await();
				return null;
			}));
		}
		try (Socket socket = connect()) {
			send(socket, call("Arith.Block", "{}", 1));
			Awaitility.await().untilAsserted(() -> assertThat(this.server.inFlight()).isEqualTo(1));
			assertThat(this.server.drain(Duration.ofMillis(50)).toCompletableFuture().get(10, TimeUnit.SECONDS).cut())
				.isEqualTo(1);
		}
		finally {
			release.countDown();
			hanging.forEach(ForkJoinTask::join);
		}
	}

	@Test
	void portInUseIsNamedWithItsProperty() {
		assertThatExceptionOfType(RpcPortInUseException.class)
			.isThrownBy(() -> RpcServer.builder().address(this.server.address()).service(this.arith).start())
			.withMessageContaining("Port " + this.server.port())
			.withMessageContaining("rpc.server.port")
			.satisfies((ex) -> assertThat(ex.port()).isEqualTo(this.server.port()));
	}

	@Test
	void portAloneMayBeChosen() {
		try (RpcServer other = RpcServer.builder().port(0).service(this.arith).start()) {
			assertThat(other.port()).isPositive().isNotEqualTo(1234);
			assertThat(other.address().getAddress().isLoopbackAddress()).isTrue();
		}
		try (RpcServer other = RpcServer.builder()
			.address(new InetSocketAddress("127.0.0.2", 1234))
			.port(0)
			.service(this.arith)
			.start()) {
			assertThat(other.address().getHostString()).isEqualTo("127.0.0.2");
		}
		assertThatIllegalArgumentException().isThrownBy(() -> RpcServer.builder().port(65_536))
			.withMessage("port: 65536 (expected: 0 to 65535)");
	}

	@Test
	void addressOfAnotherMachineIsNamedWithItsPropertyAndTheSystemsText() {
		// Set aside for documents, by RFC 5737: no machine has it, and nothing is sent.
		InetSocketAddress elsewhere = new InetSocketAddress("192.0.2.1", 0);
		assertThatExceptionOfType(RpcListenException.class)
			.isThrownBy(() -> RpcServer.builder().address(elsewhere).insecure(true).service(this.arith).start())
			.withMessageContaining("Cannot listen on 192.0.2.1:0: ")
			.withMessageContaining("assign requested address")
			.withMessageContaining("rpc.server.address")
			.satisfies((ex) -> assertThat(ex.address()).isEqualTo(elsewhere))
			.withCauseExactlyInstanceOf(IOException.class);
	}

	@Test
	void addressBeyondLoopbackIsRefusedUnlessWrittenDown() {
		InetSocketAddress everywhere = new InetSocketAddress("0.0.0.0", 0);
		assertThatExceptionOfType(RpcInsecureAddressException.class)
			.isThrownBy(() -> RpcServer.builder().address(everywhere).service(this.arith).start())
			.withMessageContaining("rpc.server.insecure=true")
			.satisfies((ex) -> assertThat(ex.hasTls()).isFalse());
		RpcServer.builder().address(everywhere).insecure(true).service(this.arith).start().close();
	}

	private Socket connect() throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.server.port());
		socket.setSoTimeout(20_000);
		return socket;
	}

	private static String call(String method, String argument, int id) {
		return "{\"method\":\"" + method + "\",\"params\":[" + argument + "],\"id\":" + id + "}\n";
	}

	private static void send(Socket socket, String text) throws IOException {
		socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
	}

	private static String readAll(Socket socket) {
		try {
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			return "";
		}
	}

	// A reset is an end, too; silence is not.
	private static String readToEnd(Socket socket) throws IOException {
		try {
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (SocketException ex) {
			return "";
		}
	}

	private static String readLine(InputStream in) throws IOException {
		StringBuilder line = new StringBuilder();
		for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
			line.append((char) c);
		}
		return line.toString();
	}

	record Args(int a, int b) {

	}

	interface Arith {

		int add(Args args);

		int addInline(Args args);

		int divide(Args args);

		void block();

	}

	static class ArithService implements Arith {

		private final CountDownLatch release = new CountDownLatch(1);

		@Override
		public int add(Args args) {
			return args.a() + args.b();
		}

		@Override
		@NonBlocking
		public int addInline(Args args) {
			return args.a() + args.b();
		}

		@Override
		public int divide(Args args) {
			if (args.b() == 0) {
				throw new RpcException(RpcCode.INVALID_ARGUMENT, "divide by zero");
			}
			return args.a() / args.b();
		}

		@Override
		public void block() {
			try {
				this.release.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

	public static class Shapes {

		public Optional<String> find() {
			return Optional.empty();
		}

		public BigInteger power(UUID of) {
			return BigInteger.ONE;
		}

		public byte[] scale(int by, String name) {
			return new byte[by];
		}

	}

	/**
	 * Fails where a handler should not.
	 */
	public static class Breaking {

		public Broken reply() {
			return new Broken(1);
		}

		public void nested() {
			throw new RpcCallException(RpcCode.UNAVAILABLE, Known.NOT_RUN, "10.0.0.7:1234 is not connected", null);
		}

	}

	/**
	 * Cannot be read.
	 *
	 * @param value a number that nobody sees
	 */
	public record Broken(int value) {

		@Override
		public int value() {
			throw new AssertionError("secret");
		}

	}

}
