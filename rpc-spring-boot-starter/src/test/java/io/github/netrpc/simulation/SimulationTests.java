package io.github.netrpc.simulation;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import io.github.netrpc.simulation.Promises.Breach;
import io.github.netrpc.simulation.Simulation.Outcome;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs simulations. With {@code -Dsimulation.seeds=N} as many as that, with
 * {@code -Dsimulation.seed=X} one, whose log is printed.
 */
class SimulationTests {

	private static final int THREADS = 2;

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.github.netrpc");

	private final Level level = this.logger.getLevel();

	private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

	private final PrintStream out = new PrintStream(this.printed, true, StandardCharsets.UTF_8);

	@BeforeEach
	void silence() {
		SimulationRunner.silence();
	}

	@AfterEach
	void restore() {
		this.logger.setLevel(this.level);
	}

	@Test
	void everySeedKeepsThePromises() {
		runSeeds(1, 100);
	}

	@Test
	@Tag("long")
	void manySeedsKeepThePromises() {
		runSeeds(1_000_000, 2_000);
	}

	private void runSeeds(long first, long seeds) {
		SimulationRunner runner = new SimulationRunner(this.out);
		Long seed = Long.getLong("simulation.seed");
		if (seed != null) {
			Breach breach = runner.replay(seed, Integer.MAX_VALUE).breach();
			assertThat(breach).as(this.printed.toString(StandardCharsets.UTF_8)).isNull();
			return;
		}
		List<Outcome> breaches = runner.run(first, Long.getLong("simulation.seeds", seeds), THREADS);
		assertThat(breaches).as(this.printed.toString(StandardCharsets.UTF_8)).isEmpty();
	}

	@Test
	void sameSeedIsTheSameRun() {
		for (long seed = 1; seed <= 8; seed++) {
			List<String> first = new ArrayList<>();
			List<String> second = new ArrayList<>();
			Outcome one = new Simulation(seed, first).run();
			Outcome two = new Simulation(seed, second).run();
			assertThat(second).isEqualTo(first);
			assertThat(two).isEqualTo(one);
			assertThat(new Simulation(seed, null).run()).isEqualTo(one);
		}
	}

	@Test
	void breachNamesItsSeedThePromiseAndTheCommandThatReplaysIt() {
		SimulationRunner runner = new SimulationRunner(this.out,
				(seed) -> (seed == 5)
						? new Outcome(5, new Breach("two and two is four", "it was five", 1_000_000, null), 1, 1, 1, 1,
								Map.of(), new SimulatedJobs.Counts(1, 2, 30, 40))
						: new Outcome(seed, null, 1, 1, 1, 1, Map.of(), SimulatedJobs.Counts.NONE));
		List<Outcome> breaches = runner.run(1, 10, THREADS);
		assertThat(breaches).extracting(Outcome::seed).containsExactly(5L);
		assertThat(this.printed.toString(StandardCharsets.UTF_8)).contains("10 seeds",
				"jobs: 2 in 1 of the seeds, 30 items, 40 attempts", "breaches: 1", "two and two is four", "it was five",
				"benchmarks/simulation -Dsimulation.seed=5", "closing");
	}

	@Test
	void faultsOfManyKindsHappenAndCallsEndInManyWays() {
		List<String> log = new ArrayList<>();
		for (long seed = 1; seed <= 30; seed++) {
			new Simulation(seed, log).run();
		}
		assertThat(String.join("\n", log)).contains("is killed", "drains", "is frozen", "loses power", "black hole",
				"nothing reaches", "nothing comes from", "refuses calls", "sends garbage", "are reset", "times slower",
				"loss of", "calls at once", "is cancelled", "a second attempt has won", "a second attempt has lost",
				"no more faults", "is item 0 of job 1", "ends: SUCCEEDED", "reassigned");
	}

}
