package io.github.netrpc.observation;

import java.util.Objects;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import io.github.netrpc.server.CloseReason;
import io.github.netrpc.server.RefusalReason;

import static org.assertj.core.api.Assertions.assertThat;

class ServerGaugesTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final ServerGauges gauges = new ServerGauges(() -> null);

	@Test
	void everyGaugeIsZeroWhileNoServerRuns() {
		this.gauges.bindTo(this.registry);
		for (String name : new String[] { "connections", "in.flight", "queued", "async", "unsent", "arguments",
				"abandoned", "hung" }) {
			assertThat(this.registry.get("rpc.server." + name).gauge().value()).as(name).isZero();
		}
	}

	@Test
	void everyReasonHasACounter() {
		this.gauges.bindTo(this.registry);
		assertThat(this.registry.get("rpc.server.refused").functionCounters()).hasSize(RefusalReason.values().length)
			.extracting((counter) -> Objects.requireNonNull(counter.getId().getTag("reason")))
			.contains("queue-full", "waited-too-long", "shutdown", "cancelled");
		assertThat(this.registry.get("rpc.server.connections.closed").functionCounters())
			.hasSize(CloseReason.values().length)
			.extracting((counter) -> Objects.requireNonNull(counter.getId().getTag("reason")))
			.contains("unknown-protocol", "limit", "request-timeout", "tls-timeout");
		assertThat(this.registry.get("rpc.server.accept.failures").functionCounter().count()).isZero();
	}

}
