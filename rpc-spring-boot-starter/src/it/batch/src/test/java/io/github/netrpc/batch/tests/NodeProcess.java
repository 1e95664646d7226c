package io.github.netrpc.batch.tests;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;

/**
 * The application as a process of its own, to be killed or frozen.
 */
final class NodeProcess implements AutoCloseable {

	private final Process process;

	private final Path log;

	private NodeProcess(Process process, Path log) {
		this.process = process;
		this.log = log;
	}

	static NodeProcess start(Path folder, String name, String... options) {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx192m",
						"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
						System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
						NightlyApplication.class.getName(), "--test.node=" + name));
		command.addAll(List.of(options));
		Path log = folder.resolve(name + ".log");
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(new File(log.toString())))
				.start();
			return new NodeProcess(process, log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void awaitServing() {
		Awaitility.await("the node serves")
			.pollInterval(Duration.ofMillis(100))
			.atMost(Duration.ofSeconds(60))
			.until(() -> {
				if (!this.process.isAlive()) {
					throw new IllegalStateException("the node ended:\n" + Files.readString(this.log));
				}
				return Files.readString(this.log).contains("RPC server started on port");
			});
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
		if (!this.process.destroyForcibly().waitFor(10, TimeUnit.SECONDS)) {
			throw new IllegalStateException("the node cannot be killed");
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
