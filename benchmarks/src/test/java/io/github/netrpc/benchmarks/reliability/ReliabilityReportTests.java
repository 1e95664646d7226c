package io.github.netrpc.benchmarks.reliability;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.netrpc.benchmarks.Machine;
import io.github.netrpc.benchmarks.Revision;
import io.github.netrpc.benchmarks.reliability.Reliability.RowResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ReliabilityReport} and {@link ReliabilityOptions}.
 */
class ReliabilityReportTests {

	private static final List<String> ROWS = List.of("R1", "R2");

	@Test
	void reportHasALineForEachFigureAndSaysWhatIsNotMet() {
		String report = report(options("--write"));
		assertThat(report).contains("- Commit: 0123456789ab\n",
				"| R1 | failed idempotent calls | 200,000 | 0 | 0 | met |  |",
				"| R1 | last call | 20 | ≤ 200 ms | 201.5 ms | **not met** | 702 ms |",
				"| R1 | black hole |  |  | needs iptables | not measured |  |",
				"3 figures: 1 met, 1 not met, 1 not measured.", "## R1: rolling restart under load",
				"Took 61 s; load average 0.50 before.", "- 50 % of the calls");
	}

	@Test
	void reportOfAQuickRunSaysSo() {
		assertThat(report(options("--quick"))).contains("`benchmarks/reliability --quick`, 2.0 minutes. **A quick run");
	}

	@Test
	void optionsChooseScenariosByRow() {
		Scenario restart = new RollingRestart();
		assertThat(options().wants(restart)).isTrue();
		assertThat(options("--rows=R2,R1").wants(restart)).isTrue();
		assertThat(options("--rows=R2").wants(restart)).isFalse();
	}

	@Test
	void optionsRefuseWhatTheyDoNotKnow() {
		assertThatIllegalArgumentException().isThrownBy(() -> options("--row=R1")).withMessageContaining("--rows=");
		assertThatIllegalArgumentException().isThrownBy(() -> options("--rows=R99"))
			.withMessageContaining("some of R1,R2");
	}

	@Test
	void optionsWriteNoQuickRunsAndDeadlinesOfWholeRunsOnly() {
		assertThatIllegalArgumentException().isThrownBy(() -> options("--write", "--quick"));
		assertThatIllegalArgumentException().isThrownBy(
				() -> ReliabilityOptions.parse(new String[] { "--write", "--rows=R9" }, Path.of(""), "", List.of("R9")))
			.withMessageContaining("all rows");
		assertThat(options("--write", "--rows=R1").write()).isTrue();
	}

	private static ReliabilityOptions options(String... arguments) {
		return ReliabilityOptions.parse(arguments, Path.of(""), "", ROWS);
	}

	private static String report(ReliabilityOptions options) {
		Outcome outcome = new Outcome(List.of(Figure.zero("R1", "failed idempotent calls", 200_000, 0),
				Figure.atMost("R1", "last call", 20, 200, 201.5, " ms").beside("702 ms"),
				Figure.notMeasured("R1", "black hole", "needs iptables")), List.of("50 % of the calls"));
		Machine machine = new Machine(2, "a processor", "Linux", 0.5);
		return new ReliabilityReport(options, new Revision("0123456789ab", false), machine, "go version go1.19.8",
				Duration.ofMinutes(2), List.of(new RowResult(new RollingRestart(), outcome, Duration.ofSeconds(61),
						"load average 0.50 before")))
			.toMarkdown();
	}

}
