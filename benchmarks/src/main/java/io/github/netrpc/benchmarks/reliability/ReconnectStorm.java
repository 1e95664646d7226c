package io.github.netrpc.benchmarks.reliability;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.github.netrpc.benchmarks.reliability.node.Work;
import io.github.netrpc.client.ClientTimer;
import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.transport.Transport;

/**
 * R18: a node with many clients is away for a while, and they come back.
 */
final class ReconnectStorm implements Scenario {

	private static final int WARM_UP = 200;

	private static final String ADDRESS = "127.0.7.1";

	private static final Duration BACK_LIMIT = Duration.ofSeconds(10);

	private static final Duration WINDOW = Duration.ofMillis(100);

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	@Override
	public List<String> rows() {
		return List.of("R18");
	}

	@Override
	public String title() {
		return "reconnect storm";
	}

	@Override
	public Outcome run(Workbench bench) throws Exception {
		int clients = bench.times(2000, 200);
		int rounds = bench.times(4, 1);
		Duration away = Duration.ofSeconds(bench.times(10, 3));
		// Not 127.0.0.1: an attempt from there to a port without a listener may meet
		// itself
		NodeProcess node = bench.node("--address=" + ADDRESS, "--warm-up=" + WARM_UP).jvm("-Xms256m", "-Xmx256m");
		node.start();
		List<RpcChannel> channels = open(bench, node, clients);
		List<Returns> all = new ArrayList<>();
		for (int i = 0; i < rounds; i++) {
			callAll(bench, channels);
			// Connections that have lived for a while, whose loss says nothing
			Thread.sleep(1500);
			all.add(round(node, channels, away));
		}
		callAll(bench, channels);
		long n = (long) clients * rounds;
		double worstBack = all.stream().mapToDouble(Returns::lastSeconds).max().orElseThrow();
		double busiest = Latencies.median(all.stream().mapToDouble((each) -> each.busiestShare(WINDOW)).toArray());
		List<Figure> figures = List.of(
				Figure.zero("R18",
						"clients not back %d s after the node listens again".formatted(BACK_LIMIT.toSeconds()), n,
						all.stream().mapToLong((each) -> each.laterThan(BACK_LIMIT)).sum()),
				Figure.atMost("R18", "last client back after", n, (double) BACK_LIMIT.toSeconds(), worstBack, " s"),
				Figure.atMost("R18", "busiest 100 ms, of the reconnects of a round, median of the rounds", n, 5,
						busiest * 100, " %"));
		List<String> details = new ArrayList<>();
		details
			.add(("%s channels in one process, with one connection each, share I/O threads, timer and callback threads; "
					+ "the node is killed with kill -9 and listens again %d s later, with its classes loaded; no calls meanwhile; %d rounds")
				.formatted(Figure.count(clients), away.toSeconds(), rounds));
		details
			.add("counted from the moment the node says that it listens; the busiest 100 ms may begin at any moment");
		all.forEach((each) -> details.add(each.text()));
		return new Outcome(figures, details);
	}

	private static List<RpcChannel> open(Workbench bench, NodeProcess node, int clients) {
		Transport transport = bench.sharedTransport();
		ClientTimer timer = bench.keep(ClientTimer.create("reliability-timer"));
		ExecutorService callbacks = Executors.newFixedThreadPool(2);
		bench.keep((AutoCloseable) callbacks::shutdownNow);
		List<RpcChannel> channels = new ArrayList<>();
		for (int i = 0; i < clients; i++) {
			channels.add(bench.keep(RpcChannel.builder()
				.name("storm")
				.target(ADDRESS + ":" + node.port())
				.timeout(TIMEOUT)
				.transport(transport)
				.timer(timer)
				.callbackExecutor(callbacks)
				.build()));
		}
		return channels;
	}

