package io.github.netrpc.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A process that a runner has started and talks with by lines. It ends when its input is
 * closed, and is killed when it does not. Signals go to this process alone, by its id.
 * Used by one thread.
 */
public final class PeerProcess implements AutoCloseable {

	private static final String END = "\0";

	private final Process process;

	private final Path errors;

	private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

	private final Thread hook;

	private PeerProcess(Process process, Path errors) {
		this.process = process;
		this.errors = errors;
		// The last resort: a runner that is interrupted leaves nothing behind
		this.hook = new Thread(process::destroyForcibly);
		Runtime.getRuntime().addShutdownHook(this.hook);
	}

	/**
	 * Starts a process.
	 * @param command the command
	 * @param errors the file that takes its standard error
	 * @return the running process
	 * @throws IOException if it cannot be started
	 */
	public static PeerProcess start(List<String> command, Path errors) throws IOException {
		Files.createDirectories(errors.toAbsolutePath().getParent());
		Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
		PeerProcess peer = new PeerProcess(process, errors);
		Thread reader = new Thread(peer::read, "reader of " + process.pid());
		reader.setDaemon(true);
		reader.start();
		return peer;
	}

	private void read() {
		try (BufferedReader reader = this.process.inputReader(StandardCharsets.UTF_8)) {
			reader.lines().forEach(this.lines::add);
		}
		catch (IOException | UncheckedIOException ex) {
			this.lines.add("cannot read: " + ex);
		}
		this.lines.add(END);
	}

	/**
	 * The id of the process.
	 * @return the id
	 */
	public long pid() {
		return this.process.pid();
	}

	/**
	 * Kills the process as {@code kill -9} does, and waits until it is gone.
	 * @throws InterruptedException if interrupted
	 */
	public void kill() throws InterruptedException {
		this.process.destroyForcibly().waitFor();
	}

	/**
	 * Sends a signal, if the process still runs.
	 * @param name the name of the signal, as {@code kill} takes it
	 * @throws IOException if it cannot be sent
	 * @throws InterruptedException if interrupted
	 */
	public void signal(String name) throws IOException, InterruptedException {
		if (this.process.isAlive()) {
			int result = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).inheritIO().start().waitFor();
			if (result != 0 && this.process.isAlive()) {
				throw new IOException("kill -" + name + " " + pid() + " ended with " + result);
			}
		}
	}

	/**
	 * Waits until the process has ended by itself.
	 * @param seconds how long to wait
	 * @return whether it has ended
	 * @throws InterruptedException if interrupted
	 */
	public boolean awaitEnd(double seconds) throws InterruptedException {
		return this.process.waitFor((long) (seconds * 1000), TimeUnit.MILLISECONDS);
	}

	/**
	 * Sends a line to the process.
	 * @param line the line
	 * @throws IOException if its input is closed
	 */
	public void send(String line) throws IOException {
		OutputStream out = this.process.getOutputStream();
		out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
		out.flush();
	}

	/**
	 * Waits for the next line.
	 * @param prefix what the line begins with
	 * @param seconds how long to wait
	 * @return the line without its prefix
	 * @throws IOException if something else came, or nothing
	 * @throws InterruptedException if interrupted
	 */
	public String expect(String prefix, double seconds) throws IOException, InterruptedException {
		String line = this.lines.poll((long) (seconds * 1000), TimeUnit.MILLISECONDS);
		if (line == null || !line.startsWith(prefix)) {
			String found = (line != null) ? line.replace(END, "the end of the process") : "nothing";
			throw new IOException(found + " (expected: " + prefix + "… within " + seconds + " s)" + errors());
		}
		return line.substring(prefix.length());
	}

	/**
	 * The file that takes the standard error.
	 * @return the file
	 */
	public Path errorFile() {
		return this.errors;
	}

	private String errors() throws IOException {
		List<String> lines = Files.readAllLines(this.errors);
		int last = lines.size();
		return (last == 0) ? "" : ":\n\t" + String.join("\n\t", lines.subList(0, Math.min(last, 12)));
	}

	@Override
	public void close() {
		try {
			this.process.getOutputStream().close();
		}
		catch (IOException ex) {
			this.process.destroy();
		}
		try {
			if (!this.process.waitFor(5, TimeUnit.SECONDS)) {
				this.process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
			}
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
		Runtime.getRuntime().removeShutdownHook(this.hook);
	}

}
