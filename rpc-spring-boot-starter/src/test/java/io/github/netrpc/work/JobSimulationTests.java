package io.github.netrpc.work;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Jobs in worlds of trouble. {@link JobSimulationRunner} runs many more of them.
 */
class JobSimulationTests {

	private static final int SEEDS = 500;

	@Test
	void everyItemCountsOnce() {
		for (long seed = 1; seed <= SEEDS; seed++) {
			JobWorld.Outcome outcome = new JobWorld(seed, null).run();
			assertThat(outcome.breach()).as("replay: " + JobSimulationRunner.command(seed)).isNull();
		}
	}

	@Test
	void seedReplaysExactly() {
		List<String> first = new ArrayList<>();
		List<String> second = new ArrayList<>();
		JobWorld.Outcome outcome = new JobWorld(7, first).run();
		assertThat(new JobWorld(7, second).run()).isEqualTo(outcome);
		assertThat(second).isNotEmpty().isEqualTo(first);
	}

	@Test
	void worldsAreTroubled() {
		int freezes = 0;
		int lapses = 0;
		int givenUp = 0;
		long late = 0;
		long parked = 0;
		long copies = 0;
		for (long seed = 1; seed <= 100; seed++) {
			JobWorld.Outcome outcome = new JobWorld(seed, null).run();
			freezes += outcome.freezes();
			lapses += outcome.lapses();
			givenUp += outcome.givenUp();
			late += outcome.progress().late();
			parked += outcome.progress().parked();
			copies += outcome.progress().speculated();
		}
		assertThat(List.of(freezes, lapses, givenUp)).allMatch((count) -> count > 10);
		assertThat(List.of(late, parked, copies)).allMatch((count) -> count > 10);
	}

}
