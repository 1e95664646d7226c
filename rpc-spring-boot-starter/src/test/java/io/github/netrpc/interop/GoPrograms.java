package io.github.netrpc.interop;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Assumptions;

/**
 * Go's side of the interop tests, built once from {@code src/test/go/interop}. Without
 * {@code go} the tests are skipped, unless the environment's {@code RPC_REQUIRE_GO} is
 * {@code true}.
 */
public final class GoPrograms {

	private static final Path SOURCES = Path.of("src", "test", "go", "interop");

	private static final Path OUTPUT = Path.of("target", "go");

	private GoPrograms() {
	}

	/**
	 * Builds a program.
	 * @param name {@code goserver} or {@code goclient}
	 * @return the executable file
	 */
	public static synchronized Path build(String name) {
		requireGo();
		Path program = OUTPUT.resolve(name).toAbsolutePath();
		try {
			Files.createDirectories(OUTPUT);
			Path log = OUTPUT.resolve(name + ".log");
			Process process = new ProcessBuilder("go", "build", "-o", program.toString(), "./" + name)
				.directory(SOURCES.toFile())
				.redirectErrorStream(true)
				.redirectOutput(log.toFile())
				.start();
			if (!process.waitFor(3, TimeUnit.MINUTES) || process.exitValue() != 0) {
				process.destroy();
				throw new IllegalStateException("go build ./" + name + " failed:\n" + Files.readString(log));
			}
			return program;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static void requireGo() {
		boolean found = onPath("go");
		if (!found && "true".equals(System.getenv("RPC_REQUIRE_GO"))) {
			throw new IllegalStateException("RPC_REQUIRE_GO is true, but there is no program \"go\" on the PATH");
		}
		Assumptions.assumeTrue(found, "skipped: no program \"go\" on the PATH");
	}

	private static boolean onPath(String program) {
		for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
			if (Files.isExecutable(Path.of(folder, program))) {
				return true;
			}
		}
		return false;
	}

}
