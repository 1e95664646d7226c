package io.github.netrpc.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.netrpc.RpcContext;
import io.github.netrpc.annotation.RpcService;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Callers that leave while their calls run, over real sockets, by FIN and by RST (F17),
 * and a server that leaves its callers (promise 10).
 */
@Timeout(60)
class VanishedPeerIntegrationTests {

	private static final String PING = "{\"method\":\"_goRPC_.Ping\",\"params\":[{}],\"id\":0,"
			+ "\"timeLeft\":0,\"meta\":{\"connection\":\"0123456789abcdef\"}}";

	private static final String BLOCK = "{\"method\":\"Work.Block\",\"params\":[{}],\"id\":1}";

	private final Work work = new Work();

	private RpcServer server;

	@BeforeEach
	void start() {
		this.server = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.ioThreads(1)
			.service(this.work)
			.start();
	}

	@AfterEach
	void close() {
		this.work.release.countDown();
		this.server.close();
	}

	@Test
	void extendedPeerIsGoneAfterAFin() throws Exception {
		Socket peer = extended(BLOCK);
		this.work.awaitEntered();
		peer.shutdownOutput();
		this.work.awaitInterrupted();
		assertThat(this.work.context.callId()).isEqualTo("0123456789abcdef-1");
		peer.close();
		Awaitility.await().untilAsserted(() -> assertThat(this.server.connectionCount()).isZero());
	}

	@Test
	void extendedPeerIsGoneAfterAReset() throws Exception {
		Socket peer = extended(BLOCK);
		this.work.awaitEntered();
		reset(peer);
		this.work.awaitInterrupted();
	}

	@Test
	void stockPeerIsGoneAfterAReset() throws Exception {
		Socket peer = connect();
		send(peer, BLOCK);
		this.work.awaitEntered();
		reset(peer);
		this.work.awaitInterrupted();
	}

	@Test
	void stockPeerThatHasClosedIsGoneWithTheFirstReplyThatCannotBeWritten() throws Exception {
		Socket peer = connect();
		send(peer, BLOCK);
		for (int id = 2; id < 30; id++) {
			send(peer, "{\"method\":\"Work.Later\",\"params\":[{}],\"id\":" + id + "}");
		}
		this.work.awaitEntered();
		Awaitility.await().until(() -> this.work.later.size() == 28);
		peer.close();
		Awaitility.await().until(() -> {
			this.work.later.remove().complete("nobody reads this");
			return this.work.interrupted.getCount() == 0;
		});
		assertThat(this.work.later).as("replies that were still to come").isNotEmpty();
	}

	@Test
	void stockPeerThatHasEndedItsOutputIsAnswered() throws Exception {
		Socket peer = connect();
		send(peer, BLOCK);
		this.work.awaitEntered();
		peer.shutdownOutput();
		// There is one I/O thread: when it has read twice from another peer, it has seen
		// the
		// end of this one.
		Socket other = connect();
		for (int i = 0; i < 2; i++) {
			send(other, PING);
			assertThat(readLine(other)).contains("\"id\":0");
		}
		assertThat(this.work.interrupted.getCount()).as("interrupts to come").isEqualTo(1);
		this.work.release.countDown();
		assertThat(readLine(peer)).isEqualTo("{\"id\":1,\"result\":\"released\",\"error\":null}");
		assertThat(this.work.context.cancelled()).isFalse();
	}

	@Test
	void cancelReachesTheHandlerAndIsAnsweredBeforeItEnds() throws Exception {
		this.work.stubborn = true;
		Socket peer = extended(BLOCK);
		this.work.awaitEntered();
		send(peer, "{\"method\":\"_goRPC_.Cancel\",\"params\":[1],\"id\":2}");
		assertThat(readLine(peer)).contains("\"id\":1").contains("cancelled by its caller").contains("\"code\":1");
		assertThat(readLine(peer)).contains("\"id\":2").contains("\"error\":null");
		this.work.awaitInterrupted();
		assertThat(this.server.inFlight()).isEqualTo(1);
		assertThat(this.server.abandoned()).isEqualTo(1);
		this.work.release.countDown();
		Awaitility.await().untilAsserted(() -> assertThat(this.server.inFlight()).isZero());
		assertThat(this.server.abandoned()).isZero();
	}

