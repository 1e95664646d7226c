package io.github.netrpc.benchmarks.reliability;

import java.util.List;

import io.github.netrpc.benchmarks.reliability.Workbench.GoNode;

/**
 * Peers that send garbage as fast as they can, and connect again when they are thrown
 * out.
 */
final class GarbageFlood implements Scenario {

	private static final String ROW = "garbage";

	private static final int CONNECTIONS = 100;

	@Override
	public List<String> rows() {
		return List.of(ROW);
	}

	@Override
	public String title() {
		return "garbage as fast as it goes";
	}

	@Override
	public Outcome run(Workbench bench) throws Exception {
		bench.needGo();
		Found ours;
		try (NodeProcess node = bench.node()) {
			node.start();
			ours = measure(bench, node.address(), "garbage");
		}
		GoNode stock = bench.startGoNode();
		Found go = measure(bench, stock.address(), "garbage, stock Go node");
		return new Outcome(
				List.of(Figure
					.atMost(ROW, "others' p99 beside %d connections of garbage ÷ without them".formatted(CONNECTIONS),
							ours.calls(), 2, ours.times().ratio(), "")
					.explained(ours.times().both())
					.beside(Figure.number(go.times().ratio()) + " (" + go.times().both() + ")"),
						Figure.zero(ROW, "others' calls that failed", ours.calls(), ours.failed())
							.beside(Figure.count(go.failed()))),
				List.of("each sends what begins like gob, JSON, CONNECT, GET or nothing and goes on at random, in writes of 64 KiB, "
						+ "and connects again at once when it is closed. The program that does so runs at `nice -n 19`, "
						+ "so that the figure is of what the node does about it, and not of two programs on these processors",
						"this project: " + ours.text(), "Go: " + go.text()));
	}

	private static Found measure(Workbench bench, String address, String fault) throws Exception {
		int rounds = bench.times(5, 1);
		int seconds = bench.times(4, 1);
		BeforeAndDuring times = new BeforeAndDuring();
		Bystander bystander = Bystander.of(bench, fault, address, false);
		bystander.warmUp(bench.times(5, 1));
		long connections = 0;
		long bytes = 0;
		// The first round loads classes
		for (int i = bench.times(-1, 0); i < rounds; i++) {
			double before = bystander.p99(seconds);
			try (Crowd crowd = Crowd.gather(bench, "garbage", address, CONNECTIONS, false)) {
				double during = bystander.p99(seconds);
				Flood flood = crowd.report(Flood.class);
				if (i >= 0) {
					times.before(before);
					times.during(during);
					connections += flood.connections();
					bytes += flood.bytes();
				}
			}
		}
		double length = (double) rounds * seconds;
		return new Found(times, bystander.calls(), bystander.failed(), connections / length,
				bytes / length / (1 << 20));
	}

	/**
	 * What the crowd has done.
	 *
	 * @param connections how many it has opened
	 * @param bytes how many it could send
	 */
	record Flood(long connections, long bytes) {

	}

	private record Found(BeforeAndDuring times, int calls, int failed, double connectionsPerSecond,
			double mebibytesPerSecond) {

		String text() {
			return "%s connections/s, %s MiB/s of garbage; others' p99 %s; %s of %s calls failed".formatted(
					Figure.number(this.connectionsPerSecond), Figure.number(this.mebibytesPerSecond), this.times.each(),
					Figure.count(this.failed), Figure.count(this.calls));
		}

	}

}
