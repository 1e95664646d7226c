package io.github.netrpc.benchmarks.reliability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.benchmarks.Command;

/**
 * Lets all packets from and to an address of loopback vanish, in a network namespace of
 * this process and its children alone. Used by one thread at a time.
 */
final class BlackHoles implements AutoCloseable {

	private BlackHoles() {
	}

	/**
	 * Why there can be none here.
	 * @param options says which namespace the shell has
	 * @return the reason, or null if there can be
	 */
	static @Nullable String missing(ReliabilityOptions options) {
		try {
			String own = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
			if (options.namespace().isEmpty() || own.equals(options.namespace())) {
				return "needs a network namespace of its own: unshare (util-linux), as root or with user namespaces";
			}
			run("iptables", "-w", "-n", "-L", "INPUT");
			return null;
		}
		catch (IOException ex) {
			return "needs iptables: " + ex.getMessage();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return "interrupted";
		}
	}

	static BlackHoles open(ReliabilityOptions options) {
		String missing = missing(options);
		if (missing != null) {
			throw new MissingToolException(missing);
		}
		return new BlackHoles();
	}

	/**
	 * Begins to drop packets.
	 * @param address an address of loopback
	 */
	void drop(String address) throws IOException, InterruptedException {
		run("iptables", "-w", "-I", "INPUT", "-d", address, "-j", "DROP");
		run("iptables", "-w", "-I", "INPUT", "-s", address, "-j", "DROP");
	}

	/**
	 * Lets packets pass again.
	 * @param address an address that was given to {@link #drop}
	 */
	void restore(String address) throws IOException, InterruptedException {
		run("iptables", "-w", "-D", "INPUT", "-d", address, "-j", "DROP");
		run("iptables", "-w", "-D", "INPUT", "-s", address, "-j", "DROP");
	}

	/**
	 * Begins to answer packets with a reset.
	 * @param address an address of loopback
	 */
	void reset(String address) throws IOException, InterruptedException {
		for (String direction : List.of("-d", "-s")) {
			run("iptables", "-w", "-I", "INPUT", "-p", "tcp", direction, address, "-j", "REJECT", "--reject-with",
					"tcp-reset");
		}
	}

	/**
	 * Lets packets pass again.
	 * @param address an address that was given to {@link #reset}
	 */
	void restoreReset(String address) throws IOException, InterruptedException {
		for (String direction : List.of("-d", "-s")) {
			run("iptables", "-w", "-D", "INPUT", "-p", "tcp", direction, address, "-j", "REJECT", "--reject-with",
					"tcp-reset");
		}
	}

	@Override
	public void close() throws IOException {
		try {
			run("iptables", "-w", "-F", "INPUT");
		}
		catch (InterruptedException ex) {
			// The namespace ends with the run, and its rules with it
			Thread.currentThread().interrupt();
		}
	}

	private static void run(String... command) throws IOException, InterruptedException {
		Command.run(List.of(command));
	}

	/**
	 * A tool is missing, so that a row cannot be measured.
	 */
	static final class MissingToolException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		MissingToolException(String message) {
			super(message);
		}

	}

}
