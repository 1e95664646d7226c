package io.github.netrpc.benchmarks.reliability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link SecurityReports}.
 */
class SecurityReportsTests {

	@TempDir
	private Path directory;

	private Path file(String name, String text) throws IOException {
		return Files.writeString(this.directory.resolve(name), text);
	}

	private Path gallery() throws IOException {
		return file("gallery.tsv", "ssh\tCLOSED\tno protocol\nzeros\tCLOSED\tno protocol\nzeros\tWAITS\t\n");
	}

	@Test
	void figuresAreThoseOfTheReports() throws IOException {
		Path fuzzing = file("fuzzing.md", """
				# Fuzzing

				10 targets, at least 60 s each, 12,345,678 runs; open findings: **1**.
				Runs so far: **112,345,678**, in all runs that were written down here.
				""");
		file("TEST-io.github.netrpc.interop.HostileGalleryIntegrationTests.xml",
				"<?xml version=\"1.0\"?>\n<testsuite name=\"x\" time=\"3.1\" tests=\"394\" errors=\"0\" skipped=\"1\" failures=\"2\">");
		file("TEST-io.github.netrpc.interop.TlsIntegrationTests.xml",
				"<testsuite name=\"x\" tests=\"41\" errors=\"0\" skipped=\"0\" failures=\"0\">");
		file("TEST-io.github.netrpc.autoconfigure.TlsIntegrationTests.xml",
				"<testsuite name=\"x\" tests=\"5\" errors=\"0\" skipped=\"0\" failures=\"0\">");
		file("tls-rotation.tsv", "calls\t12345\nlost\t1\nrotations\t2\nworst millis\t3210\n");
		file("tls-mismatch.tsv", "gob without TLS\t1001\njson without TLS\t7\n");
		Outcome outcome = SecurityReports.read(fuzzing, gallery(), this.directory, this.directory);
		assertThat(outcome.figures()).extracting(ReliabilityReport::line)
			.containsExactly("| R20 | open findings of fuzzing | 112,345,678 | 0 | 1 | **not met** |  |",
					"| R20 | targets | 10 | ≥ 9 | 10 | met |  |",
					"| R20 | time of each target | 10 | ≥ 60 s | 60 s | met |  |",
					"| R20 | runs before 1.0 | 112,345,678 | ≥ 100,000,000 | 112,345,678 | met |  |",
					"| R22 | named hostile inputs | 2 | ≥ 250 | 2 | **not met** |  |",
					"| R22 | tests of them that failed; each asks an honest client in the end | 393 | 0 | 2 | **not met** |  |",
					"| R25 | cases of TLS and authentication with another verdict than is written | 46 | 0 | 0 | met |  |",
					"| R25 | cases of them | 46 | ≥ 40 | 46 | met |  |",
					"| R25 | calls lost while certificates are replaced under load | 12,345 | 0 | 1 | **not met** |  |",
					"| R25 | until new connections get a new certificate, at worst | 2 | ≤ 5,000 ms | 3,210 ms | met |  |",
					"| R25 | until a caller is told that one side only speaks TLS, at worst | 2 | ≤ 1,000 ms | 1,001 ms | **not met** |  |");
	}

	@Test
	void whatIsMissingIsNotMeasured() throws IOException {
		Outcome outcome = SecurityReports.read(this.directory.resolve("none.md"), gallery(), this.directory,
				this.directory);
		assertThat(outcome.figures()).filteredOn((figure) -> figure.verdict() == Verdict.NOT_MEASURED)
			.extracting(Figure::row)
			.containsExactly("R20", "R22", "R25", "R25", "R25");
	}

	@Test
	void fuzzingReportThatSaysNothingIsRefused() throws IOException {
		Path fuzzing = file("fuzzing.md", "# Fuzzing\n");
		Path gallery = gallery();
		assertThatIllegalArgumentException()
			.isThrownBy(() -> SecurityReports.read(fuzzing, gallery, this.directory, this.directory))
			.withMessageContaining("docs/fuzzing.md");
	}

	@Test
	void namesOfTheGalleryCanBeRead() throws IOException {
		Outcome outcome = SecurityReports.read(this.directory.resolve("none.md"),
				Path.of("../rpc-spring-boot-starter/src/test/resources/gallery.tsv"), this.directory, this.directory);
		assertThat(outcome.figures()).filteredOn((figure) -> figure.test().equals("named hostile inputs"))
			.singleElement()
			.satisfies((figure) -> assertThat(figure.n()).isPositive());
	}

}
