package io.github.netrpc.benchmarks.reliability;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.benchmarks.PeerProcess;
import io.github.netrpc.benchmarks.reliability.Workbench.GoNode;

/**
 * R16: many clients have called once and say nothing more.
 */
final class IdleConnections implements Scenario {

	/** Beyond those that are counted there is that of the bystander. */
	private static final int ROOM = 100;

	/** So long the compilers of node and client are busy with what has just been new. */
	private static final int WARM_UP_SECONDS = 8;

	/** While they are measured they do nothing, and need no processor to themselves. */
	private static final List<String> ANYWHERE = List.of();

	@Override
	public List<String> rows() {
		return List.of("R16");
	}

	@Override
	public String title() {
		return "idle connections";
	}

	@Override
	public Duration limit(ReliabilityOptions options) {
		return Duration.ofMinutes(12);
	}

	@Override
	public Outcome run(Workbench bench) throws Exception {
		bench.needGo();
		int connections = bench.times(10_000, 100);
		List<Figure> figures = new ArrayList<>();
		List<String> details = new ArrayList<>();
		details
			.add(("%s stock Go clients with a connection and one call each; beside them an open loop of %s calls/s on "
					+ "another connection, medians of p99 of %d rounds with them, and of as many before and after them, each time after %d s that do not count")
				.formatted(Figure.count(connections), Figure.number(Bystander.CALLS_PER_SECOND), rounds(bench),
						bench.times(WARM_UP_SECONDS, 1)));
		details
			.add(("heap: in use after a collection. Resident memory: that, and what is resident more than before, pages of files left out; all pages of the node's "
					+ "heap are from its start (`-Xms512m -Xmx512m -XX:+AlwaysPreTouch`). Go's is what the system says after "
					+ "`debug.FreeOSMemory`, its heap with the stacks. Before means a node that has had %d connections at most")
				.formatted(few(connections)));
		measure(bench, connections, null, new Bounds(6, 14), figures, details);
		measure(bench, connections, bench.tlsKeys(), new Bounds(12, 20), figures, details);
		return new Outcome(figures, details);
	}

	private static int rounds(Workbench bench) {
		return bench.times(5, 1);
	}

	private static void measure(Workbench bench, int connections, @Nullable Path keys, Bounds bounds,
			List<Figure> figures, List<String> details) throws Exception {
		String with = (keys != null) ? ", TLS" : "";
		Found ours = measureOurs(bench, connections, keys);
		Found go = measureGo(bench, connections, keys != null);
		figures.add(Figure
			.atMost("R16", "heap for each idle connection" + with, connections, bounds.heap(), ours.heap(), " KiB")
			.beside(kibibytes(go.heap())));
		figures.add(
				Figure
					.atMost("R16", "resident memory for each idle connection" + with, connections, bounds.resident(),
							ours.resident(), " KiB")
					.beside(kibibytes(go.resident())));
		figures.add(Figure
			.atMost("R16", "active client's p99 beside them ÷ without them" + with, ours.calls(), 1.2,
					ours.times().ratio(), "")
			.explained(ours.times().both())
			.beside(Figure.number(go.times().ratio()) + " (" + go.times().both() + ")"));
		figures.add(Figure.zero("R16", "active client's calls that failed" + with, ours.calls(), ours.failed())
			.beside(Figure.count(go.failed())));
		details.add("this project%s: %s".formatted(with, ours.text()));
		details.add("Go%s: %s".formatted(with, go.text()));
	}

	private static String kibibytes(double number) {
		return Figure.number(number) + " KiB";
	}

	private static Found measureOurs(Workbench bench, int connections, @Nullable Path keys) throws Exception {
		List<String> arguments = new ArrayList<>(List.of("--max-connections=" + (connections + ROOM)));
		if (keys != null) {
			arguments.add("--tls=" + keys);
		}
		try (NodeProcess node = bench.node(arguments.toArray(String[]::new)).fixedHeap("512m")) {
			node.start();
			return measure(bench, connections, node.address(), node.process(), keys != null, () -> HeldMemory.of(node),
					"idle");
		}
	}

	private static Found measureGo(Workbench bench, int connections, boolean tls) throws Exception {
		GoNode go = tls ? bench.startGoNode("-tls") : bench.startGoNode();
		try (PeerProcess process = go.process()) {
			return measure(bench, connections, go.address(), process, tls, () -> HeldMemory.ofGo(process),
					"idle, stock Go node");
		}
	}

	private static Found measure(Workbench bench, int connections, String address, PeerProcess node, boolean tls,
			Memory memory, String fault) throws Exception {
		BeforeAndDuring times = new BeforeAndDuring();
		Bystander bystander = Bystander.of(bench, fault, address, tls);
		Crowd.warmUp(bench, ANYWHERE, address, few(connections), tls);
		bystander.warmUp(bench.times(2 * WARM_UP_SECONDS, 1));
		withoutThem(bench, bystander, times, node);
		HeldMemory before = memory.now();
		Crowd crowd = Crowd.gather(bench, ANYWHERE, "idle", address, connections, tls);
		Thread.sleep(1000);
		HeldMemory after = memory.now();
		int open = ProcessFiles.descriptors(node.pid());
		bystander.warmUp(bench.times(WARM_UP_SECONDS, 1));
		for (int i = 0; i < rounds(bench); i++) {
			times.during(bystander.p99(bench.times(3, 1)));
		}
		crowd.close();
		withoutThem(bench, bystander, times, node);
		return new Found(after.heapEach(before, connections), after.residentEach(before, connections), times,
				bystander.calls(), bystander.failed(), open);
	}

	private static void withoutThem(Workbench bench, Bystander bystander, BeforeAndDuring times, PeerProcess node)
			throws IOException, InterruptedException {
		awaitDescriptors(node.pid(), ROOM);
		bystander.warmUp(bench.times(WARM_UP_SECONDS, 1));
		for (int i = 0; i < rounds(bench); i++) {
			times.before(bystander.p99(bench.times(3, 1)));
		}
	}

	/** So few that what is left of them is no part of what is measured. */
	private static int few(int connections) {
		return Math.max(10, connections / 100);
	}

	private static void awaitDescriptors(long pid, int most) throws IOException, InterruptedException {
		for (int i = 0; i < 200 && ProcessFiles.descriptors(pid) > most; i++) {
			Thread.sleep(50);
		}
	}

	/**
	 * Tells how much memory a node holds.
	 */
	@FunctionalInterface
	private interface Memory {

		HeldMemory now() throws IOException, InterruptedException;

	}

	private record Bounds(double heap, double resident) {

	}

	private record Found(double heap, double resident, BeforeAndDuring times, int calls, int failed, int descriptors) {

		String text() {
			return "%s KiB of heap, %s KiB resident for each; the node has %s sockets and the like open; active client's p99 %s; %s of %s calls failed"
				.formatted(Figure.number(this.heap), Figure.number(this.resident), Figure.count(this.descriptors),
						this.times.each(), Figure.count(this.failed), Figure.count(this.calls));
		}

	}

}
