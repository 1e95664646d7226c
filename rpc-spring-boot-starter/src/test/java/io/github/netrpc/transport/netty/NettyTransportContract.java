package io.github.netrpc.transport.netty;

import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.ConnectionHandler;
import io.github.netrpc.transport.Listener;
import io.github.netrpc.transport.TransportContract;
import io.github.netrpc.wire.MessageBuffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What real sockets add to the contract.
 */
abstract class NettyTransportContract extends TransportContract {

	/** More of them find what is rare: {@code -Drpc.test.token-rounds=20000}. */
	private static final int TOKEN_ROUNDS = Integer.getInteger("rpc.test.token-rounds", 400);

	/** More than a system keeps between two sockets. */
	private static final long SYSTEM_BUFFERS_BYTES = 64 << 20;

	@Test
	void aHalfClosedPeerStillGetsItsReply() throws Exception {
		Listener listener = listen(ReplyAtEnd::new);
		try (Socket socket = open(listener)) {
			socket.getOutputStream().write("question".getBytes(StandardCharsets.US_ASCII));
			socket.shutdownOutput();
			InputStream input = socket.getInputStream();
			assertThat(new String(input.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo("noitseuq");
		}
	}

	@Test
	void aResetIsTheCauseOfTheClose() throws Exception {
		ReplyAtEnd handler = new ReplyAtEnd();
		Listener listener = listen(() -> handler);
		try (Socket socket = open(listener)) {
			handler.opened.get(10, TimeUnit.SECONDS);
			socket.setSoLinger(true, 0);
		}
		assertThat(handler.closed.get(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
	}

	@Test
	void aResetAfterAHalfCloseIsFoundByTheNextSend() throws Exception {
		ReplyAtEnd handler = new ReplyAtEnd() {

			@Override
			public void inputEnded() {
				this.ended.complete(true);
			}

		};
		Listener listener = listen(() -> handler);
		try (Socket socket = open(listener)) {
			socket.shutdownOutput();
			handler.ended.get(10, TimeUnit.SECONDS);
			socket.setSoLinger(true, 0);
		}
		handler.opened.join().send(new Text("reply"));
		assertThat(handler.closed.get(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
	}

	/** What it sends stays with the system, and with itself, and takes nobody's time. */
	@Test
	void aPeerThatGoesOnSendingIsHeldBackWhileTheConnectionCloses() throws Exception {
		ReplyAtEnd handler = new ReplyAtEnd();
		Listener listener = listen(() -> handler);
		try (Socket socket = open(listener)) {
			Connection connection = handler.opened.get(10, TimeUnit.SECONDS);
			connection.closeGracefully();
			assertThat(socket.getInputStream().read()).isEqualTo(-1);
			long sent = pour(socket);
			assertThat(handler.closed.get(10, TimeUnit.SECONDS)).isNull();
			assertThat(sent).isLessThan(SYSTEM_BUFFERS_BYTES + 2 * NettyConnection.DROPPED_AT_ONCE_BYTES);
		}
	}

	@Test
	void repliesArriveAtAPeerThatSendsMuchMoreBeforeItReads() throws Exception {
		LateReader handler = new LateReader();
		Listener listener = listen(() -> handler);
		try (Socket socket = open(listener)) {
			handler.check(socket);
		}
	}

	/** Sends until the connection is closed. */
	private static long pour(Socket socket) {
		byte[] piece = new byte[64 * 1024];
		long sent = 0;
		try {
			while (true) {
				socket.getOutputStream().write(piece);
				sent += piece.length;
			}
		}
		catch (IOException ex) {
			return sent;
		}
	}

	/**
	 * The kernel's own table tells when it will ask a silent peer, in hundredths of a
	 * second.
	 */
	@Test
	@EnabledOnOs(OS.LINUX)
	void silentPeersAreAskedAfterFifteenSeconds() throws Exception {
		ReplyAtEnd handler = new ReplyAtEnd();
		Listener listener = listen(() -> handler);
		try (Socket socket = open(listener)) {
			handler.opened.get(10, TimeUnit.SECONDS);
			String ports = ".*:%04X [0-9A-F]+:%04X 01 .*".formatted(socket.getPort(), socket.getLocalPort());
			List<String> timers = new ArrayList<>();
			for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
				for (String line : Files.readAllLines(Path.of(table))) {
					if (line.matches(ports)) {
						timers.add(line.strip().split(" +")[5]);
					}
				}
			}
			assertThat(timers).singleElement().asString().startsWith("02:");
			assertThat(Long.parseLong(timers.get(0).substring(3), 16)).isBetween(1L, 1500L);
		}
	}

	@Test
	void connectWhenNothingAnswersFailsAtTheTimeout() throws Exception {
		List<Socket> waiting = new ArrayList<>();
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			// The kernel answers until the backlog is full, then it drops what comes.
			boolean full = false;
			for (int i = 0; i < 16 && !full; i++) {
				Socket socket = new Socket();
				waiting.add(socket);
				try {
					socket.connect(server.getLocalSocketAddress(), 200);
				}
				catch (SocketTimeoutException ex) {
					full = true;
				}
			}
			assertThat(full).isTrue();
			CompletableFuture<Connection> result = this.transport
				.connect(server.getLocalSocketAddress(), Duration.ofMillis(200), new ReplyAtEnd())
				.toCompletableFuture();
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> result.get(10, TimeUnit.SECONDS))
				.withCauseInstanceOf(IOException.class);
		}
		finally {
			for (Socket socket : waiting) {
				socket.close();
			}
		}
	}

	@Test
	void connectToAnUnknownNameFailsNamingIt() {
		InetSocketAddress address = InetSocketAddress.createUnresolved("no-such-host.invalid", 1);
		CompletableFuture<Connection> result = this.transport.connect(address, Duration.ofSeconds(20), new ReplyAtEnd())
			.toCompletableFuture();
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> result.get(30, TimeUnit.SECONDS))
			.withCauseInstanceOf(IOException.class)
			.withMessageContaining("no-such-host.invalid:1");
	}

	@Test
	void threadsAreNamedAndDaemonsAsAsked() throws Exception {
		ReplyAtEnd handler = new ReplyAtEnd();
		Listener listener = listen(() -> handler);
		try (Socket socket = open(listener)) {
			CompletableFuture<Thread> thread = new CompletableFuture<>();
			handler.opened.get(10, TimeUnit.SECONDS).execute(() -> thread.complete(Thread.currentThread()));
			assertThat(thread.get(10, TimeUnit.SECONDS).getName()).matches("test-(epoll|nio)-io-\\d");
			assertThat(thread.get().isDaemon()).isTrue();
		}
	}

	@Test
	void listenOnAnAddressOfAnotherMachineIsNotTakenForAPortInUse() {
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> this.transport.listen(new InetSocketAddress("192.0.2.1", 0), ReplyAtEnd::new))
			.isNotInstanceOf(BindException.class)
			.withMessageContaining("192.0.2.1")
			.withMessageContaining("assign requested address");
	}

	@Test
	void noByteLandsOnAnotherConnectionWhileConnectionsComeAndGo() throws Exception {
		TokenTraffic traffic = new TokenTraffic(this.transport);
		try (traffic) {
			traffic.run(TOKEN_ROUNDS);
		}
		assertThat(traffic.strayed()).isEmpty();
		assertThat(traffic.received()).isGreaterThan(TOKEN_ROUNDS);
	}

	@Test
	void aResetThatAnyThreadFindsIsTheCauseOfTheClose() throws Exception {
		for (int round = 0; round < 100; round++) {
			ReplyAtEnd handler = new ReplyAtEnd();
			Listener listener = listen(() -> handler);
			try (Socket socket = open(listener)) {
				handler.opened.get(10, TimeUnit.SECONDS).send(new Text("hello"));
				assertThat(socket.getInputStream().readNBytes(5)).hasSize(5);
				socket.setSoLinger(true, 0);
			}
			Connection connection = handler.opened.join();
			while (connection.send(new Text("anybody there?"))) {
				Thread.onSpinWait();
			}
			assertThat(handler.closed.get(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
			assertThat(handler.ended).isNotDone();
			assertThat(connection.unsentBytes()).isZero();
			listener.close();
		}
	}

	private static Socket open(Listener listener) throws IOException {
		InetSocketAddress address = (InetSocketAddress) listener.localAddress();
		Socket socket = new Socket(address.getAddress(), address.getPort());
		socket.setSoTimeout(10_000);
		return socket;
	}

	/**
	 * Sends back what it got, turned round, when the input ends.
	 */
	static class ReplyAtEnd implements ConnectionHandler {

		final CompletableFuture<Connection> opened = new CompletableFuture<>();

		final CompletableFuture<Boolean> ended = new CompletableFuture<>();

		final CompletableFuture<@Nullable Throwable> closed = new CompletableFuture<>();

		private final StringBuilder text = new StringBuilder();

		@Override
		public void opened(Connection connection) {
			this.opened.complete(connection);
		}

		@Override
		public int received(byte[] buffer, int from, int to) {
			this.text.append(new String(buffer, from, to - from, StandardCharsets.US_ASCII));
			return to - from;
		}

		@Override
		public void inputEnded() {
			this.ended.complete(true);
			Connection connection = this.opened.join();
			connection.send(new Text(this.text.reverse().toString()));
			connection.closeGracefully();
		}

		@Override
		public void drained() {
			throw new IllegalStateException("nobody has asked for this event");
		}

		@Override
		public void closed(@Nullable Throwable cause) {
			this.closed.complete(cause);
		}

	}

	record Text(String value) implements MessageBuffer {

		@Override
		public void writeTo(Output out) {
			byte[] bytes = this.value.getBytes(StandardCharsets.US_ASCII);
			out.write(bytes, 0, bytes.length);
		}

		@Override
		public int size() {
			return this.value.length();
		}

		@Override
		public void trim() {
			// Nothing to give back.
		}

	}

}
