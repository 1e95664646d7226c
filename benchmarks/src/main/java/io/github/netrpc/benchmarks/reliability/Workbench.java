package io.github.netrpc.benchmarks.reliability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.benchmarks.PeerProcess;
import io.github.netrpc.benchmarks.Program;
import io.github.netrpc.benchmarks.peer.TlsKeyFile;
import io.github.netrpc.benchmarks.reliability.node.WorkNode;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.transport.Transport;

/**
 * What one scenario works with: it starts processes, and ends exactly those when it is
 * closed, also when the scenario has failed. Used by one thread.
 */
final class Workbench implements AutoCloseable {

	private static final double START_SECONDS = 30;

	private final ReliabilityOptions options;

	private final Program go;

	private final DeadlineLedger deadlines;

	private final Path directory;

	private final Deque<AutoCloseable> open = new ArrayDeque<>();

	private int started;

	Workbench(ReliabilityOptions options, Program go, DeadlineLedger deadlines, Path directory) {
		this.options = options;
		this.go = go;
		this.deadlines = deadlines;
		this.directory = directory;
	}

	/**
	 * How often to do something.
	 * @param full in a run that is to be kept
	 * @param quick in a quick one
	 * @return one of them
	 */
	int times(int full, int quick) {
		return this.options.quick() ? quick : full;
	}

	ReliabilityOptions options() {
		return this.options;
	}

	DeadlineLedger deadlines() {
		return this.deadlines;
	}

	/**
	 * Why Go cannot be measured.
	 * @return the reason, or null if it can
	 */
	@Nullable String goMissing() {
		return this.go.missing();
	}

	/**
	 * Keeps something that is to be closed with the bench. What was kept last is closed
	 * first.
	 * @param resource what to close
	 * @param <T> its type
	 * @return the same
	 */
	<T extends AutoCloseable> T keep(T resource) {
		this.open.push(resource);
		return resource;
	}

	/**
	 * A node of this project that is not started yet.
	 * @param arguments for {@link WorkNode}
	 * @return the node
	 */
	NodeProcess node(String... arguments) {
		return keep(new NodeProcess(this, arguments));
	}

	/**
	 * Some nodes that run.
	 * @param count how many
	 * @param arguments for each {@link WorkNode}
	 * @return the nodes
	 */
	List<NodeProcess> startNodes(int count, String... arguments) throws IOException, InterruptedException {
		List<NodeProcess> nodes = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			NodeProcess node = node(arguments);
			node.start();
			nodes.add(node);
		}
		return nodes;
	}

	PeerProcess startJava(List<String> jvm, Class<?> main, List<String> arguments) throws IOException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(jvm);
		if (Runtime.version().feature() >= 24) {
			command.add("--enable-native-access=ALL-UNNAMED");
		}
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
		command.addAll(arguments);
		return PeerProcess.start(command, log(main.getSimpleName()));
	}

	/**
	 * Starts a Go program, which is ended with the bench.
	 * @param program its name
	 * @param arguments its arguments
	 * @return the running program
	 */
	PeerProcess startGo(String program, String... arguments) throws IOException {
		return startGoAt(List.of(), program, arguments);
	}

	/**
	 * Starts a Go program in a place of its own.
	 * @param before what its command begins with, such as {@code nice}
	 * @param program its name
	 * @param arguments its arguments
	 * @return the running program
	 */
	PeerProcess startGoAt(List<String> before, String program, String... arguments) throws IOException {
		List<String> command = new ArrayList<>(before);
		command.add(Path.of(this.go.path(), program).toString());
		command.addAll(List.of(arguments));
		return keep(PeerProcess.start(command, log(program)));
	}

	/**
	 * A key for nodes that speak TLS.
	 * @return a {@link TlsKeyFile}
	 */
	Path tlsKeys() throws IOException, InterruptedException {
		return TlsKeyFile.create(file("loopback.p12"));
	}

	/**
	 * Fails if there is no Go for the crowd.
	 */
	void needGo() {
		String missing = goMissing();
		if (missing != null) {
			throw new BlackHoles.MissingToolException(missing);
		}
	}

	/**
	 * Starts a Go node.
	 * @param arguments its arguments
	 * @return the running node
	 */
	GoNode startGoNode(String... arguments) throws IOException, InterruptedException {
		return ready(startGo("worknode", arguments));
	}

	/**
	 * Starts a Go node that ends when it wants more memory than that: it takes what a
	 * peer declares, and the machine is not its own.
	 * @param gibibytes how much address space it may have
	 * @return the running node
	 */
	GoNode startBoundedGoNode(int gibibytes) throws IOException, InterruptedException {
		return ready(startGoAt(List.of("prlimit", "--as=" + ((long) gibibytes << 30)), "worknode"));
	}

	private static GoNode ready(PeerProcess process) throws IOException, InterruptedException {
		return new GoNode(process, process.expect("address ", START_SECONDS));
	}

	/**
	 * I/O threads for channels to share, so that a scenario with many channels measures
	 * them and not the threads.
	 * @return a transport
	 */
	Transport sharedTransport() {
		Transport.Provider provider = ServiceLoader.load(Transport.Provider.class).findFirst().orElseThrow();
		return keep(provider.create("reliability-", 0, true));
	}

	/**
	 * Waits until a channel is connected to its nodes.
	 * @param channel the channel
	 * @param nodes how many nodes are to be ready
	 * @param limit how long to wait
	 * @return whether they are
	 */
	static boolean awaitReady(RpcChannel channel, int nodes, Duration limit) throws InterruptedException {
		long end = System.nanoTime() + limit.toNanos();
		while (channel.nodes().stream().filter((node) -> node.state() == NodeState.READY).count() < nodes) {
			if (System.nanoTime() > end) {
				return false;
			}
			Thread.sleep(5);
		}
		return true;
	}

	Path file(String name) {
		return this.directory.resolve(++this.started + "-" + name);
	}

	private Path log(String name) {
		return file(name + ".log");
	}

	double startSeconds() {
		return START_SECONDS;
	}

	@Override
	public void close() {
		while (!this.open.isEmpty()) {
			try {
				this.open.pop().close();
			}
			catch (Exception ex) {
				System.err.println("benchmarks/reliability: could not close: " + ex);
			}
		}
	}

	static void makeEmpty(Path directory) throws IOException {
		Files.createDirectories(directory);
		try (Stream<Path> files = Files.list(directory)) {
			for (Path file : files.toList()) {
				if (Files.isRegularFile(file)) {
					Files.delete(file);
				}
			}
		}
	}

	/**
	 * A running Go node.
	 *
	 * @param process its process
	 * @param address where it listens
	 */
	record GoNode(PeerProcess process, String address) {

		int port() {
			return Integer.parseInt(this.address.substring(this.address.lastIndexOf(':') + 1));
		}

	}

}
