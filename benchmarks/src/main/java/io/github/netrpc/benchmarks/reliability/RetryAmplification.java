package io.github.netrpc.benchmarks.reliability;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import io.github.netrpc.benchmarks.reliability.node.Work;
import io.github.netrpc.cluster.RpcChannel;

/**
 * R15: all nodes refuse every call, in a way that allows to repeat it. The nodes count.
 */
final class RetryAmplification implements Scenario {

	private static final int NODES = 3;

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	@Override
	public List<String> rows() {
		return List.of("R15");
	}

	@Override
	public String title() {
		return "retry amplification, all nodes fail";
	}

	@Override
	public Outcome run(Workbench bench) throws Exception {
		int calls = bench.times(10_000, 1000);
		List<NodeProcess> nodes = new ArrayList<>();
		for (int i = 0; i < NODES; i++) {
			NodeProcess node = bench.node().keepTokens();
			node.start();
			nodes.add(node);
		}
		RpcChannel channel = bench.keep(RpcChannel.builder()
			.name("amplification")
			.target(nodes.stream().map(NodeProcess::address).collect(Collectors.joining(",")))
			.timeout(TIMEOUT)
			.build());
		WorkClient client = channel.proxy(WorkClient.class);
		// Room for the calls that begin while the last one does
		CallLedger ledger = new CallLedger(calls + 1000);
		long begin = System.nanoTime();
		ClosedLoad load = ClosedLoad.start(ledger,
				bench.deadlines()
					.tally("all nodes fail")
					.watch(TIMEOUT, (token) -> client.refuseAsync(new Work.Task(token, 0, 0))),
				MixedLoad.IN_FLIGHT, calls);
		load.await(Duration.ofMinutes(3));
		double seconds = (System.nanoTime() - begin) / 1e9;
		int[] runs = new int[calls + 1000];
		for (NodeProcess node : nodes) {
			node.countRuns(runs);
		}
		long attempts = Arrays.stream(runs).sum();
		int most = Arrays.stream(runs).max().orElse(0);
		long succeeded = ledger.calls() - ledger.failures().values().stream().mapToLong(Long::longValue).sum();
		return new Outcome(
				List.of(Figure.atMost("R15", "attempts for each call", ledger.calls(), 1.1,
						attempts / (double) ledger.calls(), ""),
						Figure.atMost("R15", "most attempts of one call", ledger.calls(), 3, most, "")),
				List.of("%d nodes answer each call with UNAVAILABLE, NOT_RUN, so that a repeat is allowed"
					.formatted(NODES),
						"%s calls in %.1f s, %d in flight; the nodes have seen %s attempts; %d calls succeeded, which none should"
							.formatted(Figure.count(ledger.calls()), seconds, MixedLoad.IN_FLIGHT,
									Figure.count(attempts), succeeded),
						"failures: " + ledger.failures()));
	}

}
