package io.github.netrpc.discovery.etcd;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/**
 * A real etcd of the test's own: free ports, own data. Without {@code etcd} the tests are
 * skipped, unless the environment's {@code RPC_REQUIRE_ETCD} is {@code true}.
 */
final class EtcdServer implements AutoCloseable {

	private final Path folder;

	private final List<String> options;

	private final int clientPort = freePort();

	private final int peerPort = freePort();

	private final boolean tls;

	private Process process;

	EtcdServer(Path folder, String... options) {
		require();
		this.folder = folder;
		this.options = List.of(options);
		this.tls = this.options.contains("--cert-file");
		start();
	}

	private static void require() {
		boolean found = onPath("etcd");
		if (!found && "true".equals(System.getenv("RPC_REQUIRE_ETCD"))) {
			throw new IllegalStateException("RPC_REQUIRE_ETCD is true, but there is no program \"etcd\" on the PATH");
		}
		Assumptions.assumeTrue(found, "skipped: no program \"etcd\" on the PATH");
	}

	private static boolean onPath(String program) {
		return Stream.of(System.getenv("PATH").split(File.pathSeparator))
			.anyMatch((each) -> Files.isExecutable(Path.of(each, program)));
	}

	private static int freePort() {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String endpoint() {
		return "127.0.0.1:" + this.clientPort;
	}

	/**
	 * Starts it on the same ports, with the data that there is.
	 */
	void start() {
		String client = (this.tls ? "https" : "http") + "://127.0.0.1:" + this.clientPort;
		String peer = "http://127.0.0.1:" + this.peerPort;
		List<String> command = new ArrayList<>(List.of("etcd", "--name", "one", "--data-dir",
				this.folder.resolve("data").toString(), "--listen-client-urls", client, "--advertise-client-urls",
				client, "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster",
				"one=" + peer, "--log-level", "error"));
		command.addAll(this.options);
		try {
			this.process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(this.folder.resolve("etcd.log").toFile()))
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		awaitPort();
	}

	// The port of clients opens when there is a leader.
	private void awaitPort() {
		Awaitility.await("etcd listens")
			.pollInterval(Duration.ofMillis(50))
			.atMost(Duration.ofSeconds(30))
			.until(this::listens);
	}

	private boolean listens() throws IOException {
		if (!this.process.isAlive()) {
			throw new IllegalStateException("etcd ended:\n" + Files.readString(this.folder.resolve("etcd.log")));
		}
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress("127.0.0.1", this.clientPort), 1000);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	void freeze() throws Exception {
		signal("-STOP");
	}

	void thaw() throws Exception {
		signal("-CONT");
	}

	private void signal(String signal) throws Exception {
		new ProcessBuilder("kill", signal, String.valueOf(this.process.pid())).start().waitFor();
	}

	void kill() throws Exception {
		this.process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
	}

	/**
	 * Removes its data: it begins as if it had never been.
	 */
	void wipe() throws IOException {
		try (Stream<Path> files = Files.walk(this.folder.resolve("data"))) {
			files.sorted((one, other) -> other.compareTo(one)).forEach((file) -> file.toFile().delete());
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