	private static void callAll(Workbench bench, List<RpcChannel> channels) throws Exception {
		DeadlineLedger.Tally tally = bench.deadlines().tally("reconnect storm");
		List<CompletableFuture<Work.Done>> calls = new ArrayList<>();
		for (RpcChannel channel : channels) {
			WorkClient client = channel.proxy(WorkClient.class);
			calls.add(tally.watch(TIMEOUT, (token) -> client.readAsync(new Work.Task(token, 0, 0))).call(1));
		}
		for (CompletableFuture<Work.Done> call : calls) {
			call.get(TIMEOUT.toSeconds() + 5, TimeUnit.SECONDS);
		}
	}

	private static Returns round(NodeProcess node, List<RpcChannel> channels, Duration away) throws Exception {
		long killed = System.nanoTime();
		node.kill();
		node.prepare();
		Thread.sleep(Math.max(0, away.toMillis() - Duration.ofNanos(System.nanoTime() - killed).toMillis() + 1));
		node.listen();
		Instant listens = Instant.now();
		double awaySeconds = (System.nanoTime() - killed) / 1e9;
		Instant end = listens.plus(BACK_LIMIT).plusSeconds(20);
		List<Duration> times = new ArrayList<>();
		List<RpcChannel> left = new ArrayList<>(channels);
		while (!left.isEmpty() && Instant.now().isBefore(end)) {
			left.removeIf((channel) -> {
				NodeSnapshot snapshot = channel.nodes().get(0);
				if (snapshot.state() != NodeState.READY) {
					return false;
				}
				times.add(Duration.between(listens, snapshot.since()));
				return true;
			});
			Thread.sleep(200);
		}
		return new Returns(times.stream().mapToLong(Duration::toNanos).sorted().toArray(), left.size(), awaySeconds);
	}

	/**
	 * When the clients of a node were back.
	 *
	 * @param sortedNanos how long after the node listened again each was connected, in
	 * nanoseconds
	 * @param missing how many were not
	 * @param awaySeconds how long the node was away
	 */
	// Nobody compares them
	@SuppressWarnings("ArrayRecordComponent")
	record Returns(long[] sortedNanos, int missing, double awaySeconds) {

		int clients() {
			return this.sortedNanos.length + this.missing;
		}

		double lastSeconds() {
			return (this.missing > 0 || this.sortedNanos.length == 0) ? Double.POSITIVE_INFINITY
					: this.sortedNanos[this.sortedNanos.length - 1] / 1e9;
		}

		long laterThan(Duration limit) {
			return this.missing + Arrays.stream(this.sortedNanos).filter((each) -> each > limit.toNanos()).count();
		}

		/**
		 * The part of all clients that came back within one window, wherever it begins.
		 */
		double busiestShare(Duration window) {
			int begin = busiest(window);
			int end = begin;
			while (end < this.sortedNanos.length
					&& this.sortedNanos[end] - this.sortedNanos[begin] < window.toNanos()) {
				end++;
			}
			return (end - begin) / (double) clients();
		}

		/**
		 * Which client is the first one of the busiest window.
		 */
		private int busiest(Duration window) {
			int most = 0;
			int busiest = 0;
			int first = 0;
			for (int i = 0; i < this.sortedNanos.length; i++) {
				while (this.sortedNanos[i] - this.sortedNanos[first] >= window.toNanos()) {
					first++;
				}
				if (i - first + 1 > most) {
					most = i - first + 1;
					busiest = first;
				}
			}
			return busiest;
		}

		String text() {
			Latencies times = new Latencies(this.sortedNanos);
			return "away for %s s: half of %s clients back after %s s, 99 %% after %s s, the last after %s s; busiest 100 ms %s %%, from %s s on; %d not back at all"
				.formatted(Figure.number(this.awaySeconds), Figure.count(clients()),
						Figure.number(times.millis(0.5) / 1000), Figure.number(times.millis(0.99) / 1000),
						Figure.number(times.worstMillis() / 1000), Figure.number(busiestShare(WINDOW) * 100),
						Figure.number(this.sortedNanos[busiest(WINDOW)] / 1e9), this.missing);
		}

	}

}
