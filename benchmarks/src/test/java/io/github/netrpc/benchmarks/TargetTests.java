package io.github.netrpc.benchmarks;

import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Target}, and the medians it compares.
 */
class TargetTests {

	private final Results results = new Results();

	@BeforeEach
	void goAndEchoAreMeasured() {
		this.results.add(Peer.GO_GOB, 64, cell(100_000, 450, 10));
		this.results.add(Peer.GO_GOB, 1, cell(30_000, 30, 35));
		this.results.add(Peer.ECHO, 64, cell(2_000_000, 20, 0.3));
		this.results.add(Peer.ECHO_MESSAGES, 64, cell(1_000_000, 20, 0.3));
	}

	@Test
	void verdictWhenEveryFigureIsReachedIsMet() {
		this.results.add(Peer.GOB, 64, cell(700_000, 90, 2));
		this.results.add(Peer.GOB, 1, cell(30_000, 30, 35));
		assertThat(verdicts()).containsExactly("met", "met", "met", "met", "met");
	}

	@Test
	void verdictWhenFigureIsMissedIsNotMet() {
		this.results.add(Peer.GOB, 64, cell(499_000, 90, 2.01));
		this.results.add(Peer.GOB, 1, cell(30_000, 30.1, 35));
		assertThat(verdicts()).containsExactly("**not met**", "**not met**", "**not met**", "**not met**", "met");
	}

	@Test
	void verdictComparesMediansOfRounds() {
		for (double callsPerSecond : new double[] { 9_000_000, 400_000, 300_000 }) {
			this.results.add(Peer.GOB, 64, cell(callsPerSecond, 90, 2));
		}
		assertThat(targets().get(0).found()).isEqualTo(4);
		assertThat(verdicts().get(0)).isEqualTo("**not met**");
	}

	@Test
	void verdictWhenPeerIsMissingIsNotMeasured() {
		assertThat(verdicts()).containsOnly("not measured");
	}

	private List<String> verdicts() {
		return targets().stream().map(Target::verdict).toList();
	}

	private List<Target> targets() {
		return Target.of(Peer.GOB, this.results);
	}

	private static Cell cell(double callsPerSecond, double p50Micros, double cpuMicros) {
		return new Cell(callsPerSecond, p50Micros, p50Micros, p50Micros, cpuMicros / 2, cpuMicros / 2);
	}

}
