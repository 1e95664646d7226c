package io.github.netrpc.benchmarks.reliability;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link PrintedReport}.
 */
class PrintedReportTests {

	private static final String WHOLE = """
			# Reliability: nodes under faults

			2026-11-21, `benchmarks/reliability --write`, 13.0 minutes. 4 figures: 3 met, 1 not met, 0 not measured.

			- Commit: aaaa

			| row | test | N | target | measured | verdict | Go's net/rpc, same run |
			|---|---|---|---|---|---|---|
			| R1 | failed | 5 | 0 | 0 | met |  |
			| R10 | one node | 5 | 0 | 1 | **not met** |  |
			| R10 | three nodes | 5 | 0 | 0 | met |  |
			| R9 | late | 5 | 0 | 0 | met |  |

			## R1: restart

			Took 60 s.

			- one

			## R10: one node

			Took 61 s.

			## R10: three nodes

			Took 62 s.

			## R9: deadlines

			Took 1 s.
			""";

	private static final String LATER = """
			# Reliability: nodes under faults

			2026-11-22, `benchmarks/reliability --rows=R10,R11 --write`, 2.0 minutes. 3 figures: 3 met, 0 not met, 0 not measured.

			- Commit: bbbb

			| row | test | N | target | measured | verdict | Go's net/rpc, same run |
			|---|---|---|---|---|---|---|
			| R10 | one node | 7 | 0 | 0 | met |  |
			| R10 | two nodes | 7 | 0 | 0 | met |  |
			| R11 | bad node |  |  | no node | not measured |  |

			## R10: one node

			Took 71 s.

			- two

			## R11: bad node

			Took 72 s.
			""";

	private static PrintedReport merged() {
		return PrintedReport.parse(WHOLE)
			.with(PrintedReport.parse(LATER), List.of("## R1: restart", "## R10: one node", "## R10: three nodes",
					"## R11: bad node", "## R9: deadlines"), List.of("R1", "R10", "R11", "R9"));
	}

	@Test
	void wholeReportComesOutAsItWentIn() {
		assertThat(PrintedReport.parse(WHOLE).toMarkdown()).isEqualTo(WHOLE);
	}

	@Test
	void rowsOfTheLaterRunReplaceThoseOfTheSameName() {
		assertThat(merged().table()).containsExactly("| R1 | failed | 5 | 0 | 0 | met |  |",
				"| R10 | one node | 7 | 0 | 0 | met |  |", "| R10 | two nodes | 7 | 0 | 0 | met |  |",
				"| R11 | bad node |  |  | no node | not measured |  |", "| R9 | late | 5 | 0 | 0 | met |  |");
	}

	@Test
	void figuresAreCountedAnew() {
		assertThat(merged().toMarkdown()).contains(
				"2026-11-21, `benchmarks/reliability --write`, 13.0 minutes. 5 figures: 4 met, 0 not met, 1 not measured.");
	}

	@Test
	void sectionOfTheLaterRunSaysOfWhichRunItIs() {
		assertThat(merged().toMarkdown()).contains("""
				## R10: one node

				A run of its own: 2026-11-22, `benchmarks/reliability --rows=R10,R11 --write`, commit bbbb.

				Took 71 s.

				- two

				""", "## R10: three nodes\n\nTook 62 s.\n").doesNotContain("Took 61 s.");
	}

	@Test
	void sectionsKeepTheOrderOfAWholeRun() {
		assertThat(merged().sections().keySet()).containsExactly("## R1: restart", "## R10: one node",
				"## R10: three nodes", "## R11: bad node", "## R9: deadlines");
	}

	@Test
	void otherTextIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> PrintedReport.parse("# Title"))
			.withMessageContaining("without a table");
	}

}
