package io.github.netrpc.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A running server of the Go program {@code extended}, whose output says what it was
 * sent. It ends when its input does, so it cannot outlive the test.
 */
final class GoExtended implements AutoCloseable {

	private static final String PROGRAM = "extended";

	private final Process process;

	private final BufferedReader output;

	private final InetSocketAddress address;

	private GoExtended(String... arguments) throws IOException {
		Path program = GoPrograms.build(PROGRAM);
		List<String> command = new ArrayList<>(List.of(program.toString(), "-serve"));
		command.addAll(List.of(arguments));
		this.process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
		this.output = new BufferedReader(new InputStreamReader(this.process.getInputStream(), StandardCharsets.UTF_8));
		String line = line();
		this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(),
				Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)));
	}

	/** A server that knows our fields. */
	static GoExtended extended() throws IOException {
		return new GoExtended();
	}

	/**
	 * A stock server whose input is decoded a second time.
	 * @param codec {@code gob}, {@code jsonrpc} or {@code http}
	 */
	static GoExtended stock(String codec) throws IOException {
		return new GoExtended("-stock", "-codec", codec);
	}

	/** Runs the client to its end, and returns what it printed. */
	static List<String> call(InetSocketAddress server, String... arguments) throws Exception {
		Path program = GoPrograms.build(PROGRAM);
		List<String> command = new ArrayList<>(
				List.of(program.toString(), "-call", server.getAddress().getHostAddress() + ":" + server.getPort()));
		command.addAll(List.of(arguments));
		Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
		try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
			List<String> printed = lines.lines().toList();
			if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
				throw new IllegalStateException("extended -call ended with an error:\n" + printed);
			}
			return printed;
		}
		finally {
			process.destroyForcibly();
		}
	}

	InetSocketAddress address() {
		return this.address;
	}

	Socket connect() throws IOException {
		Socket socket = new Socket();
		socket.connect(this.address, 5_000);
		socket.setSoTimeout(10_000);
		return socket;
	}

	/** What it printed next. */
	String line() throws IOException {
		String line = this.output.readLine();
		if (line == null) {
			throw new IllegalStateException("extended has ended");
		}
		return line;
	}

	@Override
	public void close() throws Exception {
		this.process.getOutputStream().close();
		if (!this.process.waitFor(5, TimeUnit.SECONDS)) {
			this.process.destroyForcibly();
		}
	}

}
