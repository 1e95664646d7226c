package io.github.netrpc.benchmarks.reliability;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.netrpc.benchmarks.PeerProcess;
import io.github.netrpc.benchmarks.reliability.OpenSamples.Kind;
import io.github.netrpc.benchmarks.reliability.Workbench.GoNode;
import io.github.netrpc.benchmarks.reliability.node.Work;
import io.github.netrpc.cluster.RpcChannel;

/**
 * R17: a client asks for large replies and reads none of them, while others go on.
 */
final class SlowReader implements Scenario {

	private static final int REPLIES = 500;

	private static final int REPLY_BYTES = 1 << 20;

	private static final long SLOW_HANDLER_MICROS = 20_000;

	private static final double CALLS_PER_SECOND = 1000;

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private static final double MEBIBYTE = 1 << 20;

	@Override
	public List<String> rows() {
		return List.of("R17");
	}

	@Override
	public String title() {
		return "a slow reader, and the others";
	}

	@Override
	public Outcome run(Workbench bench) throws Exception {
		int rounds = bench.times(11, 1);
		Found ours = measureNode(bench, "slow reader", 0, rounds);
		Found slow = measureNode(bench, "slow reader, whose handlers take 20 ms", SLOW_HANDLER_MICROS, rounds);
		String goMissing = bench.goMissing();
		String goGrowth = String.valueOf(goMissing);
		String goRatio = goGrowth;
		List<String> details = new ArrayList<>();
		details.add(
				("%d × 1 MiB asked for on a connection that is never read; others: open loop of %s calls/s on another connection, "
						+ "%d rounds with and without after one that does not count, medians of p99")
					.formatted(REPLIES, Figure.number(CALLS_PER_SECOND), rounds));
		details.add(
				"growth: of the heap in use after a collection, and of all native memory beside the heap but that of the JIT compilers; "
						+ "worst round. Go: of the resident memory");
		details.add("this project: " + ours.text());
		details.add("this project, handlers that work for 20 ms before they reply: " + slow.text());
		if (goMissing == null) {
			GoNode go = bench.startGoNode();
			Found found = measure(bench, go.address(), "slow reader, stock Go node", 0, rounds,
					() -> ProcessFiles.residentBytes(go.process().pid()));
			goGrowth = Figure.number(found.growthMebibytes()) + " MiB";
			goRatio = Figure.number(found.ratio()) + " (" + found.both() + ")";
			details.add("Go: " + found.text());
		}
		return new Outcome(List.of(
				Figure.atMost("R17", "growth of the node's memory", rounds, 32, ours.growthMebibytes(), " MiB")
					.beside(goGrowth),
				others("others' p99 while a reader is stuck ÷ the same without it", ours).beside(goRatio),
				Figure.atMost("R17", "growth of the node's memory, a reader whose handlers take 20 ms", slow.rounds(),
						32, slow.growthMebibytes(), " MiB"),
				others("others' p99 while a reader is stuck ÷ the same without it, a reader whose handlers take 20 ms",
						slow)),
				details);
	}

	private static Figure others(String test, Found found) {
		return Figure.atMost("R17", test, found.calls(), 1.5, found.ratio(), "").explained(found.both());
	}

	private static Found measureNode(Workbench bench, String name, long micros, int rounds) throws Exception {
		try (NodeProcess node = bench.node().jvm("-Xms768m", "-Xmx768m", "-XX:NativeMemoryTracking=summary")) {
			node.start();
			return measure(bench, node.address(), name, micros, rounds, node::memoryBytes);
		}
	}

	private static Found measure(Workbench bench, String address, String name, long micros, int rounds, Memory memory)
			throws Exception {
		RpcChannel channel = bench.keep(RpcChannel.builder().name("others").target(address).timeout(TIMEOUT).build());
		WorkClient client = channel.proxy(WorkClient.class);
		Caller caller = bench.deadlines()
			.tally(name)
			.watch(TIMEOUT, (token) -> client.readAsync(new Work.Task(token, 0, 0)));
		load(caller, bench.times(4, 1));
		double[] without = new double[rounds];
		double[] with = new double[rounds];
		double growth = 0;
		int calls = 0;
		int failed = 0;
		int sent = 0;
		// The first round of a node is about its compilers
		for (int i = -bench.times(1, 0); i < rounds; i++) {
			double quiet = load(caller, 3).latencies(Kind.ANSWERED).millis(0.99);
			long before = memory.bytes();
			PeerProcess reader = bench.startGo("stuckreader", "-address=" + address, "-calls=" + REPLIES,
					"-size=" + REPLY_BYTES, "-micros=" + micros);
			reader.expect("calling", 10);
			OpenSamples samples = load(caller, 4);
			double busy = samples.latencies(Kind.ANSWERED).millis(0.99);
			long grown = memory.bytes() - before;
			boolean all = wasSent(reader);
			reader.close();
			if (i >= 0) {
				without[i] = quiet;
				with[i] = busy;
				calls += samples.calls();
				failed += samples.calls() - samples.count(Kind.ANSWERED);
				growth = Math.max(growth, (double) grown);
				sent += all ? 1 : 0;
			}
			Thread.sleep(300);
		}
		return new Found(growth / MEBIBYTE, Latencies.median(without), Latencies.median(with), calls, failed, sent,
				rounds, each(without, with));
	}

	private static String each(double[] without, double[] with) {
		return IntStream.range(0, with.length)
			.mapToObj((i) -> Figure.number(without[i]) + " and " + Figure.number(with[i]))
			.collect(Collectors.joining(", "));
	}

	private static OpenSamples load(Caller caller, int seconds) throws InterruptedException {
		return OpenLoad.run(caller, CALLS_PER_SECOND, Duration.ofSeconds(seconds), TIMEOUT);
	}

	private static boolean wasSent(PeerProcess reader) throws InterruptedException {
		try {
			reader.expect("sent", 0.1);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Tells how much memory a node holds.
	 */
	@FunctionalInterface
	private interface Memory {

		long bytes() throws IOException, InterruptedException;

	}

	private record Found(double growthMebibytes, double withoutMillis, double withMillis, int calls, int failed,
			int sent, int rounds, String each) {

		double ratio() {
			return this.withMillis / this.withoutMillis;
		}

		String both() {
			return "%s ms ÷ %s ms".formatted(Figure.number(this.withMillis), Figure.number(this.withoutMillis));
		}

		String text() {
			return "growth %s MiB; others' p99 %s ms without, %s ms with (each round: %s), %s of %s calls failed; the reader could send all its calls in %d of %d rounds"
				.formatted(Figure.number(this.growthMebibytes), Figure.number(this.withoutMillis),
						Figure.number(this.withMillis), this.each, Figure.count(this.failed), Figure.count(this.calls),
						this.sent, this.rounds);
		}

	}

}
