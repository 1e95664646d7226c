package io.github.netrpc.benchmarks.reliability;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import io.github.netrpc.benchmarks.peer.ProcessCpu;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcCluster;
import io.github.netrpc.work.RpcJob;

/**
 * What handing items out costs beside the calls themselves, and what it holds in memory.
 * No fault at all.
 */
final class Distribution implements Scenario {

	private static final int NODES = 4;

	private static final int WINDOW = 64;

	private static final double MEBIBYTE = 1 << 20;

	@Override
	public List<String> rows() {
		return List.of("distribution");
	}

	@Override
	public String title() {
		return "empty items at %d nodes".formatted(NODES);
	}

	@Override
	public Outcome run(Workbench bench) throws Exception {
		List<NodeProcess> nodes = bench.startNodes(NODES);
		RpcChannel channel = bench.keep(RpcChannel.builder()
			.name("distribution")
			.target(nodes.stream().map(NodeProcess::address).collect(Collectors.joining(",")))
			.build());
		NothingClient client = channel.proxy(NothingClient.class);
		client.pass(1);
		Workbench.awaitReady(channel, NODES, Duration.ofSeconds(10));
		RpcCluster<NothingClient> cluster = channel.cluster(NothingClient.class);
		int items = bench.times(1_000_000, 100_000);
		int rounds = bench.times(5, 1);
		for (int i = 0; i < bench.times(2, 1); i++) {
			calls(client, items);
			job(cluster, items);
		}
		List<Cost> direct = new ArrayList<>();
		List<Cost> distributed = new ArrayList<>();
		for (int i = 0; i < rounds; i++) {
			direct.add(Cost.of(nodes, items, () -> calls(client, items)));
			distributed.add(Cost.of(nodes, items, () -> job(cluster, items)));
		}
		double[] ratios = new double[rounds];
		Arrays.setAll(ratios, (i) -> distributed.get(i).micros() / direct.get(i).micros());
		double[] own = new double[rounds];
		Arrays.setAll(own, (i) -> distributed.get(i).ownMicros() / direct.get(i).ownMicros());
		long many = bench.times(10_000_000, 500_000);
		double[] heap = heap(cluster, many);
		double middle = (Arrays.stream(heap).max().orElse(0) + Arrays.stream(heap).min().orElse(0)) / 2;
		return new Outcome(
				List.of(Figure
					.atMost("distribution", "CPU of an item by `distributeAsync` ÷ of a call by `callAsync`",
							(long) rounds * items, 2, Latencies.median(ratios), "")
					.explained("the coordinator's alone: " + Figure.number(Latencies.median(own))),
						Figure.atMost("distribution", "heap of the coordinator around its middle, ±", many, 32,
								Arrays.stream(heap).map((used) -> Math.abs(used - middle)).max().orElse(0), " MiB")),
				List.of("an empty method in gob, %d in flight at %d nodes: by a job with %d items for each node, and by calls that are each followed by the next one, in turns; CPU of all processes"
					.formatted(NODES * WINDOW, NODES, WINDOW), "a call: " + Cost.text(direct),
						"an item: " + Cost.text(distributed),
						"heap after a collection, at each tenth of %s items that are made as they are needed: %s MiB"
							.formatted(Figure.count(many), Arrays.stream(heap).mapToObj(Figure::number).toList())));
	}

	private static void job(RpcCluster<NothingClient> cluster, int items) {
		long sum = cluster
			.distributeAsync(LongStream.rangeClosed(1, items).boxed(), (node, item) -> node.passAsync(item))
			.window(WINDOW)
			.start()
			.collect(Collectors.summingLong(Long::longValue));
		check(sum, items);
	}

	private static void calls(NothingClient client, int items) {
		Calls calls = new Calls(client, items);
		for (int i = 0; i < NODES * WINDOW; i++) {
			calls.next();
		}
		check(calls.sum.join(), items);
	}

	private static void check(long sum, long items) {
		if (sum != items * (items + 1) / 2) {
			throw new IllegalStateException("the items 1 to " + items + " add up to " + sum);
		}
	}

	/**
	 * Looks at the heap at each tenth of a job.
	 * @return what was in use, in MiB
	 */
	private static double[] heap(RpcCluster<NothingClient> cluster, long items) {
		double[] used = new double[10];
		RpcJob<Long> job = cluster
			.distributeAsync(LongStream.rangeClosed(1, items).boxed(), (node, item) -> node.passAsync(item))
			.window(WINDOW)
			.start();
		AtomicLong results = new AtomicLong();
		job.forEach((result) -> {
			long number = results.incrementAndGet();
			if (number % (items / used.length) == 0) {
				System.gc();
				used[(int) (number / (items / used.length))
						- 1] = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MEBIBYTE;
			}
		});
		return used;
	}

	/**
	 * Calls that are each followed by the next one.
	 */
	private static final class Calls {

		private final NothingClient client;

		private final long most;

		private final AtomicLong begun = new AtomicLong();

		private final AtomicLong ended = new AtomicLong();

		private final AtomicLong added = new AtomicLong();

		final CompletableFuture<Long> sum = new CompletableFuture<>();

		Calls(NothingClient client, long most) {
			this.client = client;
			this.most = most;
		}

		@SuppressWarnings("FutureReturnValueIgnored") // what depends on the call never
														// throws
		void next() {
			long item = this.begun.incrementAndGet();
			if (item <= this.most) {
				this.client.passAsync(item).whenComplete(this::ended);
			}
		}

		private void ended(Long result, Throwable failure) {
			if (failure != null) {
				this.sum.completeExceptionally(failure);
				return;
			}
			this.added.addAndGet(result);
			if (this.ended.incrementAndGet() == this.most) {
				this.sum.complete(this.added.get());
				return;
			}
			next();
		}

	}

	/**
	 * What a million items cost.
	 *
	 * @param ownMicros CPU of this process for each, in microseconds
	 * @param micros CPU of all processes for each, in microseconds
	 * @param perSecond how many there were in a second
	 */
	private record Cost(double ownMicros, double micros, double perSecond) {

		static Cost of(List<NodeProcess> nodes, int items, Runnable work) {
			long begin = System.nanoTime();
			long own = ProcessCpu.micros();
			long others = others(nodes);
			work.run();
			double ownMicros = (double) (ProcessCpu.micros() - own);
			double seconds = (System.nanoTime() - begin) / 1e9;
			double otherMicros = (double) (others(nodes) - others);
			return new Cost(ownMicros / items, (ownMicros + otherMicros) / items, items / seconds);
		}

		private static long others(List<NodeProcess> nodes) {
			return nodes.stream().mapToLong((node) -> TimeUnit.NANOSECONDS.toMicros(node.cpu().toNanos())).sum();
		}

		static String text(List<Cost> costs) {
			return "median %s µs, of which this process %s µs; %s a second".formatted(
					Figure.number(Latencies.median(costs.stream().mapToDouble(Cost::micros).toArray())),
					Figure.number(Latencies.median(costs.stream().mapToDouble(Cost::ownMicros).toArray())),
					Figure.number(Latencies.median(costs.stream().mapToDouble(Cost::perSecond).toArray())));
		}

	}

}
