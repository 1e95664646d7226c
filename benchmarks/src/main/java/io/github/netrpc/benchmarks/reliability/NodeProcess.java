package io.github.netrpc.benchmarks.reliability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.benchmarks.PeerProcess;
import io.github.netrpc.benchmarks.reliability.node.TokenLog;
import io.github.netrpc.benchmarks.reliability.node.WorkNode;

/**
 * A node of this project in a process of its own, which can be killed, drained, frozen
 * and started again at the same port. Used by one thread.
 */
final class NodeProcess implements AutoCloseable {

	private static final double DRAIN_SECONDS = 40;

	private final Workbench bench;

	private final List<String> arguments;

	private final List<Path> tokens = new ArrayList<>();

	private List<String> jvm = List.of("-Xms128m", "-Xmx128m");

	private boolean keepsTokens;

	private int port;

	private @Nullable PeerProcess process;

	NodeProcess(Workbench bench, String... arguments) {
		this.bench = bench;
		this.arguments = List.of(arguments);
	}

	NodeProcess jvm(String... options) {
		this.jvm = List.of(options);
		return this;
	}

	/**
	 * Lets the node log the tokens of its runs.
	 * @return this
	 */
	NodeProcess keepTokens() {
		this.keepsTokens = true;
		return this;
	}

	/**
	 * Starts the node, at its old port if it had one, and waits until it listens.
	 */
	void start() throws IOException, InterruptedException {
		List<String> all = new ArrayList<>(this.arguments);
		all.add("--port=" + this.port);
		if (this.keepsTokens) {
			Path log = this.bench.file("tokens.bin");
			this.tokens.add(log);
			all.add("--tokens=" + log);
		}
		PeerProcess started = this.bench.startJava(this.jvm, WorkNode.class, all);
		this.process = started;
		String address = started.expect("address ", this.bench.startSeconds());
		this.port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
	}

	int port() {
		return this.port;
	}

	String address() {
		return "127.0.0.1:" + this.port;
	}

	PeerProcess process() {
		return Objects.requireNonNull(this.process, "not started");
	}

	/**
	 * Kills the node as {@code kill -9} does.
	 */
	void kill() throws InterruptedException {
		process().kill();
		process().close();
	}

	/**
	 * Asks the node to stop, and waits until it has answered its calls and ended.
	 * @return how many of its calls it has cut
	 */
	long drain() throws IOException, InterruptedException {
		process().signal("TERM");
		String cut = process().expect("drained, cut ", DRAIN_SECONDS);
		if (!process().awaitEnd(DRAIN_SECONDS)) {
			throw new IOException("the node of port " + this.port + " has drained, and still runs");
		}
		process().close();
		return Long.parseLong(cut.replaceFirst("^\\D*(\\d+).*", "$1"));
	}

	/**
	 * Has the node do its work in another way from now on.
	 * @param how {@code well}, {@code failing}, or {@code slow 10} for ten times as long
	 */
	void behave(String how) throws IOException, InterruptedException {
		process().send("behave " + how);
		process().expect("behave " + how, 10);
	}

	void freeze() throws IOException, InterruptedException {
		process().signal("STOP");
	}

	void wake() throws IOException, InterruptedException {
		process().signal("CONT");
	}

	/**
	 * The memory of the node, as it counts it itself.
	 * @return the heap in use after a collection and the native memory beside it, without
	 * that of the compilers, in bytes
	 */
	long memoryBytes() throws IOException, InterruptedException {
		process().send("memory");
		String[] parts = process().expect("memory ", 30).split(" ");
		return Long.parseLong(parts[0]) + Long.parseLong(parts[1]);
	}

	/**
	 * How many calls the node works at, at this moment.
	 */
	int running() throws IOException, InterruptedException {
		process().send("running");
		return Integer.parseInt(process().expect("running ", 10));
	}

	/**
	 * The CPU time that the process has used, user and system.
	 */
	Duration cpu() {
		return ProcessHandle.of(process().pid()).flatMap((handle) -> handle.info().totalCpuDuration()).orElseThrow();
	}

	static long residentBytes(long pid) throws IOException {
		try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
			String line = lines.filter((each) -> each.startsWith("VmRSS:")).findFirst().orElseThrow();
			return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
		}
	}

	/**
	 * Counts the runs of this node in all its lives.
	 * @param runs how often each token was run, by token
	 */
	void countRuns(int[] runs) throws IOException {
		for (Path log : this.tokens) {
			TokenLog.read(log, (token) -> runs[(int) token]++);
		}
	}

	@Override
	public void close() throws IOException {
		if (this.process != null) {
			this.process.close();
		}
		for (Path log : this.tokens) {
			Files.deleteIfExists(log);
		}
	}

}
