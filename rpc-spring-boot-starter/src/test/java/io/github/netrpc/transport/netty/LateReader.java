package io.github.netrpc.transport.netty;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.netty.NettyTransportContract.Text;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A peer that has sent much more, and read nothing yet, when its connection begins to
 * close behind many replies. Most of these are with the system then, which would forget
 * them if the connection were closed while bytes of the peer are unread.
 */
final class LateReader extends SilentHandler {

	/** Several times what is dropped, and less than a system takes of one who writes. */
	private static final int SENT_BYTES = 300 * 1024;

	private static final int REPLIES = 20;

	private static final int REPLY_CHARACTERS = 15_000;

	/** An I/O thread looks at its sockets before each task that comes later. */
	private static final int IO_ROUNDS = 10;

	private final CompletableFuture<Connection> opened = new CompletableFuture<>();

	@Override
	public void opened(Connection connection) {
		this.opened.complete(connection);
	}

	@Override
	public void inputEnded() {
		throw new IllegalStateException("the peer goes on");
	}

	@Override
	public void drained() {
		throw new IllegalStateException("nobody has asked for this event");
	}

	/**
	 * Checks that all replies arrive.
	 * @param socket the peer's end of a connection that this handles, ready to be used
	 */
	void check(Socket socket) throws Exception {
		Connection connection = this.opened.get(10, TimeUnit.SECONDS);
		String replies = IntStream.range(0, REPLIES)
			.mapToObj((i) -> (i + ",").repeat(REPLY_CHARACTERS / 2).substring(0, REPLY_CHARACTERS))
			.collect(Collectors.joining());
		CountDownLatch closing = new CountDownLatch(1);
		CountDownLatch sent = new CountDownLatch(1);
		connection.execute(() -> {
			for (int at = 0; at < replies.length(); at += REPLY_CHARACTERS) {
				connection.send(new Text(replies.substring(at, at + REPLY_CHARACTERS)));
			}
			// Begins when the I/O thread is free, which has not read either.
			connection.closeGracefully();
			closing.countDown();
			await(sent);
		});
		await(closing);
		try {
			socket.getOutputStream().write(new byte[SENT_BYTES]);
		}
		finally {
			sent.countDown();
		}
		// All is written, and what is to be dropped at once has been.
		for (int i = 0; i < IO_ROUNDS; i++) {
			CountDownLatch looked = new CountDownLatch(1);
			connection.execute(looked::countDown);
			await(looked);
		}
		assertThat(received(socket)).isEqualTo(replies);
		assertThat(this.closed.get(10, TimeUnit.SECONDS)).isNull();
	}

	private static String received(Socket socket) throws IOException {
		return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
