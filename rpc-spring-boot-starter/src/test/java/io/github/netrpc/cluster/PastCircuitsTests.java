package io.github.netrpc.cluster;

import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PastCircuits}.
 */
class PastCircuitsTests {

	private final PastCircuits past = new PastCircuits();

	private static NodeEndpoint endpoint(String id, int port) {
		return new NodeEndpoint(id, "host", port, Map.of());
	}

	private static NodeCircuit opened() {
		NodeCircuit circuit = new NodeCircuit(OutlierPolicy.DEFAULT);
		circuit.open(0);
		return circuit;
	}

	@Test
	void circuitIsThatOfTheSameIdAndAddress() {
		NodeCircuit circuit = opened();
		this.past.keep(endpoint("a", 1), circuit, 0);
		assertThat(this.past.take(endpoint("b", 1), 1)).isNull();
		assertThat(this.past.take(endpoint("a", 2), 1)).isNull();
		assertThat(this.past.take(endpoint("a", 1), 1)).isSameAs(circuit);
		assertThat(this.past.take(endpoint("a", 1), 1)).isNull();
	}

	@Test
	void circuitIsForgottenAfterAMinute() {
		this.past.keep(endpoint("a", 1), opened(), 0);
		assertThat(this.past.take(endpoint("a", 1), TimeUnit.MINUTES.toNanos(1))).isNull();
	}

	@Test
	void nodeThatNeverFailedLeavesNothing() {
		this.past.keep(endpoint("a", 1), new NodeCircuit(OutlierPolicy.DEFAULT), 0);
		assertThat(this.past.take(endpoint("a", 1), 1)).isNull();
	}

	@Test
	void aThousandAreRemembered() {
		for (int port = 1; port <= 1_001; port++) {
			this.past.keep(endpoint("a", port), opened(), 0);
		}
		assertThat(this.past.take(endpoint("a", 1), 1)).isNull();
		assertThat(this.past.take(endpoint("a", 2), 1)).isNotNull();
		assertThat(this.past.take(endpoint("a", 1_001), 1)).isNotNull();
	}

}
