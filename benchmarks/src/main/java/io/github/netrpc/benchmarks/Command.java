package io.github.netrpc.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A program of the system that is run for what it does, such as {@code iptables}.
 */
public final class Command {

	private Command() {
	}

	/**
	 * Runs a command, and waits until it has ended.
	 * @param command its words; it must be quick
	 * @throws IOException if it cannot be started, or has failed: with what it said
	 * @throws InterruptedException if interrupted
	 */
	public static void run(List<String> command) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		if (process.waitFor() != 0) {
			throw new IOException(String.join(" ", command) + ": " + output.strip());
		}
	}

}