	@Test
	void deadlineIsKeptThoughTheHandlerIsStuck() throws Exception {
		this.work.stubborn = true;
		Socket peer = connect();
		send(peer, "{\"method\":\"Work.Block\",\"params\":[{}],\"id\":1,\"timeLeft\":100000000}");
		assertThat(readLine(peer)).contains("\"id\":1").contains("phase handler").contains("\"code\":4");
		assertThat(this.server.abandoned()).isEqualTo(1);
		assertThat(this.server.runningFor(Duration.ofHours(1))).isZero();
		assertThat(this.server.runningFor(Duration.ofMillis(50))).isEqualTo(1);
	}

	@Test
	void extendedPeerIsToldOfTheDrainAndAnsweredAsLongAsItSendsCalls() throws Exception {
		Socket peer = extended(BLOCK);
		this.work.awaitEntered();
		CompletableFuture<DrainOutcome> drained = this.server.drain(Duration.ofSeconds(30)).toCompletableFuture();
		assertThat(readLine(peer)).contains("\"id\":18446744073709551615").contains("drain");
		assertThat(this.server.isDraining()).isTrue();
		send(peer, "{\"method\":\"Work.Block\",\"params\":[{}],\"id\":2}");
		assertThat(readLine(peer)).contains("\"id\":2")
			.contains("server is shutting down")
			.contains("\"code\":14")
			.contains("\"known\":1");
		assertThat(drained).isNotDone();
		this.work.release.countDown();
		assertThat(readLine(peer)).contains("\"id\":1").contains("released");
		peer.close();
		assertThat(drained.get(10, TimeUnit.SECONDS).cut()).isZero();
	}

	@Test
	void whatIsCutAtTheEndOfADrainIsAnsweredAndInterrupted() throws Exception {
		Socket peer = extended(BLOCK);
		this.work.awaitEntered();
		CompletableFuture<DrainOutcome> drained = this.server.drain(Duration.ofMillis(100)).toCompletableFuture();
		assertThat(readLine(peer)).contains("drain");
		assertThat(readLine(peer)).contains("\"id\":1").contains("took too long").contains("\"code\":14");
		assertThat(drained.get(10, TimeUnit.SECONDS).describe()).isEqualTo("Work.Block (1)");
		this.work.awaitInterrupted();
	}

	private Socket extended(String call) throws IOException {
		Socket socket = connect();
		send(socket, PING);
		assertThat(readLine(socket)).contains("\"id\":0").contains("\"error\":null");
		send(socket, call);
		return socket;
	}

	private Socket connect() throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.server.port());
		socket.setTcpNoDelay(true);
		socket.setSoTimeout(10_000);
		return socket;
	}

	// A close with this option sends a reset.
	private static void reset(Socket socket) throws IOException {
		socket.setSoLinger(true, 0);
		socket.close();
	}

	private static void send(Socket socket, String text) throws IOException {
		socket.getOutputStream().write((text + "\n").getBytes(StandardCharsets.US_ASCII));
	}

	private static String readLine(Socket socket) throws IOException {
		StringBuilder line = new StringBuilder();
		for (int next = socket.getInputStream().read(); next >= 0
				&& next != '\n'; next = socket.getInputStream().read()) {
			line.append((char) next);
		}
		return line.toString();
	}

	@RpcService("Work")
	public static class Work {

		final CountDownLatch release = new CountDownLatch(1);

		final CountDownLatch interrupted = new CountDownLatch(1);

		final Queue<CompletableFuture<String>> later = new ConcurrentLinkedQueue<>();

		private final CountDownLatch entered = new CountDownLatch(1);

		volatile boolean stubborn;

		volatile RpcContext context;

		public String block(RpcContext context) {
			this.context = context;
			this.entered.countDown();
			while (true) {
				try {
					this.release.await();
					return "released";
				}
				catch (InterruptedException ex) {
					assertThat(context.cancelled()).isTrue();
					this.interrupted.countDown();
					if (!this.stubborn) {
						return "interrupted";
					}
				}
			}
		}

		public CompletableFuture<String> later() {
			CompletableFuture<String> result = new CompletableFuture<>();
			this.later.add(result);
			return result;
		}

		void awaitEntered() throws InterruptedException {
			assertThat(this.entered.await(10, TimeUnit.SECONDS)).isTrue();
		}

		void awaitInterrupted() throws InterruptedException {
			assertThat(this.interrupted.await(10, TimeUnit.SECONDS)).isTrue();
		}

	}

}
