package io.github.netrpc.cluster;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.netrpc.RpcOptions;
import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.server.RpcServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * A name in DNS changes from one server to another one on the same port, at another
 * address of the loopback interface, while calls go on.
 */
@Timeout(60)
class DnsChangeIntegrationTests {

	private final CountDownLatch slowMayEnd = new CountDownLatch(1);

	private RpcServer serve(String address, int port, String name) {
		return RpcServer.builder()
			.address(new InetSocketAddress(address, port))
			.service("Node", new Named(name, this.slowMayEnd))
			.start();
	}

	@Test
	void callsGoToTheNewAddressAndThoseInFlightEndAtTheOldOne() throws Exception {
		assumeThat(System.getProperty("os.name")).as("127.0.0.2 is there without being set up").isEqualTo("Linux");
		try (DnsServer dns = new DnsServer();
				RpcServer first = serve("127.0.0.1", 0, "first");
				RpcServer second = serve("127.0.0.2", first.port(), "second")) {
			dns.records.put("node.test A", List.of("127.0.0.1"));
			try (RpcChannel channel = RpcChannel.builder()
				.target("dns://node.test:" + first.port() + "?server=127.0.0.1:" + dns.port())
				.directoryRefresh(Duration.ofMillis(100))
				.timeout(Duration.ofSeconds(30))
				.build()) {
				assertThat(name(channel)).isEqualTo("first");
				CompletableFuture<String> slow = channel.callAsync("Node.Slow", null, String.class);
				Awaitility.await().until(() -> channel.inFlight() == 1);
				dns.records.put("node.test A", List.of("127.0.0.2"));
				long changed = System.nanoTime();
				// Not one call fails on the way.
				while (!name(channel).equals("second")) {
					assertThat(Duration.ofNanos(System.nanoTime() - changed)).isLessThan(Duration.ofSeconds(20));
				}
				assertThat(channel.nodes()).extracting(NodeSnapshot::state)
					.containsExactly(NodeState.READY, NodeState.DRAINING);
				dns.records.clear();
				Awaitility.await().until(() -> channel.directory().failures() > 0);
				assertThat(name(channel)).isEqualTo("second");
				this.slowMayEnd.countDown();
				assertThat(slow.get(10, TimeUnit.SECONDS)).isEqualTo("first");
				Awaitility.await().until(() -> channel.nodes().size() == 1);
				Awaitility.await().until(() -> first.connections().isEmpty());
				assertThat(channel.nodes().get(0).id()).isEqualTo("127.0.0.2:" + first.port());
			}
		}
	}

	private static String name(RpcChannel channel) {
		return channel.call("Node.Name", null, String.class, RpcOptions.NONE.noRetry());
	}

	/** Says which server it is. */
	public static final class Named {

		private final String name;

		private final CountDownLatch slowMayEnd;

		Named(String name, CountDownLatch slowMayEnd) {
			this.name = name;
			this.slowMayEnd = slowMayEnd;
		}

		/**
		 * Says which server it is.
		 * @return its name
		 */
		public String name() {
			return this.name;
		}

		/**
		 * Says it when the test lets it.
		 * @return its name
		 * @throws InterruptedException if the server is closed
		 */
		public String slow() throws InterruptedException {
			this.slowMayEnd.await();
			return this.name;
		}

	}

}
