package io.github.netrpc.benchmarks.reliability;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import io.github.netrpc.benchmarks.reliability.OpenSamples.Kind;
import io.github.netrpc.benchmarks.reliability.node.Work;
import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.cluster.RpcChannel;

/**
 * R12: one of three nodes takes ten times as long as the others.
 */
final class SlowNode implements Scenario {

	private static final int NODES = 3;

	private static final String SLOW = "slow 10";

	private static final long WORK_MICROS = 10_000;

	private static final double[] RATES = { 300, 1200 };

	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	@Override
	public List<String> rows() {
		return List.of("R12");
	}

	@Override
	public String title() {
		return "one of %d nodes ten times slower".formatted(NODES);
	}

	@Override
	public Outcome run(Workbench bench) throws Exception {
		List<NodeProcess> nodes = bench.startNodes(NODES);
		int rounds = bench.times(5, 1);
		List<Figure> figures = new ArrayList<>();
		List<String> details = new ArrayList<>();
		details
			.add(("open loop; a call works for %d ms, at the slow node for %d ms. In each round the two others alone "
					+ "first, then all three with the slow one among them, from the moment it becomes slow; %d rounds")
				.formatted(WORK_MICROS / 1000, WORK_MICROS / 100, rounds));
		for (double rate : RATES) {
			measure(bench, nodes, rate, rounds, figures, details);
		}
		return new Outcome(figures, details);
	}

	private static void measure(Workbench bench, List<NodeProcess> nodes, double rate, int rounds, List<Figure> figures,
			List<String> details) throws Exception {
		RpcChannel healthy = channel(bench, nodes.subList(0, NODES - 1));
		RpcChannel all = channel(bench, nodes);
		NodeProcess slow = nodes.get(NODES - 1);
		load(bench, healthy, rate, bench.times(4, 1));
		load(bench, all, rate, bench.times(4, 1));
		double[] without = new double[rounds];
		double[] with = new double[rounds];
		double[] ratios = new double[rounds];
		double[] shares = new double[rounds];
		long calls = 0;
		int failed = 0;
		for (int i = 0; i < rounds; i++) {
			without[i] = load(bench, healthy, rate, bench.times(5, 1)).latencies(Kind.ANSWERED).millis(0.99);
			// All three are well, and known to be
			load(bench, all, rate, bench.times(2, 1));
			slow.behave(SLOW);
			long[] before = all.nodes().stream().mapToLong(NodeSnapshot::calls).toArray();
			OpenSamples samples = load(bench, all, rate, bench.times(8, 2));
			long[] after = all.nodes().stream().mapToLong(NodeSnapshot::calls).toArray();
			slow.behave("well");
			with[i] = samples.latencies(Kind.ANSWERED).millis(0.99);
			ratios[i] = with[i] / without[i];
			failed += samples.calls() - samples.count(Kind.ANSWERED);
			long sum = Arrays.stream(after).sum() - Arrays.stream(before).sum();
			shares[i] = 100.0 * (after[NODES - 1] - before[NODES - 1]) / sum;
			calls += sum;
		}
		String load = "%s calls/s".formatted(Figure.number(rate));
		figures.add(Figure.atMost("R12", "share of calls of the slow node, " + load, calls, 12,
				Arrays.stream(shares).max().orElse(100), " %"));
		figures.add(Figure
			.atMost("R12", "p99 of all three ÷ p99 of the two others alone, " + load, calls, 2,
					Latencies.median(ratios), "")
			.explained("%s ms ÷ %s ms".formatted(Figure.number(Latencies.median(with)),
					Figure.number(Latencies.median(without)))));
		details.add("%s: share in each round: %s %%; p99 with the slow node: %s ms; without: %s ms; failed: %d"
			.formatted(load, text(shares), text(with), text(without), failed));
	}

	private static String text(double[] values) {
		return Arrays.stream(values).mapToObj(Figure::number).collect(Collectors.joining(", "));
	}

	private static RpcChannel channel(Workbench bench, List<NodeProcess> nodes) throws InterruptedException {
		RpcChannel channel = bench.keep(RpcChannel.builder()
			.name("slow-node")
			.target(nodes.stream().map(NodeProcess::address).collect(Collectors.joining(",")))
			.timeout(TIMEOUT)
			.build());
		channel.proxy(WorkClient.class).read(new Work.Task(1, 0, 0));
		Workbench.awaitReady(channel, nodes.size(), Duration.ofSeconds(5));
		return channel;
	}

	private static OpenSamples load(Workbench bench, RpcChannel channel, double rate, int seconds)
			throws InterruptedException {
		WorkClient client = channel.proxy(WorkClient.class);
		return OpenLoad.run(
				bench.deadlines()
					.tally("one of %d nodes ten times slower".formatted(NODES))
					.watch(TIMEOUT, (token) -> client.readAsync(new Work.Task(token, WORK_MICROS, 0))),
				rate, Duration.ofSeconds(seconds), TIMEOUT.plusSeconds(1));
	}

}
