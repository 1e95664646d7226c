package io.github.netrpc.observation;

import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import io.github.netrpc.cluster.ClusterRecorder.Operation;
import io.github.netrpc.cluster.ClusterRecorder.Outcome;

import static org.assertj.core.api.Assertions.assertThat;

class ClusterTimersTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final ClusterTimers timers = new ClusterTimers(this.registry);

	@Test
	void operationsAreTimedByChannelKindAndOutcome() {
		this.timers.record("arith", Operation.ON_NODE, Outcome.SUCCESS, 2_000_000);
		this.timers.record("arith", Operation.BROADCAST, Outcome.PARTIAL, 5_000_000);
		this.timers.record("arith", Operation.BROADCAST, Outcome.PARTIAL, 7_000_000);
		assertThat(this.registry.getMeters()).hasSize(2);
		assertThat(this.registry.get("rpc.cluster.operations")
			.tags("channel", "arith", "operation", "on-node", "outcome", "SUCCESS")
			.timer()
			.count()).isEqualTo(1);
		assertThat(this.registry.get("rpc.cluster.operations")
			.tags("channel", "arith", "operation", "broadcast", "outcome", "PARTIAL")
			.timer()
			.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(12);
	}

}
