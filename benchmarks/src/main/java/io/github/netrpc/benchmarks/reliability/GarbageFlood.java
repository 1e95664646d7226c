package io.github.netrpc.benchmarks.reliability;

import java.time.Duration;
import java.util.List;

import io.github.netrpc.benchmarks.PeerProcess;
import io.github.netrpc.benchmarks.reliability.Workbench.GoNode;

/**
 * Peers that send garbage as fast as they can, and connect again when they are thrown
 * out.
 */
final class GarbageFlood implements Scenario {

	private static final String ROW = "garbage";

	private static final int CONNECTIONS = 100;

	private static final int WARM_UP_MILLIS = 20_000;

	/** Garbage declares lengths, and Go's reader makes room for them. */
	private static final int GO_GIBIBYTES = 8;

	private static final String ENDED = "; then the node ended, which had %d GiB of address space: it makes room for what garbage declares";

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
		Found oursBeside;
		try (NodeProcess node = bench.node()) {
			node.start();
			warmUp(bench, node);
			ours = apart(bench, node.process(), node.address(), "garbage");
			oursBeside = beside(bench, node.process(), node.address(), "garbage on the same processors");
		}
		Found go = measureGo(bench, "garbage, stock Go node", true);
		Found goBeside = measureGo(bench, "garbage on the same processors, stock Go node", false);
		return new Outcome(
				List.of(Figure
					.atMost(ROW,
							"others' p99 beside %d connections of garbage, sent from another processor, ÷ without them"
								.formatted(CONNECTIONS),
							ours.calls(), 2, ours.times().ratio(), "")
					.explained(ours.times().both())
					.beside(go.besideText()),
						Figure.zero(ROW, "others' calls that failed", ours.calls(), ours.failed())
							.beside(Figure.count(go.failed()))),
				List.of("each sends what begins like gob, JSON, CONNECT, GET or nothing and goes on at random, in writes of 64 KiB, "
						+ "and connects again at once when it is closed. The program that does so has the last processor to itself, "
						+ "node and measured client the others, without it too: the figure is of what the node does about it",
						"this project: " + ours.text(), "Go: " + go.text(),
						"the same with all of them on all processors, which no target is for: "
								+ oursBeside.ratioText(),
						"this project so: " + oursBeside.text(),
						"Go so: " + goBeside.ratioText() + "; " + goBeside.text()));
	}

	/**
	 * Has the node load and compile what it does for such peers: so many connections that
	 * what they begin like matters, with the time it holds each.
	 */
	@SuppressWarnings("try")
	private static void warmUp(Workbench bench, NodeProcess node) throws Exception {
		try (Processors processors = Processors.divide(node.process().pid());
				Crowd crowd = Crowd.gather(bench, processors.strangers(), "garbage", node.address(),
						bench.times(7, 1) * CONNECTIONS, false)) {
			Thread.sleep(bench.times(WARM_UP_MILLIS, 1_000));
		}
	}

	private static Found measureGo(Workbench bench, String fault, boolean apart) throws Exception {
		GoNode node = bench.startBoundedGoNode(GO_GIBIBYTES);
		try (PeerProcess process = node.process()) {
			return apart ? apart(bench, process, node.address(), fault) : beside(bench, process, node.address(), fault);
		}
	}

	private static Found apart(Workbench bench, PeerProcess node, String address, String fault) throws Exception {
		try (Processors processors = Processors.divide(node.pid())) {
			return measure(bench, node, address, fault, bench.times(9, 1), processors.strangers());
		}
	}

	private static Found beside(Workbench bench, PeerProcess node, String address, String fault) throws Exception {
		return measure(bench, node, address, fault, bench.times(3, 1), List.of());
	}

	private static Found measure(Workbench bench, PeerProcess node, String address, String fault, int rounds,
			List<String> place) throws Exception {
		int seconds = bench.times(4, 1);
		BeforeAndDuring times = new BeforeAndDuring();
		Bystander bystander = Bystander.of(bench, fault, address, false);
		bystander.warmUp(bench.times(5, 1));
		long connections = 0;
		long bytes = 0;
		Duration cpu = Duration.ZERO;
		int counted = 0;
		boolean ended = false;
		// The first round loads classes
		for (int i = bench.times(-1, 0); i < rounds; i++) {
			double before = bystander.p99(seconds);
			try (Crowd crowd = Crowd.gather(bench, place, "garbage", address, CONNECTIONS, false)) {
				Duration cpuBefore = ProcessFiles.cpu(node.pid());
				double during = bystander.p99(seconds);
				Duration used = ProcessFiles.cpu(node.pid()).minus(cpuBefore);
				if (!ProcessFiles.isAlive(node.pid())) {
					ended = true;
					break;
				}
				Flood flood = crowd.report(Flood.class);
				if (i >= 0) {
					times.before(before);
					times.during(during);
					connections += flood.connections();
					bytes += flood.bytes();
					cpu = cpu.plus(used);
					counted++;
				}
			}
		}
		double length = (double) Math.max(1, counted) * seconds;
		return new Found(times, ended, bystander.calls(), bystander.failed(), connections / length,
				bytes / length / (1 << 20), cpu.toMillis() / 10.0 / length);
	}

	/**
	 * What the crowd has done.
	 *
	 * @param connections how many it has opened
	 * @param bytes how many it could send
	 */
	record Flood(long connections, long bytes) {

	}

	private record Found(BeforeAndDuring times, boolean ended, int calls, int failed, double connectionsPerSecond,
			double mebibytesPerSecond, double percentOfAProcessor) {

		String besideText() {
			String ratio = this.times.isEmpty() ? ""
					: Figure.number(this.times.ratio()) + " (" + this.times.both() + ")";
			return this.ended ? (ratio.isEmpty() ? "" : ratio + "; ") + "then out of memory" : ratio;
		}

		String ratioText() {
			if (this.times.isEmpty()) {
				return "the node ended in the first round";
			}
			return "p99 %s times as long (%s)".formatted(Figure.number(this.times.ratio()), this.times.both());
		}

		String text() {
			return "%s connections/s, %s MiB/s of garbage, of which the node's buffers in the system take some; the node used %s %% of a processor, others' calls included; others' p99 %s; %s of %s calls failed%s"
				.formatted(Figure.number(this.connectionsPerSecond), Figure.number(this.mebibytesPerSecond),
						Figure.number(this.percentOfAProcessor), this.times.each(), Figure.count(this.failed),
						Figure.count(this.calls), this.ended ? ENDED.formatted(GO_GIBIBYTES) : "");
		}

	}

}
