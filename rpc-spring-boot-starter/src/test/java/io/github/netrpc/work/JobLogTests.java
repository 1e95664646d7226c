package io.github.netrpc.work;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.netrpc.work.JobProgress.State;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JobLog}.
 */
@ExtendWith(OutputCaptureExtension.class)
class JobLogTests {

	private static final OptionalLong TOTAL = OptionalLong.of(200);

	private final JobLog log = new JobLog("job numbers (job-1)");

	private static JobProgress progress(State state, OptionalLong total, long completed, long parked,
			Duration elapsed) {
		WorkerProgress worker = new WorkerProgress("a", completed, Duration.ZERO, 2, 0, 0, 0, true);
		return new JobProgress(state, total, completed, 2, 0, 0, 0, 0, parked, 50, elapsed, null,
				List.of(worker, worker));
	}

	private static List<String> lines(CapturedOutput output) {
		return output.getOut()
			.lines()
			.filter((line) -> line.contains("job numbers"))
			.map((line) -> line.substring(line.indexOf("job numbers")))
			.toList();
	}

	@Test
	void sayBeginningEachTenthAndEnd(CapturedOutput output) {
		this.log.begun(progress(State.RUNNING, TOTAL, 0, 0, Duration.ZERO));
		for (int completed = 0; completed <= 200; completed++) {
			this.log.progress(progress(State.RUNNING, TOTAL, completed, 0, Duration.ofSeconds(completed)));
		}
		this.log.ended(progress(State.SUCCEEDED, TOTAL, 200, 0, Duration.ofMillis(1_234)));
		List<String> lines = lines(output);
		assertThat(lines).hasSize(11);
		assertThat(lines.get(0)).isEqualTo("job numbers (job-1) has begun: 200 items, 2 nodes");
		for (int tenth = 1; tenth < 10; tenth++) {
			assertThat(lines.get(tenth)).startsWith(
					"job numbers (job-1): %d of 200 items (%d %%), 2 running".formatted(20 * tenth, 10 * tenth));
		}
		assertThat(lines.get(10))
			.startsWith("job numbers (job-1) has succeeded after 1234 ms: 200 of 200 items (100 %)");
	}

	@Test
	void eachOutcomeHasItsWords(CapturedOutput output) {
		this.log.ended(progress(State.FAILED, TOTAL, 20, 3, Duration.ofMillis(5)));
		this.log.ended(progress(State.CANCELLED, TOTAL, 20, 0, Duration.ofMillis(6)));
		assertThat(lines(output).get(0)).startsWith("job numbers (job-1) has failed after 5 ms: 20 of 200 items")
			.contains("3 parked");
		assertThat(lines(output).get(1)).startsWith("job numbers (job-1) was cancelled after 6 ms: 20 of 200 items");
	}

	@Test
	void parkedItemsAreDoneAsWellAndStepsMayBeLong(CapturedOutput output) {
		this.log.progress(progress(State.RUNNING, TOTAL, 18, 1, Duration.ZERO));
		this.log.progress(progress(State.RUNNING, TOTAL, 18, 2, Duration.ZERO));
		this.log.progress(progress(State.RUNNING, TOTAL, 118, 2, Duration.ZERO));
		this.log.progress(progress(State.RUNNING, TOTAL, 130, 2, Duration.ZERO));
		assertThat(lines(output)).hasSize(2);
		assertThat(lines(output).get(0)).contains("18 of 200 items").contains("2 parked");
		assertThat(lines(output).get(1)).contains("118 of 200 items");
	}

	@Test
	void eachMinuteHasALineWhereNobodyKnowsTheTotal(CapturedOutput output) {
		this.log.begun(progress(State.RUNNING, OptionalLong.empty(), 0, 0, Duration.ZERO));
		for (int seconds = 0; seconds <= 150; seconds++) {
			this.log
				.progress(progress(State.RUNNING, OptionalLong.empty(), 10L * seconds, 0, Duration.ofSeconds(seconds)));
		}
		List<String> lines = lines(output);
		assertThat(lines).hasSize(3);
		assertThat(lines.get(0)).endsWith("has begun: some items, 2 nodes");
		assertThat(lines.get(1)).contains("600 items, 2 running");
		assertThat(lines.get(2)).contains("1,200 items, 2 running");
	}

}
