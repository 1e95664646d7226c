package io.github.netrpc.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Tests for {@link Revision}.
 */
class RevisionTests {

	@Test
	void commitAndChangesAreGits(@TempDir Path folder) throws Exception {
		assumeThat(git(folder, "init", "-q")).as("git").isTrue();
		Files.writeString(folder.resolve("file"), "one");
		assertThat(Revision.of(folder)).isEqualTo(new Revision("unknown", false));
		assertThat(git(folder, "add", "file")
				&& git(folder, "-c", "user.name=n", "-c", "user.email=e", "commit", "-qm", "m"))
			.isTrue();
		Revision clean = Revision.of(folder);
		assertThat(clean.commit()).matches("[0-9a-f]{12}");
		assertThat(clean.changed()).isFalse();
		assertThat(clean).hasToString(clean.commit());
		Files.writeString(folder.resolve("file"), "two");
		assertThat(Revision.of(folder)).isEqualTo(new Revision(clean.commit(), true))
			.hasToString(clean.commit() + ", with changes that are not committed");
	}

	@Test
	void withoutGitItIsUnknown(@TempDir Path folder) throws Exception {
		assertThat(Revision.of(folder)).hasToString("unknown");
	}

	private static boolean git(Path folder, String... arguments) throws Exception {
		ProcessBuilder builder = new ProcessBuilder("git");
		builder.command().addAll(java.util.List.of(arguments));
		try {
			return builder.directory(folder.toFile()).start().waitFor() == 0;
		}
		catch (java.io.IOException ex) {
			return false;
		}
	}

}
