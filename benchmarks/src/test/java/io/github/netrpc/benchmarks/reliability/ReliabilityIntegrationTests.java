package io.github.netrpc.benchmarks.reliability;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.netrpc.benchmarks.Program;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs a scenario with nodes in processes of their own, so that the harness cannot rot.
 */
@Tag("long")
class ReliabilityIntegrationTests {

	@TempDir
	private Path directory;

	private final DeadlineLedger deadlines = new DeadlineLedger(System::nanoTime);

	private Outcome run(Scenario scenario) throws Exception {
		ReliabilityOptions options = ReliabilityOptions.parse(new String[] { "--quick" }, Path.of(""), "", List.of());
		Program noGo = new Program("go", "", "not used here");
		try (Workbench bench = new Workbench(options, noGo, this.deadlines, this.directory)) {
			return scenario.run(bench);
		}
	}

	@Test
	void retryAmplificationCountsWhatTheNodesHaveSeen() throws Exception {
		Outcome outcome = run(new RetryAmplification());
		assertThat(outcome.figures()).first().satisfies((figure) -> {
			assertThat(figure.n()).isEqualTo(1000);
			// No attempt may be lost, and none made up
			assertThat(Double.parseDouble(figure.measured())).isBetween(1.0, 3.0);
		});
		// Calls that a node hands on are tried again at the end of the chain only
		assertThat(outcome.figures()).filteredOn((figure) -> figure.test().contains("at A and B"))
			.singleElement()
			.satisfies((figure) -> assertThat(figure.measured()).isEqualTo("0"));
		assertThat(this.deadlines.tallies()).hasSize(2).allSatisfy((tally) -> {
			assertThat(tally.calls()).isEqualTo(1000);
			assertThat(tally.neverEnded()).isZero();
		});
	}

	@Test
	void workerKilledCountsItemsAndRuns() throws Exception {
		Outcome outcome = run(new WorkerKilled());
		assertThat(outcome.figures()).hasSize(3);
		assertThat(outcome.figures().get(0))
			.isEqualTo(Figure.zero("R3", "items without a result, or with two", 20_000, 0));
		// Items were in hand when the node was killed, and no others ran again
		assertThat(Integer.parseInt(outcome.figures().get(1).measured())).isBetween(1, WorkerKilled.WINDOW);
	}

	@Test
	void soakStrikesAndHoldsCallersAgainstNodes() throws Exception {
		Outcome outcome = run(new Soak());
		assertThat(outcome.figures()).hasSize(8).allSatisfy((figure) -> assertThat(figure.n()).isPositive());
		// Whatever the times are here
		assertThat(outcome.figures().subList(0, 2))
			.allSatisfy((figure) -> assertThat(figure.verdict()).isEqualTo(Verdict.MET));
		assertThat(outcome.details().get(0)).contains("kill × ", "no cuts and no black holes");
	}

}
