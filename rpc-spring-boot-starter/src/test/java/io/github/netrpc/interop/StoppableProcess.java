package io.github.netrpc.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A process that can be stopped, and goes on where it was: to its peers it is connected
 * and says nothing.
 *
 * @param process the process
 */
record StoppableProcess(Process process) {

	/**
	 * Stops the process, and returns when it stands still.
	 */
	void stop() {
		signal("STOP");
		await().until(this::isStopped);
	}

	/**
	 * Lets the process go on.
	 */
	void goOn() {
		signal("CONT");
	}

	/**
	 * A signal takes a moment to reach all threads of a process.
	 */
	private boolean isStopped() throws IOException {
		try (Stream<Path> threads = Files.list(Path.of("/proc/" + this.process.pid() + "/task"))) {
			for (Path thread : threads.toList()) {
				String stat = Files.readString(thread.resolve("stat"));
				if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
					return false;
				}
			}
		}
		return true;
	}

	private void signal(String name) {
		try {
			assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(this.process.pid())).start().waitFor())
				.isZero();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
