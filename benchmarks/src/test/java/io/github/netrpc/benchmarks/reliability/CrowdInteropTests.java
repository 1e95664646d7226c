package io.github.netrpc.benchmarks.reliability;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.netrpc.benchmarks.Program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Runs the scenarios with a crowd for a moment, so that neither the harness nor its Go
 * programs can rot. Says nothing of times.
 */
@Tag("long")
class CrowdInteropTests {

	private static Program go;

	@TempDir
	private Path directory;

	@BeforeAll
	static void buildGo() throws Exception {
		go = Program.buildGo(Path.of(""));
		if ("true".equals(System.getenv("RPC_REQUIRE_GO"))) {
			assertThat(go.missing()).isNull();
		}
		assumeThat(go.missing()).isNull();
	}

	private Outcome run(Scenario scenario) throws Exception {
		ReliabilityOptions options = ReliabilityOptions.parse(new String[] { "--quick" }, Path.of(""), "", List.of());
		DeadlineLedger deadlines = new DeadlineLedger(System::nanoTime);
		try (Workbench bench = new Workbench(options, go, deadlines, this.directory)) {
			return scenario.run(bench);
		}
	}

	@Test
	void idleConnectionsAreThereWhileTheyAreMeasured() throws Exception {
		Outcome outcome = run(new IdleConnections());
		assertThat(outcome.figures()).hasSize(8).allSatisfy((figure) -> {
			assertThat(figure.row()).isEqualTo("R16");
			assertThat(figure.n()).isPositive();
			assertThat(figure.go()).isNotEmpty();
		});
		// Whatever the times are here
		assertThat(outcome.figures()).filteredOn((figure) -> figure.test().contains("calls that failed"))
			.hasSize(2)
			.allSatisfy((figure) -> assertThat(figure.target()).isEqualTo("0"));
		List<String> nodes = outcome.details()
			.stream()
			.filter((line) -> line.contains("sockets and the like"))
			.toList();
		assertThat(nodes).hasSize(4).allSatisfy((line) -> assertThat(openSockets(line)).isGreaterThan(100));
	}

	private static int openSockets(String line) {
		return Integer.parseInt(line.replaceFirst(".*the node has ([\\d,]+) sockets.*", "$1").replace(",", ""));
	}

	@Test
	void halfSaidConnectionsAreClosedAndNotTooSoon() throws Exception {
		Outcome outcome = run(new Slowloris());
		assertThat(outcome.figures()).hasSize(6);
		assertThat(outcome.figures().get(5).test()).isEqualTo("others' calls that failed");
		assertThat(outcome.figures().get(5).n()).isPositive();
		assertThat(outcome.figures().get(0).n()).isEqualTo(75);
		assertThat(outcome.figures().get(1).n()).isEqualTo(25);
		assertThat(seconds(outcome.figures().get(0))).isGreaterThan(0.9);
		assertThat(seconds(outcome.figures().get(1))).isGreaterThan(1.9);
		assertThat(outcome.figures().get(2)).isEqualTo(Figure.zero("R24", outcome.figures().get(2).test(), 100, 0));
	}

	private static double seconds(Figure figure) {
		return Double.parseDouble(figure.measured().replaceFirst(" s .*", ""));
	}

	@Test
	void garbageReachesTheNode() throws Exception {
		Outcome outcome = run(new GarbageFlood());
		assertThat(outcome.figures()).hasSize(2).allSatisfy((figure) -> assertThat(figure.n()).isPositive());
		assertThat(outcome.details()).filteredOn((line) -> line.contains("connections/s"))
			.hasSize(4)
			.filteredOn((line) -> !line.contains("the node ended"))
			.hasSizeGreaterThanOrEqualTo(2)
			.noneMatch((line) -> line.contains(" 0 connections/s"));
	}

	@Test
	void hostileRequestsCostWhatIsAllowed() throws Exception {
		Outcome outcome = run(new DecodeCost());
		assertThat(outcome.figures()).hasSize(5);
		// These count bytes, not times
		assertThat(outcome.figures().subList(0, 3))
			.allSatisfy((figure) -> assertThat(figure.verdict()).isEqualTo(Verdict.MET));
		assertThat(outcome.figures().get(0).go()).startsWith("1,048,");
		assertThat(outcome.details()).noneMatch((line) -> line.contains("waits"));
	}

}
