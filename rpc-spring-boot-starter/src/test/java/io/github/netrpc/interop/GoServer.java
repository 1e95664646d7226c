package io.github.netrpc.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A running {@code goserver}. It ends when its input does, so it cannot outlive the test.
 */
final class GoServer implements AutoCloseable {

	private final Process process;

	private final Map<String, String> addresses = new HashMap<>();

	private final Path certificate = Path.of("target", "go", "goserver.pem").toAbsolutePath();

	GoServer() {
		Path program = GoPrograms.build("goserver");
		try {
			this.process = new ProcessBuilder(program.toString(), "-all", "-stdin", "-certout",
					this.certificate.toString())
				.redirectError(ProcessBuilder.Redirect.INHERIT)
				.start();
			BufferedReader output = new BufferedReader(
					new InputStreamReader(this.process.getInputStream(), StandardCharsets.UTF_8));
			for (String line = output.readLine(); !"READY".equals(line); line = output.readLine()) {
				if (line == null) {
					throw new IllegalStateException("goserver ended before it was ready");
				}
				String[] words = line.split(" ");
				this.addresses.put(words[0], words[1]);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Where a transport is served.
	 * @param transport {@code gob}, {@code jsonrpc}, {@code http} and others
	 * @return host and port
	 */
	String address(String transport) {
		return this.addresses.get(transport);
	}

	/**
	 * Has it stay connected and do nothing, until it is woken.
	 */
	void freeze() {
		new StoppableProcess(this.process).stop();
	}

	void wake() {
		new StoppableProcess(this.process).goOn();
	}

	@Override
	public void close() throws Exception {
		this.process.getOutputStream().close();
		if (!this.process.waitFor(5, TimeUnit.SECONDS)) {
			this.process.destroyForcibly();
		}
	}

}
