package io.github.netrpc.benchmarks.reliability;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;

import tools.jackson.databind.json.JsonMapper;

import io.github.netrpc.benchmarks.PeerProcess;
import io.github.netrpc.benchmarks.reliability.Workbench.GoNode;
import io.github.netrpc.cluster.RpcChannel;

/**
 * R2: one of several nodes is killed while calls go on.
 */
final class KillFailover implements Scenario {

	private static final int NODES = 3;

	private static final Duration DOWN = Duration.ofMillis(700);

	@Override
	public List<String> rows() {
		return List.of("R2");
	}

	@Override
	public String title() {
		return "one of %d nodes killed with kill -9".formatted(NODES);
	}

	@Override
	public Outcome run(Workbench bench) throws Exception {
		int rounds = bench.times(20, 2);
		List<NodeProcess> nodes = new ArrayList<>();
		for (int i = 0; i < NODES; i++) {
			NodeProcess node = bench.node().keepTokens();
			node.start();
			nodes.add(node);
		}
		MixedLoad load = bench.keep(MixedLoad.start(nodes, bench.deadlines().tally("kill -9")));
		Workbench.awaitReady(load.channel(), NODES, Duration.ofSeconds(5));
		Thread.sleep(2000);
		long[] lastCalls = new long[rounds];
		int slowReturns = 0;
		for (int i = 0; i < rounds; i++) {
			int killed = i % NODES;
			lastCalls[i] = kill(nodes.get(killed), load.channel(), killed);
			nodes.get(killed).start();
			slowReturns += Workbench.awaitReady(load.channel(), NODES, Duration.ofSeconds(5)) ? 0 : 1;
			Thread.sleep(300);
		}
		Audit audit = load.stop();
		Latencies last = new Latencies(lastCalls);
		List<Figure> figures = new ArrayList<>();
		GoFailover go = goRounds(bench, rounds);
		for (Figure figure : load.figures("R2", audit)) {
			figures.add(figures.isEmpty() ? figure.beside(go.failed()) : figure);
		}
		figures.add(Figure.atMost("R2", "last call to the killed node", rounds, 200, last.worstMillis(), " ms")
			.beside(go.last()));
		List<String> details = new ArrayList<>();
		details.add(
				"%d rounds: a node is killed, is away for %d ms, starts again at its port; last call to it after the kill: median %s ms, at most %s ms"
					.formatted(rounds, DOWN.toMillis(), Figure.number(last.millis(0.5)),
							Figure.number(last.worstMillis())));
		details.add("rounds in which the node was not connected 5 s after it listened again: " + slowReturns);
		details.addAll(load.details(audit));
		details.addAll(go.details());
		return new Outcome(figures, details);
	}

	/**
	 * Kills a node.
	 * @return how long after the kill the last call was given to it, in nanoseconds, with
	 * a resolution of about a millisecond
	 */
	private static long kill(NodeProcess node, RpcChannel channel, int index)
			throws InterruptedException, ExecutionException {
		FutureTask<Void> kill = new FutureTask<>(() -> {
			node.kill();
			return null;
		});
		long killed = System.nanoTime();
		new Thread(kill, "killer").start();
		long calls = channel.nodes().get(index).calls();
		long last = killed;
		while (System.nanoTime() - killed < DOWN.toNanos()) {
			Thread.sleep(1);
			long now = channel.nodes().get(index).calls();
			if (now != calls) {
				calls = now;
				last = System.nanoTime();
			}
		}
		kill.get();
		return last - killed;
	}

	private static GoFailover goRounds(Workbench bench, int rounds) throws Exception {
		String missing = bench.goMissing();
		if (missing != null) {
			return new GoFailover(missing, missing, List.of());
		}
		long calls = 0;
		long failed = 0;
		long last = 0;
		for (int i = 0; i < rounds; i++) {
			List<GoNode> nodes = new ArrayList<>();
			for (int n = 0; n < NODES; n++) {
				nodes.add(bench.startGoNode());
			}
			PeerProcess client = bench.startGo("failover",
					"-addresses=" + nodes.stream().map(GoNode::address).collect(Collectors.joining(",")),
					"-inFlight=" + MixedLoad.IN_FLIGHT, "-micros=10000");
			client.expect("calling", 10);
			Thread.sleep(300);
			client.send("mark");
			client.expect("marked", 10);
			nodes.get(i % NODES).process().kill();
			Thread.sleep(DOWN.toMillis());
			client.send("report");
			GoCounts counts = JsonMapper.shared().readValue("{" + client.expect("{", 10), GoCounts.class);
			calls += counts.calls();
			failed += counts.failed();
			last = Math.max(last, counts.lastMillis());
			client.close();
			nodes.forEach((node) -> node.process().close());
		}
		return new GoFailover("%s of %s calls failed".formatted(Figure.count(failed), Figure
			.count(calls)), "%d ms, never stops".formatted(last), List
				.of(("Go: %d rounds of %d ms, one stock `rpc.Client` for each node, used in turns: those pending fail, "
						+ "and from then on every call given to that client, which never reconnects")
					.formatted(rounds, DOWN.toMillis())));
	}

	/**
	 * What the Go program counts in a round.
	 *
	 * @param calls the calls that ended after the mark
	 * @param failed those that failed
	 * @param lastMillis when one that failed was last begun
	 */
	record GoCounts(long calls, long failed, long lastMillis) {

	}

	private record GoFailover(String failed, String last, List<String> details) {

	}

}
