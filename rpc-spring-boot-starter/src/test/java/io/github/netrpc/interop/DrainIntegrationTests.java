package io.github.netrpc.interop;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.client.ConnectionSnapshot;
import io.github.netrpc.client.ConnectionState;
import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.interop.Types.Args;
import io.github.netrpc.server.RpcServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server says that it drains, and our client moves away.
 */
@Timeout(60)
class DrainIntegrationTests {

	private final Held held = new Held();

	private RpcServer leaving;

	private RpcServer staying;

	private RpcChannel channel;

	@BeforeEach
	void start() {
		this.leaving = serve();
		this.staying = serve();
		this.channel = RpcChannel.builder()
			.loadBalancer("round-robin")
			.target("127.0.0.1:" + this.leaving.port() + ",127.0.0.1:" + this.staying.port())
			.build();
	}

	private RpcServer serve() {
		return RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.service(new ArithService())
			.service(this.held)
			.start();
	}

	@AfterEach
	void stop() {
		this.held.release.countDown();
		this.channel.close();
		this.leaving.close();
		this.staying.close();
	}

	private NodeSnapshot leavingNode() {
		return this.channel.nodes().get(0);
	}

	@Test
	void callsInFlightFinishAndNewOnesGoToTheOtherNode() throws Exception {
		while (this.channel.nodes().stream().anyMatch((node) -> node.calls() == 0)) {
			this.channel.call("Arith.Add", new Args(7, 8), Long.class);
		}
		List<CompletableFuture<Long>> accepted = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			accepted.add(this.channel.callAsync("Held.Hold", null, Long.class).toCompletableFuture());
		}
		for (int i = 0; i < 10; i++) {
			assertThat(this.held.begun.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
		}
		assertThat(leavingNode().inFlight()).isPositive();
		CompletableFuture<?> drained = this.leaving.drain(Duration.ofSeconds(20)).toCompletableFuture();
		while (leavingNode().state() == NodeState.READY) {
			this.channel.call("Arith.Add", new Args(7, 8), Long.class);
		}
		assertThat(leavingNode().connections()).extracting(ConnectionSnapshot::state)
			.contains(ConnectionState.DRAINING);
		long calls = leavingNode().calls();
		for (int i = 0; i < 100; i++) {
			assertThat(this.channel.call("Arith.Add", new Args(7, 8), Long.class)).isEqualTo(15);
		}
		assertThat(leavingNode().calls()).isEqualTo(calls);
		assertThat(drained).isNotDone();
		assertThat(accepted).noneMatch(CompletableFuture::isDone);
		this.held.release.countDown();
		for (CompletableFuture<Long> call : accepted) {
			assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo(42);
		}
		drained.get(20, TimeUnit.SECONDS);
	}

	/**
	 * Holds its calls until the test lets them go.
	 */
	@RpcService("Held")
	public static class Held {

		final Semaphore begun = new Semaphore(0);

		final CountDownLatch release = new CountDownLatch(1);

		public long hold() throws InterruptedException {
			this.begun.release();
			this.release.await();
			return 42;
		}

	}

}
