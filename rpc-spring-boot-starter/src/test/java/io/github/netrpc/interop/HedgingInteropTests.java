package io.github.netrpc.interop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

import io.github.netrpc.RpcOptions;
import io.github.netrpc.client.HedgingPolicy;
import io.github.netrpc.client.HedgingSnapshot;
import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.client.RetryLimits;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.interop.Types.Args;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Second attempts beside the first among real Go servers, one of which is stopped for a
 * while: nobody waits for it, and what it is told to cancel does it no harm.
 */
@Timeout(120)
@DisabledOnOs(OS.WINDOWS)
class HedgingInteropTests {

	private static final int CALLS = 30;

	private final List<GoServer> servers = new ArrayList<>();

	private RpcChannel channel;

	@BeforeEach
	void start() {
		for (int i = 0; i < 3; i++) {
			this.servers.add(new GoServer());
		}
		RetryLimits retries = RetryLimits.DEFAULT;
		this.channel = RpcChannel.builder()
			.name("stock")
			.target(String.join(",", address(0), address(1), address(2)))
			.loadBalancer("round-robin")
			.idempotent("Arith.Multiply")
			.retryLimits(new RetryLimits(retries.maxAttempts(), retries.backoff(), retries.maxBackoff(), 1, 10))
			.hedging(new HedgingPolicy(0.95, Duration.ofMillis(50), 1, 0.1, 50, Set.of()))
			.build();
	}

	@AfterEach
	void stop() throws Exception {
		if (this.channel != null) {
			this.channel.close();
		}
		for (GoServer server : this.servers) {
			server.wake();
			server.close();
		}
	}

	private String address(int server) {
		return this.servers.get(server).address("gob");
	}

	private CompletableFuture<Long> multiply(long a, RpcOptions options) {
		return this.channel.callAsync("Arith.Multiply", new Args(a, 7), Long.class, options);
	}

	private HedgingSnapshot hedging() {
		return Objects.requireNonNull(this.channel.hedging());
	}

	@Test
	void nobodyWaitsForAGoServerThatIsStopped() {
		await().atMost(Duration.ofSeconds(30)).until(() -> {
			multiply(1, RpcOptions.NONE).join();
			return this.channel.nodes().stream().allMatch((node) -> node.state() == NodeState.READY)
					&& !hedging().waits().isEmpty();
		});
		long before = hedging().won();
		this.servers.get(0).freeze();
		for (int i = 0; i < CALLS; i++) {
			assertThat(multiply(i, RpcOptions.NONE)).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(7L * i);
		}
		assertThat(hedging().won()).isGreaterThan(before);
		this.servers.get(0).wake();
		// It answers what it was asked then, also that it knows of no method that
		// cancels, on the same connection.
		for (int i = 0; i < CALLS; i++) {
			assertThat(multiply(i, RpcOptions.NONE.node(address(0)))).succeedsWithin(Duration.ofSeconds(5))
				.isEqualTo(7L * i);
		}
		NodeSnapshot woken = this.channel.nodes().get(0);
		assertThat(woken.deadConnections()).isZero();
		assertThat(woken.inFlight()).isZero();
	}

}
