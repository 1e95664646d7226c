package io.github.netrpc.interop;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs {@code goclient}: real Go calling a server of ours.
 *
 * @param program the executable file
 * @param codec {@code gob}, {@code jsonrpc} or {@code http}, and with TLS {@code tls},
 * {@code jsontls} or {@code httptls}
 * @param more further arguments
 */
record GoClient(Path program, String codec, List<String> more) {

	private static final String PASSED = "PASS ";

	private static final String FAILED = "FAIL ";

	GoClient(Path program, String codec) {
		this(program, codec, List.of());
	}

	/**
	 * The checks that apply to the codec.
	 * @return their names, in order
	 */
	List<String> checks() throws IOException, InterruptedException {
		return run(List.of("-list"));
	}

	/**
	 * Runs checks.
	 * @param server where the server listens
	 * @param checks their names
	 * @return the reason why each check failed, empty if it passed
	 */
	Map<String, String> run(InetSocketAddress server, List<String> checks) throws IOException, InterruptedException {
		Map<String, String> outcomes = new LinkedHashMap<>();
		String address = server.getAddress().getHostAddress() + ":" + server.getPort();
		for (String line : run(List.of("-addr", address, "-only", String.join(",", checks)))) {
			if (line.startsWith(PASSED)) {
				outcomes.put(line.substring(PASSED.length()), "");
			}
			else if (line.startsWith(FAILED)) {
				int colon = line.indexOf(':');
				outcomes.put(line.substring(FAILED.length(), colon), line.substring(colon + 2));
			}
		}
		return outcomes;
	}

	private List<String> run(List<String> arguments) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(List.of(this.program.toString(), "-codec", this.codec));
		command.addAll(this.more);
		command.addAll(arguments);
		Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
		try (Stream<String> lines = process.inputReader(StandardCharsets.UTF_8).lines()) {
			List<String> output = lines.toList();
			if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() > 1) {
				throw new IllegalStateException("goclient " + arguments + " ended with an error:\n" + output);
			}
			return output;
		}
		finally {
			process.destroyForcibly();
		}
	}

}
