package io.github.netrpc.benchmarks.reliability;

import java.util.ArrayList;
import java.util.List;

/**
 * R1: nodes are stopped gently and started again, one after the other, while calls go on.
 */
final class RollingRestart implements Scenario {

	private static final int NODES = 3;

	/** From the start of a node to the end of the next one: what a rollout waits. */
	private static final long PAUSE_MILLIS = 300;

	@Override
	public List<String> rows() {
		return List.of("R1");
	}

	@Override
	public String title() {
		return "rolling restart under load";
	}

	@Override
	public Outcome run(Workbench bench) throws Exception {
		int restarts = bench.times(30, 3);
		long calls = bench.times(200_000, 10_000);
		List<NodeProcess> nodes = new ArrayList<>();
		for (int i = 0; i < NODES; i++) {
			NodeProcess node = bench.node().keepTokens();
			node.start();
			nodes.add(node);
		}
		MixedLoad load = bench.keep(MixedLoad.start(nodes, bench.deadlines().tally("rolling restart")));
		Thread.sleep(2000);
		long cut = 0;
		long[] drains = new long[restarts];
		long begin = System.nanoTime();
		for (int i = 0; i < restarts; i++) {
			NodeProcess node = nodes.get(i % NODES);
			long asked = System.nanoTime();
			cut += node.drain();
			drains[i] = System.nanoTime() - asked;
			node.start();
			Thread.sleep(PAUSE_MILLIS);
		}
		double seconds = (System.nanoTime() - begin) / 1e9;
		long during = load.ledger().calls();
		while (load.ledger().calls() < calls) {
			Thread.sleep(100);
		}
		Audit audit = load.stop();
		List<Figure> figures = new ArrayList<>(load.figures("R1", audit));
		figures.add(Figure.atLeast("R1", "calls while %d nodes were restarted %d times".formatted(NODES, restarts),
				restarts, (double) calls, (double) load.ledger().calls(), ""));
		List<String> details = new ArrayList<>();
		details.add(
				"%d nodes, %d restarts by SIGTERM in %.1f s, each %d ms after the node before listened; about %s calls meanwhile"
					.formatted(NODES, restarts, seconds, PAUSE_MILLIS, Figure.count(during)));
		Latencies drain = new Latencies(drains);
		details
			.add("from SIGTERM to the end of the process: median %s ms, at most %s ms; calls cut at the drain limit: %d"
				.formatted(Figure.number(drain.millis(0.5)), Figure.number(drain.worstMillis()), cut));
		details.addAll(load.details(audit));
		return new Outcome(figures, details);
	}

}
