package io.github.netrpc.benchmarks.reliability;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;

import io.github.netrpc.work.JobProgress;
import io.github.netrpc.work.JobProgress.State;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CountedJob}, and for the figure that is made of it.
 */
class CountedJobTests {

	private static final JobProgress PROGRESS = new JobProgress(State.SUCCEEDED, OptionalLong.of(4), 4, 0, 0, 0, 0, 0,
			0, 1, Duration.ofMillis(1_500), null, List.of());

	@Test
	void countsWhatWasLostAndWhatWasCountedTwice() {
		CountedJob job = CountedJob.of(3, new int[] { 1, 0, 3, 1 }, PROGRESS, "");
		assertThat(job.lost()).isEqualTo(1);
		assertThat(job.twice()).isEqualTo(2);
		assertThat(job.seconds()).isEqualTo(1.5);
		assertThat(WorkerKilled.counts("R3", List.of(job, job)))
			.isEqualTo(Figure.zero("R3", "items without a result, or with two", 8, 6));
	}

	@Test
	void extraRunsAreThoseOfItsOwnItems() {
		CountedJob job = CountedJob.of(3, new int[] { 1, 1 }, PROGRESS, "");
		assertThat(job.extraRuns(new int[] { 9, 9, 9, 2, 4, 9 })).isEqualTo(4);
		assertThat(job.extraRuns(new int[] { 9, 9, 9, 0, 1, 9 })).isZero();
	}

	@Test
	void failureOfAJobIsInTheFigure() {
		CountedJob job = CountedJob.of(1, new int[] { 1, 0 }, PROGRESS, "no nodes");
		assertThat(WorkerKilled.counts("R5", List.of(job)).measured()).isEqualTo("1 (no nodes)");
	}

}
