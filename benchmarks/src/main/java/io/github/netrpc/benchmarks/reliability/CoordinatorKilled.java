package io.github.netrpc.benchmarks.reliability;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcException;
import io.github.netrpc.benchmarks.PeerProcess;
import io.github.netrpc.benchmarks.reliability.node.Coordinator;
import io.github.netrpc.benchmarks.reliability.node.CoordinatorNode;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.transport.Transport;

/**
 * R6: nodes that coordinate jobs are killed, or frozen. Several at a time, each with a
 * job and a caller of its own.
 */
final class CoordinatorKilled implements Scenario {

	private static final int WORKERS = 4;

	private static final int WINDOW = 2;

	/** Longer than anybody waits here. */
	private static final Duration WORK = Duration.ofMinutes(5);

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private static final Duration ORPHANS_AFTER = Duration.ofSeconds(11);

	@Override
	public List<String> rows() {
		return List.of("R6");
	}

	@Override
	public String title() {
		return "coordinators killed, and frozen";
	}

	@Override
	public Outcome run(Workbench bench) throws Exception {
		List<NodeProcess> workers = bench.startNodes(WORKERS);
		Transport transport = bench.sharedTransport();
		Tally killed = new Tally();
		Tally frozen = new Tally();
		int batches = bench.times(4, 2);
		for (int i = 0; i < batches; i++) {
			boolean freeze = i % 2 == 1;
			round(bench, bench.times(freeze ? 12 : 13, 2), freeze, workers, transport, freeze ? frozen : killed);
		}
		List<Figure> figures = new ArrayList<>(killed.figures("killed with kill -9"));
		figures.addAll(frozen.figures("frozen with SIGSTOP"));
		return new Outcome(figures, List.of(
				"each coordinator has a job of its own at %d workers, with %d items at each; the caller's call has %d s"
					.formatted(WORKERS, WINDOW, TIMEOUT.toSeconds()),
				"killed with kill -9: " + killed.text(), "frozen with SIGSTOP: " + frozen.text()));
	}

	private static void round(Workbench bench, int count, boolean freeze, List<NodeProcess> workers,
			Transport transport, Tally tally) throws Exception {
		List<Coordination> all = new ArrayList<>();
		String addresses = workers.stream().map(NodeProcess::address).collect(Collectors.joining(","));
		for (int i = 0; i < count; i++) {
			all.add(Coordination.start(bench, addresses, transport));
		}
		for (Coordination each : all) {
			each.begin();
		}
		int items = count * WORKERS * WINDOW;
		int begun = awaitRunning(workers, items, Duration.ofSeconds(20));
		if (begun != items) {
			throw new IOException(begun + " items run (expected: " + items + " within 20 s)");
		}
		for (Coordination each : all) {
			each.end(freeze);
		}
		long ended = System.nanoTime();
		int left = awaitRunning(workers, 0, ORPHANS_AFTER);
		tally.orphans += left;
		tally.dropMillis.add((System.nanoTime() - ended) / 1_000_000);
		for (Coordination each : all) {
			tally.add(each);
			each.close();
		}
		// What is left must not be counted for the next ones.
		for (NodeProcess worker : workers) {
			if (left > 0) {
				worker.kill();
				worker.start();
			}
		}
	}

	/**
	 * Waits until so many items run at all workers together.
	 * @return how many ran at last
	 */
	private static int awaitRunning(List<NodeProcess> workers, int expected, Duration limit)
			throws IOException, InterruptedException {
		long end = System.nanoTime() + limit.toNanos();
		int running;
		do {
			Thread.sleep(20);
			running = 0;
			for (NodeProcess worker : workers) {
				running += worker.running();
			}
		}
		while (running != expected && System.nanoTime() < end);
		return running;
	}

	/**
	 * A coordinator with its job, and who waits for it.
	 */
	private static final class Coordination {

		private final PeerProcess process;

		private final RpcChannel channel;

		private @Nullable CompletableFuture<Long> call;

		private String job = "";

		private volatile long toldNanos;

		private long endedNanos;

		private Coordination(PeerProcess process, RpcChannel channel) {
			this.process = process;
			this.channel = channel;
		}

		static Coordination start(Workbench bench, String workers, Transport transport)
				throws IOException, InterruptedException {
			PeerProcess process = bench.keep(bench.startJava(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1"),
					CoordinatorNode.class, List.of("--workers=" + workers)));
			// One after the other: a busy machine would take too long to start them all
			// at once
			String address = process.expect("address ", bench.startSeconds());
			return new Coordination(process, bench.keep(
					RpcChannel.builder().name("caller").target(address).transport(transport).timeout(TIMEOUT).build()));
		}

		void begin() throws IOException, InterruptedException {
			CompletableFuture<Long> begun = this.channel.proxy(CoordinatorClient.class)
				.sumAsync(new Coordinator.Batch(1, 4 * WORKERS * WINDOW, WORK.toNanos() / 1000, WINDOW));
			this.call = begun.whenComplete((sum, failure) -> this.toldNanos = System.nanoTime());
			this.job = this.process.expect("job ", 20);
		}

		void end(boolean freeze) throws IOException, InterruptedException {
			this.endedNanos = System.nanoTime();
			if (freeze) {
				this.process.signal("STOP");
			}
			else {
				this.process.kill();
			}
		}

		/**
		 * How the call ended.
		 * @return the failure, or null if it has not ended in its time, or with a result
		 */
		@Nullable RpcException failure() throws InterruptedException {
			long left = this.endedNanos + TIMEOUT.toNanos() + TimeUnit.SECONDS.toNanos(1) - System.nanoTime();
			try {
				Objects.requireNonNull(this.call, "not begun").get(Math.max(0, left), TimeUnit.NANOSECONDS);
				return null;
			}
			catch (TimeoutException ex) {
				return null;
			}
			catch (ExecutionException ex) {
				return (ex.getCause() instanceof RpcException failure) ? failure : null;
			}
		}

		void close() throws InterruptedException {
			this.process.kill();
			this.process.close();
			this.channel.close();
		}

	}

	/**
	 * What was found of coordinators that ended in one way.
	 */
	private static final class Tally {

		private int rounds;

		private int hung;

		private int unlabelled;

		private int orphans;

		private final List<Long> toldMillis = new ArrayList<>();

		private final List<Long> dropMillis = new ArrayList<>();

		private String sample = "";

		void add(Coordination each) throws InterruptedException {
			this.rounds++;
			RpcException failure = each.failure();
			if (failure == null) {
				this.hung++;
				return;
			}
			this.toldMillis.add((each.toldNanos - each.endedNanos) / 1_000_000);
			if (failure.known() != Known.MAYBE_RAN || !each.job.equals(failure.callId())) {
				this.unlabelled++;
				this.sample = failure + ", call " + failure.callId() + ", job " + each.job;
			}
		}

		List<Figure> figures(String how) {
			return List.of(Figure.zero("R6", "callers that hung, coordinator " + how, this.rounds, this.hung),
					Figure.zero("R6", "callers not told `MAYBE_RAN` with the id of the job, coordinator " + how,
							this.rounds, this.unlabelled),
					Figure.zero("R6", "items that workers still ran after %d s, coordinator %s"
						.formatted(ORPHANS_AFTER.toSeconds(), how), this.rounds, this.orphans));
		}

		String text() {
			return "callers were told after at most %d ms; workers had dropped the last item after %s ms in each batch%s"
				.formatted(this.toldMillis.stream().mapToLong(Long::longValue).max().orElse(-1), this.dropMillis,
						this.sample.isEmpty() ? "" : "; " + this.sample);
		}

	}

}
