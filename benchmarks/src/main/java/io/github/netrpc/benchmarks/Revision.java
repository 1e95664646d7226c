package io.github.netrpc.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Which sources a report is of, so that its figures can be had again. Immutable.
 *
 * @param commit the commit that was checked out, "unknown" where there is no Git
 * @param changed whether files differed from it
 */
public record Revision(String commit, boolean changed) {

	private static final String UNKNOWN = "unknown";

	/**
	 * Asks Git.
	 * @param folder a folder of the working tree
	 * @return what is checked out there
	 * @throws InterruptedException if the thread is interrupted
	 */
	public static Revision of(Path folder) throws InterruptedException {
		String commit = git(folder, "rev-parse", "--short=12", "HEAD");
		return commit.isEmpty() ? new Revision(UNKNOWN, false)
				: new Revision(commit, !git(folder, "status", "--porcelain").isEmpty());
	}

	// What Git prints, nothing if it fails.
	private static String git(Path folder, String... arguments) throws InterruptedException {
		ProcessBuilder builder = new ProcessBuilder("git");
		builder.command().addAll(List.of(arguments));
		builder.directory(folder.toAbsolutePath().toFile()).redirectError(ProcessBuilder.Redirect.DISCARD);
		try {
			Process process = builder.start();
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			return (process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0) ? output.strip() : "";
		}
		catch (IOException ex) {
			// There is no Git.
			return "";
		}
	}

	@Override
	public String toString() {
		return this.changed ? this.commit + ", with changes that are not committed" : this.commit;
	}

}
