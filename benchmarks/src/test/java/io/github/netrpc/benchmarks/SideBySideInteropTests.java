package io.github.netrpc.benchmarks;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Runs every peer for a moment, so that the benchmark cannot rot. A peer whose runtime is
 * missing here is skipped with the reason.
 */
@Tag("long")
class SideBySideInteropTests {

	@ParameterizedTest
	@EnumSource
	void runFindsCallsOfEveryPeer(Peer peer) throws Exception {
		Options options = new Options(1, 0.3, 0.2, 1, List.of(peer), List.of(1, 16), false, false, Path.of(""),
				List.of());
		Toolchain toolchain = Toolchain.find(options, System.getenv());
		String missing = toolchain.missing(peer);
		if (peer.platform() == Peer.Platform.GO && "true".equals(System.getenv("RPC_REQUIRE_GO"))) {
			assertThat(missing).isNull();
		}
		assumeThat(missing).as(peer.option()).isNull();
		Results results = new SideBySide(options, toolchain).run();
		assertThat(results.missing()).isEmpty();
		for (int inFlight : options.inFlight()) {
			Cell cell = results.median(peer, inFlight);
			assertThat(cell).isNotNull();
			assertThat(cell.callsPerSecond()).isPositive();
			assertThat(cell.p50Micros()).isPositive().isLessThanOrEqualTo(cell.p99Micros());
			assertThat(cell.p99Micros()).isLessThanOrEqualTo(cell.p999Micros());
		}
		// CPU time is counted in steps of 10 ms, which one call at a time may not fill.
		Cell busy = results.median(peer, 16);
		assertThat(busy.clientCpuMicros()).isPositive();
		assertThat(busy.serverCpuMicros()).isPositive();
		String report = new Report(options, results, new Revision("0123456789ab", true), Machine.now(), toolchain)
			.toMarkdown();
		assertThat(report).contains("- Commit: 0123456789ab, with changes that are not committed",
				"| " + peer.option() + ": " + peer.title() + " |", "## 16 in flight");
	}

}
