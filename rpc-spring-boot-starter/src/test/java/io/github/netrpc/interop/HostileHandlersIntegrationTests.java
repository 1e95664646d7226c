package io.github.netrpc.interop;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.annotation.NonBlocking;
import io.github.netrpc.annotation.RpcMethod;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcChannelBuilder;
import io.github.netrpc.server.CloseReason;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.server.RpcServerBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Handlers that go wrong, peers that do not read, and crowds of connections: the server
 * goes on (reliability F4, F22, F32, R17).
 */
@Timeout(120)
class HostileHandlersIntegrationTests {

	private static final long MEBIBYTE = 1 << 20;

	private RpcServer server;

	@AfterEach
	void close() {
		this.server.close();
	}

	@ParameterizedTest
	@CsvSource({ "gob,Error", "gob,Overflow", "gob,OverflowOnLoop", "gob,Memory", "gob,NoStage", "gob,Huge",
			"gob,FailsLater", "json,Error", "json,Overflow", "json,OverflowOnLoop", "json,Memory", "json,NoStage",
			"json,Huge", "json,FailsLater", "json,NotANumber", "json,NotANumberInside", "gob,NullInside", "gob,Endless",
			"json,Endless" })
	void handlerThatGoesWrongCostsItsCallOnly(String codec, String method) {
		start(RpcServer.builder());
		try (RpcChannel channel = channel(codec)) {
			for (int i = 0; i < 3; i++) {
				assertThatExceptionOfType(RpcException.class)
					.isThrownBy(() -> channel.call("Wrong." + method, null, Object[].class))
					.satisfies((ex) -> {
						assertThat(ex.code()).isIn(RpcCode.UNKNOWN, RpcCode.INTERNAL);
						assertThat(ex.getMessage())
							.matches("(internal error|reply cannot be encoded) \\(id [0-9a-f]{8}\\)");
					});
				assertThat(channel.call("Wrong.Fine", null, Long.class)).isEqualTo(42);
			}
			assertThat(this.server.connections()).hasSize(1);
		}
	}

	@ParameterizedTest
	@CsvSource({ "gob", "json" })
	void nullReplyIsNullAndToStockPeersTheZeroValue(String codec) {
		start(RpcServer.builder());
		try (RpcChannel channel = channel(codec)) {
			assertThat(channel.call("Wrong.Null", null, String.class)).isNull();
		}
		try (RpcChannel stock = builder(codec).extensions(false).build()) {
			assertThat(stock.call("Wrong.Null", null, String.class)).isEmpty();
		}
	}

