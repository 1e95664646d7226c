package io.github.netrpc.benchmarks.reliability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

import io.netty.buffer.ByteBufUtil;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import org.jspecify.annotations.Nullable;

import io.github.netrpc.benchmarks.reliability.node.LoopWatch;
import io.github.netrpc.benchmarks.reliability.node.LoopWatch.Seen;
import io.github.netrpc.benchmarks.reliability.node.ProcessMemory;
import io.github.netrpc.benchmarks.reliability.node.WarmUp;

/**
 * R19: one fault after the other for a long time, and whether anything is left of them.
 */
final class Soak implements Scenario {

	private static final int NODES = 4;

	/** Few enough that an hour of calls fits into the ledger. */
	private static final int IN_FLIGHT = 8;

	/** What a node does first of all is to load classes, also on its I/O threads. */
	private static final int WARM_UP = 10;

	private static final double MEBIBYTE = 1 << 20;

	private static final Duration BETWEEN = Duration.ofSeconds(5);

	@Override
	public List<String> rows() {
		return List.of("R19");
	}

	@Override
	public String title() {
		return "soak";
	}

	@Override
	public Duration limit(ReliabilityOptions options) {
		return options.soak().plus(Duration.ofMinutes(5));
	}

	@Override
	public Outcome run(Workbench bench) throws Exception {
		LongAdder leaks = new LongAdder();
		Level level = ResourceLeakDetector.getLevel();
		ResourceLeakDetector.setLevel(Level.PARANOID);
		ByteBufUtil.setLeakListener((resource, records) -> leaks.increment());
		try {
			return new Run(bench, leaks).measure();
		}
		finally {
			ByteBufUtil.setLeakListener(null);
			ResourceLeakDetector.setLevel(level);
		}
	}

	/**
	 * One soak.
	 */
	private static final class Run {

		private final Workbench bench;

		private final LongAdder clientLeaks;

		private final List<NodeProcess> nodes = new ArrayList<>();

		private final LoopWatch clientLoops = new LoopWatch();

		private final long ownPid = ProcessHandle.current().pid();

		private final HeapTrend clientHeap = new HeapTrend();

		private final HeapTrend nodeHeap = new HeapTrend();

		private Seen killed = new Seen(0, 0, 0);

		Run(Workbench bench, LongAdder clientLeaks) throws IOException, InterruptedException {
			this.bench = bench;
			this.clientLeaks = clientLeaks;
			for (int i = 0; i < NODES; i++) {
				NodeProcess node = bench.node("--address=127.0.8." + (i + 1), "--watch=loops", "--warm-up=" + WARM_UP)
					.jvm("-Xms64m", "-Xmx64m", "-Dio.netty.leakDetection.level=paranoid")
					.keepTokens();
				node.start();
				this.nodes.add(node);
			}
		}

		/** The node that is never killed. */
		private NodeProcess survivor() {
			return this.nodes.get(0);
		}

		Outcome measure() throws Exception {
			Duration length = this.bench.options().soak();
			String missing = BlackHoles.missing(this.bench.options());
			SoakFault faults = new SoakFault(this.nodes, this::beforeKill,
					(missing != null) ? null : this.bench.keep(BlackHoles.open(this.bench.options())));
			WarmUp.run(WARM_UP);
			DeadlineLedger.Tally tally = this.bench.deadlines().tally("soak");
			MixedLoad load = this.bench.keep(MixedLoad.start(this.nodes, tally, IN_FLIGHT,
					this.bench.keep(this.clientLoops.watch("soak-", true))));
			Workbench.awaitReady(load.channel(), NODES, Duration.ofSeconds(10));
			Levels base = settle(Levels.NONE);
			long begin = System.nanoTime();
			int count = 0;
			while (System.nanoTime() - begin < length.toNanos()) {
				long next = begin + (count + 1) * between().toNanos();
				faults.strike(count++);
				sample(System.nanoTime() - begin);
				Thread.sleep(Math.max(0, (next - System.nanoTime()) / 1_000_000));
			}
			double minutes = (System.nanoTime() - begin) / 60e9;
			Levels end = settle(base);
			Audit audit = load.stop();
			return outcome(new Found(load, tally, audit, base, end, loops(), leaks()), faults, count, minutes, missing);
		}

		private Duration between() {
			return this.bench.options().quick() ? Duration.ofSeconds(2) : BETWEEN;
		}

		/** What a watch has seen ends with its process. */
		private void beforeKill(NodeProcess node) throws IOException, InterruptedException {
			this.killed = this.killed.and(node.loops());
		}

		private Seen loops() throws IOException, InterruptedException {
			Seen seen = this.killed.and(Seen.parse(this.clientLoops.text()));
			for (NodeProcess node : this.nodes) {
				seen = seen.and(node.loops());
			}
			return seen;
		}

		private long leaks() throws IOException {
			long reports = this.clientLeaks.sum();
			for (NodeProcess node : this.nodes) {
				for (Path log : node.logs()) {
					try (Stream<String> lines = Files.lines(log)) {
						reports += lines.filter((line) -> line.contains("LEAK:")).count();
					}
				}
			}
			return reports;
		}

