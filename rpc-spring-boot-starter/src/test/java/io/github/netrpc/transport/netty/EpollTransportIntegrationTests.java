package io.github.netrpc.transport.netty;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.OS;

import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.Listener;
import io.github.netrpc.transport.Transport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The transport on epoll. Where there is none the tests are skipped, except for a CI on
 * Linux: it fails.
 */
class EpollTransportIntegrationTests extends NettyTransportContract {

	@Override
	protected Transport createTransport() {
		if (OS.LINUX.isCurrentOs() && "true".equals(System.getenv("CI"))) {
			Epoll.ensureAvailability();
		}
		Assumptions.assumeTrue(Epoll.isAvailable(), "skipped: epoll is not available here");
		return new NettyTransport("test-epoll-", 2, true, true);
	}

	@Test
	void aLoneMessageLeavesAtOnceAndThoseBehindItLeaveTogether() throws Exception {
		ReplyAtEnd handler = new ReplyAtEnd();
		Listener listener = listen(() -> handler);
		try (Socket socket = open(listener)) {
			Connection connection = handler.opened.get(10, TimeUnit.SECONDS);
			CountDownLatch free = keepIoThreadBusy(connection);
			connection.send(new Text("one"));
			assertThat(connection.unsentBytes()).isZero();
			assertThat(read(socket, 3)).isEqualTo("one");
			connection.send(new Text("two"));
			connection.send(new Text("three"));
			connection.flush();
			assertThat(connection.unsentBytes()).isEqualTo(8);
			free.countDown();
			assertThat(read(socket, 8)).isEqualTo("twothree");
		}
	}

	@Test
	void aFlushWritesAtOnceWhatWasCollected() throws Exception {
		ReplyAtEnd handler = new ReplyAtEnd();
		Listener listener = listen(() -> handler);
		try (Socket socket = open(listener)) {
			Connection connection = handler.opened.get(10, TimeUnit.SECONDS);
			CountDownLatch free = keepIoThreadBusy(connection);
			connection.sendLater(new Text("one"));
			connection.sendLater(new Text("two"));
			assertThat(connection.unsentBytes()).isEqualTo(6);
			connection.flush();
			assertThat(connection.unsentBytes()).isZero();
			assertThat(read(socket, 6)).isEqualTo("onetwo");
			free.countDown();
		}
	}

	@Test
	void theIoThreadWritesTheRestOfAMessageThatDidNotFitTheSocket() throws Exception {
		ReplyAtEnd handler = new ReplyAtEnd();
		Listener listener = listen(() -> handler);
		try (Socket socket = open(listener)) {
			Connection connection = handler.opened.get(10, TimeUnit.SECONDS);
			CountDownLatch free = keepIoThreadBusy(connection);
			StringBuilder sent = new StringBuilder();
			for (int i = 0; connection.unsentBytes() == 0; i++) {
				String part = (i + " ").repeat(100_000);
				sent.append(part);
				connection.sendLater(new Text(part));
				connection.flush();
			}
			sent.append("end");
			connection.sendLater(new Text("end"));
			connection.flush();
			free.countDown();
			assertThat(read(socket, sent.length())).isEqualTo(sent.toString());
		}
	}

	@Test
	void aHandlerBeforeTheConnectionSeesAllBytes() throws Exception {
		ReplyAtEnd handler = new ReplyAtEnd();
		EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			new Bootstrap().group(group)
				.channelFactory(EpollConnectionChannel::new)
				.handler(new ChannelInitializer<Channel>() {

					@Override
					protected void initChannel(Channel channel) {
						channel.pipeline()
							.addLast(new ChannelDuplexHandler(), new NettyConnection(handler, new FailureLog()));
					}

				})
				.connect(server.getLocalSocketAddress());
			try (Socket socket = server.accept()) {
				Connection connection = handler.opened.get(10, TimeUnit.SECONDS);
				CountDownLatch free = keepIoThreadBusy(connection);
				connection.send(new Text("secret"));
				assertThat(connection.unsentBytes()).isEqualTo(6);
				free.countDown();
				assertThat(read(socket, 6)).isEqualTo("secret");
			}
		}
		finally {
			group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
		}
	}

	private static CountDownLatch keepIoThreadBusy(Connection connection) throws InterruptedException {
		CountDownLatch busy = new CountDownLatch(1);
		CountDownLatch free = new CountDownLatch(1);
		connection.execute(() -> {
			busy.countDown();
			try {
				free.await(10, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		assertThat(busy.await(10, TimeUnit.SECONDS)).isTrue();
		return free;
	}

	private static String read(Socket socket, int count) throws Exception {
		InputStream input = socket.getInputStream();
		return new String(input.readNBytes(count), StandardCharsets.US_ASCII);
	}

	private static Socket open(Listener listener) throws Exception {
		InetSocketAddress address = (InetSocketAddress) listener.localAddress();
		Socket socket = new Socket(address.getAddress(), address.getPort());
		socket.setSoTimeout(10_000);
		return socket;
	}

}
