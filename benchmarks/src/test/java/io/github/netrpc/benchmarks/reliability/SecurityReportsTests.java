package io.github.netrpc.benchmarks.reliability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

	private Path resources() throws IOException {
		file("gallery.tsv", """
				ssh\tCLOSED\tno protocol
				zeros\tCLOSED\tno protocol
				zeros\tWAITS\t
				malformed head of a message\tCLOSED\t
				malformed length\tERROR\t
				malformed length for No.Such\tERROR\t
				malformed field_twice for No.Such\tERROR\t
				""");
		file("gallery-rules.tsv", """
				S1\ttest\tServerTests#starts
				S2\tinput\tssh
				S10\ttest\tServerTests#ends
				S2\ttest\tServerTests#closes
				""");
		return this.directory;
	}

	@Test
	void figuresAreThoseOfTheReports() throws IOException {
		Path fuzzing = file("fuzzing.md", """
				# Fuzzing

				10 targets, at least 60 s each, 12,345,678 runs; open findings: **1**.
				Runs so far: **112,345,678**, in all runs that were written down here.
				""");
		reports(SecurityReports.GALLERIES, "tests=\"200\" errors=\"0\" skipped=\"1\" failures=\"2\"");
		reports(SecurityReports.ACCESS, "tests=\"9\" errors=\"0\" skipped=\"1\" failures=\"0\"");
		file("tls-rotation.tsv", "calls\t12345\nconnections\t345\nlost\t1\nrotations\t2\nworst millis\t3210\n");
		file("tls-mismatch.tsv", "gob without TLS\t1001\njson without TLS\t7\n");
		Outcome outcome = SecurityReports.read(fuzzing, resources(), this.directory, this.directory);
		assertThat(outcome.figures()).extracting(ReliabilityReport::line)
			.containsExactly("| R20 | open findings of fuzzing | 112,345,678 | 0 | 1 | **not met** |  |",
					"| R20 | targets | 10 | ≥ 10 | 10 | met |  |", "| R20 | targets left out | 10 | 0 | 0 | met |  |",
					"| R20 | time of each target | 10 | ≥ 60 s | 60 s | met |  |",
					"| R20 | runs before 1.0 | 112,345,678 | ≥ 100,000,000 | 112,345,678 | met |  |",
					"| R22 | named hostile inputs | 6 | ≥ 250 | 6 (5 distinct) | **not met** |  |",
					"| R22 | tests of them that failed; each asks an honest client in the end | 398 | 0 | 4 | **not met** |  |",
					"| R25 | cases of TLS and authentication with another verdict than is written, or a handler that ran before it | 48 | 0 | 0 | met |  |",
					"| R25 | cases of them | 48 | ≥ 40 | 48 | met |  |",
					"| R25 | calls lost while certificates are replaced under load | 12,345 | 0 | 1 (345 calls on new connections) | **not met** |  |",
					"| R25 | until new connections get a new certificate, at worst | 2 | ≤ 5,000 ms | 3,210 ms | met |  |",
					"| R25 | until a caller is told that one side only speaks TLS, at worst | 2 | ≤ 1,000 ms | 1,001 ms | **not met** |  |");
	}

	@Test
	void detailsSayWhatIsDistinctAndWhichRulesHaveNoInput() throws IOException {
		Outcome outcome = SecurityReports.read(this.directory.resolve("none.md"), resources(), this.directory,
				this.directory);
		assertThat(outcome.details()).contains(
				"R22: 6 inputs: 3, and 2 malformed values, alone and as arguments of several methods, which make 3; 5 are distinct",
				"R22: rules without a named input, as they are of start-up and of the build, and tests show them (`gallery-rules.tsv`): S1, S10");
	}

	private void reports(List<String> classes, String counts) throws IOException {
		for (String each : classes) {
			file("TEST-io.github.netrpc." + each + ".xml",
					"<?xml version=\"1.0\"?>\n<testsuite name=\"x\" time=\"3.1\" " + counts + ">");
		}
	}

	@Test
	void targetThatWasLeftOutIsNotMet() throws IOException {
		Path fuzzing = file("fuzzing.md", """
				9 targets, at least 60 s each, 12,345,678 runs; open findings: **0**; **1 left out**.
				Runs so far: **112,345,678**, in all runs that were written down here.
				""");
		Outcome outcome = SecurityReports.read(fuzzing, resources(), this.directory, this.directory);
		assertThat(outcome.figures().subList(1, 3)).extracting(ReliabilityReport::line)
			.containsExactly("| R20 | targets | 9 | ≥ 10 | 9 | **not met** |  |",
					"| R20 | targets left out | 10 | 0 | 1 | **not met** |  |");
	}

	@ParameterizedTest
	@ValueSource(strings = { "interop.AccessTableIntegrationTests", "interop.GuardedGalleryIntegrationTests" })
	void rowWithoutOneOfItsClassesIsNotMeasured(String missing) throws IOException {
		for (boolean skipped : new boolean[] { false, true }) {
			reports(SecurityReports.GALLERIES, "tests=\"200\" errors=\"0\" skipped=\"0\" failures=\"0\"");
			reports(SecurityReports.ACCESS, "tests=\"200\" errors=\"0\" skipped=\"0\" failures=\"0\"");
			Files.delete(this.directory.resolve("TEST-io.github.netrpc." + missing + ".xml"));
			if (skipped) {
				reports(List.of(missing), "tests=\"1\" errors=\"0\" skipped=\"1\" failures=\"0\"");
			}
			Outcome outcome = SecurityReports.read(this.directory.resolve("none.md"), resources(), this.directory,
					this.directory);
			String row = missing.contains("Gallery") ? "R22" : "R25";
			assertThat(outcome.figures()).filteredOn((figure) -> figure.measured().contains(missing))
				.singleElement()
				.satisfies((figure) -> assertThat(figure.row()).isEqualTo(row))
				.satisfies((figure) -> assertThat(figure.verdict()).isEqualTo(Verdict.NOT_MEASURED));
			assertThat(outcome.figures()).extracting(Figure::test)
				.filteredOn("cases of them"::equals)
				.hasSize(row.equals("R25") ? 0 : 1);
		}
	}

	@Test
	void whatIsMissingIsNotMeasured() throws IOException {
		Outcome outcome = SecurityReports.read(this.directory.resolve("none.md"), resources(), this.directory,
				this.directory);
		assertThat(outcome.figures()).filteredOn((figure) -> figure.verdict() == Verdict.NOT_MEASURED)
			.extracting(Figure::row)
			.containsExactly("R20", "R22", "R25", "R25", "R25");
	}

	@Test
	void fuzzingReportThatSaysNothingIsRefused() throws IOException {
		Path fuzzing = file("fuzzing.md", "# Fuzzing\n");
		Path resources = resources();
		assertThatIllegalArgumentException()
			.isThrownBy(() -> SecurityReports.read(fuzzing, resources, this.directory, this.directory))
			.withMessageContaining("docs/fuzzing.md");
	}

	@Test
	void namesOfTheGalleryCanBeRead() throws IOException {
		Outcome outcome = SecurityReports.read(this.directory.resolve("none.md"),
				Path.of("../rpc-spring-boot-starter/src/test/resources"), this.directory, this.directory);
		assertThat(outcome.figures()).filteredOn((figure) -> figure.test().equals("named hostile inputs"))
			.singleElement()
			.satisfies((figure) -> assertThat(figure.n()).isPositive());
		assertThat(outcome.details()).anyMatch((detail) -> detail.endsWith("(`gallery-rules.tsv`): S1, S21"));
	}

}