		private void sample(long nanos) throws IOException, InterruptedException {
			this.nodeHeap.add(nanos, survivor().heapBytes());
			this.clientHeap.add(nanos, ProcessMemory.heapBytes());
		}

		/**
		 * The sockets and threads under the load alone: the most of some seconds, when
		 * the threads of the start have ended, or the first that are not more than those
		 * of before. Idle threads need half a minute for their end.
		 */
		private Levels settle(Levels base) throws IOException, InterruptedException {
			boolean first = base.equals(Levels.NONE);
			int notYet = first ? this.bench.times(30, 0) : 0;
			int looks = first ? notYet + this.bench.times(15, 2) : this.bench.times(60, 3);
			Levels seen = Levels.NONE;
			for (int i = 0; i < looks; i++) {
				Thread.sleep(1000);
				Levels now = new Levels(ProcessFiles.descriptors(survivor().process().pid()), survivor().threads(),
						ProcessFiles.descriptors(this.ownPid), Thread.activeCount());
				seen = !first ? now : (i < notYet) ? Levels.NONE : seen.orMore(now);
				if (!first && now.isWithin(base)) {
					return now;
				}
			}
			return seen;
		}

		private Outcome outcome(Found found, SoakFault faults, int count, double minutes, @Nullable String missing) {
			Audit audit = found.audit();
			long calls = audit.idempotent() + audit.others();
			long wrong = found.load().ledger().mixedUp() + audit.wrongLabels() + audit.doubleRuns();
			List<Figure> figures = List.of(Figure.zero("R19",
					"replies that went to another call, runs that must not be, labels that are not true", calls, wrong),
					Figure.zero("R19", "calls that were answered without a run", calls, audit.lostRuns()),
					Figure.zero("R19", "calls that hang, or ended more than 100 ms late", calls, found.tally().late()),
					growth("heap of the client, growth in 10 minutes", this.clientHeap),
					growth("heap of the node that is never killed, growth in 10 minutes", this.nodeHeap),
					Figure
						.zero("R19", "sockets and threads more than before, client and that node", count,
								found.end().beyond(found.base()))
						.explained(found.end().text()),
					Figure.zero("R19", "reports of leaked buffers (paranoid), client and nodes", calls, found.leaks()),
					Figure.zero("R19", "I/O threads blocked for more than 50 ms, client and nodes", calls,
							found.loops().blocked()));
			List<String> details = new ArrayList<>();
			details.add(
					"%d nodes, %s minutes, a fault each %d s (%d in all: %s), in turns and at another node each time; one node is never killed%s"
						.formatted(NODES, Figure.number(minutes), between().toSeconds(), count, faults.counts(),
								(missing != null) ? "; no cuts and no black holes: " + missing : ""));
			details.add(
					"heap: in use after a collection with each fault, medians of the second and the last quarter of the time: client %s; node %s"
						.formatted(this.clientHeap.text(), this.nodeHeap.text()));
			details
				.add("under the load alone before: %s; after: %s".formatted(found.base().text(), found.end().text()));
			details.add(
					("nodes load their classes before they listen, and so does the client. I/O threads are given a task each 10 ms: the longest wait was %d ms; %d times one got no processor "
							+ "for 50 ms, which counts for the machine. Pauses of a whole process do not count")
						.formatted(found.loops().worstMillis(), found.loops().starved()));
			details.addAll(found.load().details(audit, IN_FLIGHT));
			return new Outcome(figures, details);
		}

		private static Figure growth(String test, HeapTrend trend) {
			return Figure.atMost("R19", test, trend.samples(), 1, trend.bytesInTenMinutes() / MEBIBYTE, " MiB");
		}

	}

	private record Found(MixedLoad load, DeadlineLedger.Tally tally, Audit audit, Levels base, Levels end, Seen loops,
			long leaks) {

	}

	/**
	 * How much is open in the node that is never killed, and in this process.
	 */
	private record Levels(int nodeDescriptors, int nodeThreads, int ownDescriptors, int ownThreads) {

		static final Levels NONE = new Levels(0, 0, 0, 0);

		Levels orMore(Levels other) {
			return new Levels(Math.max(this.nodeDescriptors, other.nodeDescriptors),
					Math.max(this.nodeThreads, other.nodeThreads), Math.max(this.ownDescriptors, other.ownDescriptors),
					Math.max(this.ownThreads, other.ownThreads));
		}

		int beyond(Levels base) {
			return Math.max(0, this.nodeDescriptors - base.nodeDescriptors)
					+ Math.max(0, this.nodeThreads - base.nodeThreads)
					+ Math.max(0, this.ownDescriptors - base.ownDescriptors)
					+ Math.max(0, this.ownThreads - base.ownThreads);
		}

		boolean isWithin(Levels base) {
			return beyond(base) == 0;
		}

		String text() {
			return "node %d sockets and the like, %d threads; client %d and %d".formatted(this.nodeDescriptors,
					this.nodeThreads, this.ownDescriptors, this.ownThreads);
		}

	}

}
