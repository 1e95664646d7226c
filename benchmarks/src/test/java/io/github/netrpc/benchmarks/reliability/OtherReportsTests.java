package io.github.netrpc.benchmarks.reliability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link OtherReports}.
 */
class OtherReportsTests {

	private static final String SIMULATION = """
			| when, where | a day, a machine |
			| seeds | 100,000 (wanted: 100,000) |
			| virtual time | 1,088.7 h (wanted: 1,000 h) |
			| breaches | **1** |

			printed: **40 bugs planted, 3 not noticed**.
			""";

	private static final String INTERLEAVINGS = """
			# Interleavings

			2026-11-22, `benchmarks/interleavings`, 363 s.
			12 structures, 23 tests, 388,084,276 samples; forbidden outcomes seen: **0**; tests that did not run: **0**.
			""";

	@Test
	void figuresAreThoseOfTheReports() {
		Outcome outcome = OtherReports.read(SIMULATION, INTERLEAVINGS);
		assertThat(outcome.figures()).extracting(ReliabilityReport::line)
			.containsExactly("| R26 | promises that simulated faults have broken | 100,000 | 0 | 1 | **not met** |  |",
					"| R26 | seeds | 100,000 | ≥ 100,000 | 100,000 | met |  |",
					"| R26 | virtual time | 100,000 | ≥ 1,000 h | 1,089 h | met |  |",
					"| R27 | forbidden outcomes of two threads at one object | 388,084,276 | 0 | 0 | met |  |",
					"| R27 | structures | 23 | ≥ 6 | 12 | met |  |",
					"| R28 | planted bugs that are noticed | 40 | ≥ 95 % | 92.50 % | **not met** |  |",
					"| R28 | bugs planted | 40 | ≥ 20 | 40 | met |  |");
		assertThat(outcome.details()).containsExactly(
				"R26 and R28: [simulation-results.md](simulation-results.md), a day, a machine",
				"R27: [interleavings.md](interleavings.md), 2026-11-22, with JCStress");
	}

	@Test
	void reportThatSaysNothingIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> OtherReports.read(SIMULATION, "nothing"))
			.withMessageContaining("structures");
	}

	@Test
	void reportsOfTheDocumentationCanBeRead() throws IOException {
		Path docs = Path.of("../docs");
		Outcome outcome = OtherReports.read(Files.readString(docs.resolve("simulation-results.md")),
				Files.readString(docs.resolve("interleavings.md")));
		assertThat(outcome.figures()).hasSize(7).allMatch((figure) -> figure.n() > 0);
	}

}