	@Test
	void peerThatDoesNotReadTakesLittleMemoryAndHurtsNobody() throws Exception {
		// 500 large replies are overload, which is not what is looked at here.
		start(RpcServer.builder().overload(Duration.ofMillis(5), Duration.ofMillis(100), Duration.ofSeconds(30)));
		List<RawPeer> peers = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			RawPeer peer = new RawPeer(this.server.port());
			peers.add(peer);
			// 50 replies of 1 MiB each, and never a read.
			peer.send("{\"method\":\"Wrong.Mebibyte\",\"params\":[],\"id\":1}\n".repeat(50));
		}
		try (RpcChannel channel = channel("gob")) {
			for (int i = 0; i < 200; i++) {
				assertThat(channel.call("Wrong.Fine", null, Long.class)).isEqualTo(42);
			}
		}
		assertThat(Wrong.MEBIBYTES.get()).as("replies made of 500 asked for").isLessThan(200);
		System.gc();
		long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
		assertThat(used).isLessThan(512 * MEBIBYTE);
		for (RawPeer peer : peers) {
			peer.close();
		}
		Awaitility.await().untilAsserted(() -> assertThat(this.server.connectionCount()).isZero());
	}

	@Test
	void twoThousandIdleConnectionsLeaveRoomForCalls() throws IOException {
		start(RpcServer.builder());
		List<Socket> idle = new ArrayList<>();
		for (int i = 0; i < 2000; i++) {
			idle.add(new Socket(InetAddress.getLoopbackAddress(), this.server.port()));
		}
		Awaitility.await().untilAsserted(() -> assertThat(this.server.connectionCount()).isEqualTo(2000));
		try (RpcChannel channel = channel("gob")) {
			assertThat(channel.call("Wrong.Fine", null, Long.class)).isEqualTo(42);
		}
		for (Socket socket : idle) {
			socket.close();
		}
		Awaitility.await().untilAsserted(() -> assertThat(this.server.connectionCount()).isZero());
	}

	@Test
	void oldestSilentConnectionMakesRoomAtTheBound() throws IOException {
		start(RpcServer.builder().maxConnections(50));
		List<RawPeer> peers = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			RawPeer peer = new RawPeer(this.server.port());
			peers.add(peer);
			peer.send(fine(i));
			assertThat(peer.readLine()).contains("42");
		}
		for (int i = 0; i < 200; i++) {
			peers.add(new RawPeer(this.server.port()));
		}
		RawPeer newest = new RawPeer(this.server.port());
		newest.send(fine(1));
		assertThat(newest.readLine()).contains("42");
		for (RawPeer spoke : peers.subList(0, 10)) {
			spoke.send(fine(2));
			assertThat(spoke.readLine()).as("a connection that has spoken stays").contains("42");
		}
		assertThat(peers.get(10).readToEnd()).as("the oldest silent one is gone").isEmpty();
		Awaitility.await().untilAsserted(() -> assertThat(this.server.connectionCount()).isLessThanOrEqualTo(50));
		assertThat(this.server.closed(CloseReason.SILENT)).isEqualTo(211 - 50);
		assertThat(this.server.closed(CloseReason.TOO_MANY_CONNECTIONS)).isZero();
		newest.close();
		for (RawPeer peer : peers) {
			peer.close();
		}
	}

	@Test
	void newConnectionIsClosedWhereAllOthersHaveSpoken() throws IOException {
		start(RpcServer.builder().maxConnections(2));
		List<RawPeer> peers = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			RawPeer peer = new RawPeer(this.server.port());
			peers.add(peer);
			peer.send(fine(i));
			assertThat(peer.readLine()).contains("42");
		}
		try (RawPeer third = new RawPeer(this.server.port())) {
			assertThat(third.readToEnd()).isEmpty();
		}
		assertThat(this.server.closed(CloseReason.TOO_MANY_CONNECTIONS)).isEqualTo(1);
		for (RawPeer peer : peers) {
			peer.send(fine(9));
			assertThat(peer.readLine()).contains("42");
			peer.close();
		}
	}

	private static String fine(int id) {
		return "{\"method\":\"Wrong.Fine\",\"params\":[],\"id\":" + id + "}\n";
	}

	private void start(RpcServerBuilder builder) {
		Wrong.MEBIBYTES.set(0);
		this.server = builder.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.service(new Wrong())
			.start();
	}

	private RpcChannel channel(String codec) {
		return builder(codec).build();
	}

	private RpcChannelBuilder builder(String codec) {
		return RpcChannel.builder()
			.target("127.0.0.1:" + this.server.port())
			.codec(codec)
			.timeout(Duration.ofSeconds(20));
	}

	/**
	 * Handlers as bad as they get.
	 */
	@RpcService("Wrong")
	public static class Wrong {

		static final AtomicInteger MEBIBYTES = new AtomicInteger();

		public long fine() {
			return 42;
		}

		public long error() {
			throw new AssertionError("secret in /etc/passwd");
		}

		public long overflow() {
			return overflow() + 1;
		}

		@NonBlocking
		public long overflowOnLoop() {
			return overflow();
		}

		public byte[] memory() {
			throw new OutOfMemoryError("Java heap space");
		}

		public @Nullable CompletionStage<Long> noStage() {
			return null;
		}

		public CompletionStage<Long> failsLater() {
			return CompletableFuture.failedFuture(new StackOverflowError());
		}

		@RpcMethod("Null")
		public @Nullable String nothing() {
			return null;
		}

		public double notANumber() {
			return Double.NaN;
		}

		public List<Double> notANumberInside() {
			return List.of(1.0, Double.POSITIVE_INFINITY);
		}

		public List<@Nullable String> nullInside() {
			return Arrays.asList("a", null);
		}

		public String mebibyte() {
			MEBIBYTES.incrementAndGet();
			return "m".repeat((int) MEBIBYTE);
		}

		public byte[] huge() {
			return new byte[(int) (5 * MEBIBYTE)];
		}

		public Node endless() {
			Node node = new Node();
			node.next = node;
			return node;
		}

	}

	/**
	 * May be its own successor.
	 */
	public static class Node {

		public @Nullable Node next;

	}

}
