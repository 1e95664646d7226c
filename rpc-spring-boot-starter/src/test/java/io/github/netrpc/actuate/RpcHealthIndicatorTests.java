package io.github.netrpc.actuate;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.context.RpcChannelRegistry;
import io.github.netrpc.context.RpcServerLifecycle;

import static org.assertj.core.api.Assertions.assertThat;

class RpcHealthIndicatorTests {

	@Test
	void channelIsDownIfEveryNodeIsInFailure() {
		assertThat(status(NodeState.TRANSIENT_FAILURE, NodeState.TRANSIENT_FAILURE)).isEqualTo(Status.DOWN);
	}

	@Test
	void channelIsUpIfOneNodeIsConnected() {
		assertThat(status(NodeState.TRANSIENT_FAILURE, NodeState.READY)).isEqualTo(Status.UP);
	}

	@Test
	void channelThatNobodyCalledIsUp() {
		assertThat(status(NodeState.IDLE)).isEqualTo(Status.UP);
	}

	@Test
	void failedNodeThatIsTriedAgainIsStillInFailure() {
		NodeSnapshot retrying = NodeSnapshot.of("a:1", NodeState.CONNECTING, Instant.EPOCH, "refused");
		assertThat(RpcHealthIndicator.statusOf(List.of(retrying))).isEqualTo(Status.DOWN);
		assertThat(status(NodeState.CONNECTING)).isEqualTo(Status.UP);
	}

	@Test
	void stoppedServerIsOutOfService() {
		RpcServerLifecycle stopped = new RpcServerLifecycle(() -> null, List.of(), (event) -> {
		});
		Health health = new RpcHealthIndicator(stopped, null).health();
		assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
		assertThat(health.getDetails()).containsEntry("server", "stopped");
	}

	@Test
	void idleChannelIsDescribed() {
		RpcChannelRegistry channels = new RpcChannelRegistry(
				(name) -> RpcChannel.builder().name(name).codec("json").target("localhost:1,localhost:2").build());
		try {
			channels.channel("arith");
			Health health = new RpcHealthIndicator(null, channels).health();
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails().get("channels")).hasToString("{arith=2 IDLE}");
		}
		finally {
			channels.destroy();
		}
	}

	private static Status status(NodeState... states) {
		return RpcHealthIndicator.statusOf(
				Arrays.stream(states).map((state) -> NodeSnapshot.of("a:1", state, Instant.EPOCH, null)).toList());
	}

}
