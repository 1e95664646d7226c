package io.github.netrpc.demo.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.context.RpcChannelRegistry;
import io.github.netrpc.demo.client.Arith.Args;

/**
 * Calls that go on for a while, so that one of the servers can be killed meanwhile. For
 * servers that are not ours to kill.
 */
@Component
@Order(4)
class SteadyCalls implements Scene {

	private static final int CALLS_A_SECOND = 400;

	private final ArithClient arith;

	private final RpcChannelRegistry channels;

	private final boolean play;

	private final Duration time;

	SteadyCalls(ArithClient arith, RpcChannelRegistry channels, Optional<EmbeddedNodes> embedded,
			@Value("${demo.steady-calls:10s}") Duration time) {
		this.arith = arith;
		this.channels = channels;
		this.play = embedded.isEmpty();
		this.time = time;
	}

	@Override
	public void play() throws InterruptedException {
		if (!this.play || this.time.isZero()) {
			return;
		}
		System.out.printf("%n%d s of calls. Kill a server now, or start one: no call fails while one is there.%n",
				this.time.toSeconds());
		for (int second = 1; second <= this.time.toSeconds(); second++) {
			Callers.Failed failed = aSecondOfCalls();
			System.out.printf("  %3d s: %d calls, %s; nodes: %s%n", second, CALLS_A_SECOND, failed, states());
		}
	}

	private Callers.Failed aSecondOfCalls() throws InterruptedException {
		long pause = 1_000L * Callers.THREADS / CALLS_A_SECOND;
		return Callers.make(CALLS_A_SECOND, (number) -> {
			this.arith.multiply(new Args(number, number));
			sleep(pause);
		});
	}

	private static void sleep(long millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private String states() {
		List<NodeSnapshot> nodes = this.channels.channel("arith").nodes();
		Map<NodeState, Long> states = nodes.stream()
			.collect(Collectors.groupingBy(NodeSnapshot::state, TreeMap::new, Collectors.counting()));
		return states.entrySet()
			.stream()
			.map((state) -> state.getValue() + " " + state.getKey())
			.collect(Collectors.joining(", "));
	}

}
