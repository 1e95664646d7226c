package io.github.netrpc.batch.tests;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A real PostgreSQL of the test's own: a free port on loopback, own data, not as root.
 * Without its programs the tests are skipped, unless the environment's
 * {@code RPC_REQUIRE_POSTGRES} is {@code true}.
 */
final class PostgresDatabase implements Database {

	private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

	private final Path folder;

	private final Path programs;

	private final int port = freePort();

	private final Process process;

	PostgresDatabase() {
		this.programs = require();
		try {
			this.folder = Files.createTempDirectory("rpc-postgres");
			if (isRoot()) {
				run(List.of("chown", "postgres", this.folder.toString()));
			}
			run(unprivileged("initdb", "-D", data(), "-U", "nightly", "-A", "trust", "-E", "UTF8", "--no-sync"));
			this.process = new ProcessBuilder(unprivileged("postgres", "-D", data(), "-p", String.valueOf(this.port),
					"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"))
				.directory(this.folder.toFile())
				.redirectErrorStream(true)
				.redirectOutput(log().toFile())
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Awaitility.await("PostgreSQL takes connections")
			.pollInterval(Duration.ofMillis(50))
			.atMost(Duration.ofSeconds(30))
			.until(this::isReady);
	}

	private static Path require() {
		Path found = programs();
		if (found == null && "true".equals(System.getenv("RPC_REQUIRE_POSTGRES"))) {
			throw new IllegalStateException("RPC_REQUIRE_POSTGRES is true, but there is no program \"postgres\"");
		}
		Assumptions.assumeTrue(found != null, "skipped: no program \"postgres\" on the PATH or in " + DEBIAN);
		return (found != null) ? found : DEBIAN;
	}

	// Debian keeps the server's programs off the PATH.
	private static @Nullable Path programs() {
		Stream<Path> path = Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(Path::of);
		File[] versions = DEBIAN.toFile().listFiles();
		Stream<Path> debian = (versions != null) ? Stream.of(versions)
			.sorted(Comparator.reverseOrder())
			.map((version) -> version.toPath().resolve("bin")) : Stream.empty();
		return Stream.concat(debian, path)
			.filter((each) -> Files.isExecutable(each.resolve("postgres"))
					&& Files.isExecutable(each.resolve("initdb")))
			.findFirst()
			.orElse(null);
	}

	private static boolean isRoot() {
		return "root".equals(System.getProperty("user.name"));
	}

	private List<String> unprivileged(String program, String... arguments) {
		List<String> command = new ArrayList<>();
		if (isRoot()) {
			command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
		}
		command.add(this.programs.resolve(program).toString());
		command.addAll(List.of(arguments));
		return command;
	}

	private void run(List<String> command) throws IOException {
		Path log = Files.createTempFile("rpc-postgres", ".log");
		try {
			Process process = new ProcessBuilder(command).directory(this.folder.toFile())
				.redirectErrorStream(true)
				.redirectOutput(log.toFile())
				.start();
			if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
				process.destroyForcibly();
				throw new IllegalStateException(command + " failed:\n" + Files.readString(log));
			}
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		finally {
			Files.delete(log);
		}
	}

	private String data() {
		return this.folder.resolve("data").toString();
	}

	private Path log() {
		return this.folder.resolve("postgres.log");
	}

	private boolean isReady() throws IOException {
		if (!this.process.isAlive()) {
			throw new IllegalStateException("PostgreSQL ended:\n" + Files.readString(log()));
		}
		try (Connection connection = DriverManager.getConnection(url())) {
			return connection.isValid(1);
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private static int freePort() {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public String url() {
		return "jdbc:postgresql://127.0.0.1:" + this.port + "/postgres?user=nightly";
	}

	@Override
	public String platform() {
		return "postgresql";
	}

	@Override
	public void close() {
		// An immediate shutdown, which takes its children along.
		try {
			new ProcessBuilder("kill", "-QUIT", String.valueOf(this.process.pid())).start().waitFor();
			if (!this.process.waitFor(10, TimeUnit.SECONDS)) {
				this.process.destroyForcibly();
			}
			try (Stream<Path> files = Files.walk(this.folder)) {
				files.sorted(Comparator.reverseOrder()).forEach((file) -> file.toFile().delete());
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
