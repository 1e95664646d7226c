package io.github.netrpc.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * What peers run on, as found on this machine. Immutable.
 *
 * @param path the program, for Go the directory of the programs that were built
 * @param version what it says of itself
 * @param missing why it cannot be used, or null
 */
public record Program(String path, String version, @Nullable String missing) {

	/**
	 * Builds the Go programs of this module.
	 * @param home the directory of the module
	 * @return where they are, or why there are none
	 * @throws IOException if they do not compile
	 * @throws InterruptedException if interrupted
	 */
	public static Program buildGo(Path home) throws IOException, InterruptedException {
		String version = String.join(" / ", output(List.of("go", "version"), null));
		if (!version.startsWith("go version ")) {
			return new Program("go", version, "needs go on the path");
		}
		Path target = Files.createDirectories(home.resolve("target/go").toAbsolutePath());
		List<String> build = List.of("go", "build", "-o", target + "/", "./...");
		List<String> messages = output(build, home.resolve("src/main/go"));
		if (!messages.isEmpty()) {
			throw new IOException(String.join(" ", build) + ": " + String.join("\n", messages));
		}
		return new Program(target.toString(), version, null);
	}

	/**
	 * What a command prints, on both outputs.
	 * @param command the command, which must be quick
	 * @param directory where to run it, or null
	 * @return its lines, or why it could not be started
	 */
	static List<String> output(List<String> command, @Nullable Path directory)
			throws IOException, InterruptedException {
		Path lines = Files.createTempFile("bench", ".txt");
		try {
			ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(lines.toFile());
			if (directory != null) {
				builder.directory(directory.toFile());
			}
			Process process = builder.start();
			if (!process.waitFor(120, TimeUnit.SECONDS)) {
				process.destroyForcibly();
				return List.of(command + " has not ended after 120 s");
			}
			List<String> output = Files.readAllLines(lines, StandardCharsets.UTF_8);
			return (process.exitValue() == 0 || !output.isEmpty()) ? output
					: List.of(command + " ended with " + process.exitValue());
		}
		catch (IOException ex) {
			return List.of(String.valueOf(ex.getMessage()));
		}
		finally {
			Files.deleteIfExists(lines);
		}
	}

}
