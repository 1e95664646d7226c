package io.github.netrpc.benchmarks.reliability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.benchmarks.PeerProcess;
import io.github.netrpc.benchmarks.reliability.node.LoopWatch;
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

	private final List<Path> logs = new ArrayList<>();

	private String host = "127.0.0.1";

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
	 * Gives the node a heap whose pages are resident from its start to its end.
	 * @param size as in {@code -Xmx}
	 * @return this
	 */
	NodeProcess fixedHeap(String size) {
		return jvm("-Xms" + size, "-Xmx" + size, "-XX:+AlwaysPreTouch");
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
		begin();
		awaitAddress();
	}

	/**
	 * Starts the node, at its old port if it had one, but for listening.
	 */
	void prepare() throws IOException, InterruptedException {
		begin("--listen=asked");
		process().expect("warm", this.bench.startSeconds());
	}

	/**
	 * Has the node that was prepared listen.
	 */
	void listen() throws IOException, InterruptedException {
		process().send("listen");
		awaitAddress();
	}

	private void begin(String... more) throws IOException {
		List<String> all = new ArrayList<>(this.arguments);
		all.addAll(List.of(more));
		all.add("--port=" + this.port);
		if (this.keepsTokens) {
			Path log = this.bench.file("tokens.bin");
			this.tokens.add(log);
			all.add("--tokens=" + log);
		}
		PeerProcess started = this.bench.startJava(this.jvm, WorkNode.class, all);
		this.process = started;
		this.logs.add(started.errorFile());
	}

	private void awaitAddress() throws IOException, InterruptedException {
		String address = process().expect("address ", this.bench.startSeconds());
		this.host = address.substring(0, address.lastIndexOf(':'));
		this.port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
	}

	int port() {
		return this.port;
	}

	/**
	 * The address that the node was told to listen at.
	 */
	String host() {
		return this.host;
	}

	String address() {
		return this.host + ":" + this.port;
	}

	/**
	 * What the node has logged in all its lives.
	 * @return the files
	 */
	List<Path> logs() {
		return List.copyOf(this.logs);
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
	 * The heap of the node in use after a collection.
	 * @return its size in bytes
	 */
	long heapBytes() throws IOException, InterruptedException {
		process().send("heap");
		return Long.parseLong(process().expect("heap ", 30));
	}

	/**
	 * Has the node give back to the system what memory it can.
	 * @return its heap in use after a collection, in bytes
	 */
	long settledHeapBytes() throws IOException, InterruptedException {
		process().send("settle");
		return Long.parseLong(process().expect("settled ", 30));
	}

	/**
	 * The threads of the node, without those of the JVM itself.
	 */
	int threads() throws IOException, InterruptedException {
		process().send("threads");
		return Integer.parseInt(process().expect("threads ", 10));
	}

	/**
	 * How long the node's I/O threads were away from their work, if it was started with
	 * {@code --watch=loops}.
	 */
	LoopWatch.Seen loops() throws IOException, InterruptedException {
		process().send("loops");
		return LoopWatch.Seen.parse(process().expect("loops ", 10));
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
		return ProcessFiles.cpu(process().pid());
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
