package io.github.netrpc.transport.netty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.channel.epoll.Epoll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.Listener;
import io.github.netrpc.transport.netty.NettyTransportContract.ReplyAtEnd;
import io.github.netrpc.transport.netty.NettyTransportContract.Text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ConnectAttempt} with names whose addresses a test decides.
 */
class ConnectAttemptIntegrationTests {

	private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void nextAddressIsTriedWhenOneRefuses(boolean first) throws Exception {
		// Nobody listens on the other one, which is this machine's too.
		InetAddress refuses = InetAddress.getByAddress(new byte[] { 127, 0, 0, 2 });
		InetAddress[] found = first ? new InetAddress[] { refuses, refuses, LOOPBACK }
				: new InetAddress[] { LOOPBACK, refuses };
		try (NettyTransport transport = new NettyTransport("test-", 1, true, false, (host) -> found)) {
			CompletableFuture<String> received = new CompletableFuture<>();
			Listener listener = transport.listen(new InetSocketAddress(LOOPBACK, 0), () -> new ReplyAtEnd() {

				@Override
				public int received(byte[] buffer, int from, int to) {
					received.complete(new String(buffer, from, to - from, StandardCharsets.US_ASCII));
					return to - from;
				}

			});
			int port = ((InetSocketAddress) listener.localAddress()).getPort();
			ReplyAtEnd handler = new ReplyAtEnd();
			Connection connection = transport
				.connect(InetSocketAddress.createUnresolved("two.test", port), Duration.ofSeconds(10), handler)
				.toCompletableFuture()
				.get(10, TimeUnit.SECONDS);
			assertThat(handler.opened.join()).isSameAs(connection);
			connection.send(new Text("hello"));
			assertThat(received.get(10, TimeUnit.SECONDS)).isEqualTo("hello");
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void addressThatAnswersNothingCostsAQuarterOfASecond(boolean epoll) throws Exception {
		InetAddress silent = InetAddress.getByAddress(new byte[] { 127, 0, 0, 2 });
		List<SocketChannel> crowd = new ArrayList<>();
		try (NettyTransport transport = new NettyTransport("test-", 1, true, epoll && Epoll.isAvailable(),
				(host) -> new InetAddress[] { silent, LOOPBACK }); ServerSocket full = new ServerSocket()) {
			Listener listener = transport.listen(new InetSocketAddress(LOOPBACK, 0), ReplyAtEnd::new);
			int port = ((InetSocketAddress) listener.localAddress()).getPort();
			full.bind(new InetSocketAddress(silent, port), 1);
			// More than the backlog holds: further attempts get no answer.
			for (int i = 0; i < 8; i++) {
				SocketChannel channel = SocketChannel.open();
				crowd.add(channel);
				channel.configureBlocking(false);
				channel.connect(full.getLocalSocketAddress());
			}
			ReplyAtEnd handler = new ReplyAtEnd();
			Connection connection = transport
				.connect(InetSocketAddress.createUnresolved("two.test", port), Duration.ofMinutes(1), handler)
				.toCompletableFuture()
				.get(10, TimeUnit.SECONDS);
			assertThat(handler.opened.join()).isSameAs(connection);
			assertThat(connection.remoteAddress()).isEqualTo(new InetSocketAddress(LOOPBACK, port));
		}
		finally {
			for (SocketChannel channel : crowd) {
				channel.close();
			}
		}
	}

	@Test
	void nameOfAnAttemptThatTimedOutInTheQueueIsNotLookedUp() throws Exception {
		int resolverThreads = 4;
		AtomicInteger lookups = new AtomicInteger();
		CountDownLatch busy = new CountDownLatch(resolverThreads);
		CountDownLatch free = new CountDownLatch(1);
		try (NettyTransport transport = new NettyTransport("test-", 1, true, false, (host) -> {
			lookups.incrementAndGet();
			if (host.equals("slow.test")) {
				busy.countDown();
				awaitQuietly(free);
			}
			return new InetAddress[] { LOOPBACK };
		})) {
			for (int i = 0; i < resolverThreads; i++) {
				connect(transport, "slow.test", Duration.ofSeconds(20));
			}
			assertThat(busy.await(10, TimeUnit.SECONDS)).isTrue();
			CompletableFuture<Connection> queued = connect(transport, "queued.test", Duration.ofMillis(1));
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> queued.get(10, TimeUnit.SECONDS))
				.withMessageContaining("no answer within 1 ms");
			free.countDown();
			assertThatExceptionOfType(ExecutionException.class)
				.isThrownBy(() -> connect(transport, "last.test", Duration.ofSeconds(10)).get(10, TimeUnit.SECONDS));
			assertThat(lookups).hasValue(resolverThreads + 1);
		}
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static CompletableFuture<Connection> connect(NettyTransport transport, String host, Duration timeout) {
		return transport.connect(InetSocketAddress.createUnresolved(host, 1), timeout, new ReplyAtEnd())
			.toCompletableFuture();
	}

}
