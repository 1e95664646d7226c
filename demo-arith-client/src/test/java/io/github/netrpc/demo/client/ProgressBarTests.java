package io.github.netrpc.demo.client;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.netrpc.work.JobProgress;
import io.github.netrpc.work.JobProgress.State;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ProgressBar}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ProgressBarTests {

	@Test
	void terminalHasABarThatGrowsInItsLine(CapturedOutput output) {
		ProgressBar bar = new ProgressBar(true);
		bar.show(progress(State.RUNNING, 50));
		bar.interrupt("a node dies");
		bar.show(progress(State.SUCCEEDED, 200));
		String half = "  [" + "#".repeat(7) + " ".repeat(23) + "]  25 %, 50 of 200, 4 s left";
		assertThat(output.getOut().split("[\r\n]+", -1)).extracting(String::stripTrailing)
			.containsExactly("", half, "  a node dies", half, "  [" + "#".repeat(30) + "] 100 %, 200 of 200", "");
	}

	@Test
	void otherOutputHasALineForEachQuarter(CapturedOutput output) {
		ProgressBar bar = new ProgressBar(false);
		bar.show(progress(State.RUNNING, 49));
		bar.show(progress(State.RUNNING, 50));
		bar.show(progress(State.RUNNING, 99));
		bar.interrupt("a node dies");
		bar.show(progress(State.RUNNING, 199));
		bar.show(progress(State.SUCCEEDED, 200));
		assertThat(output.getOut().lines()).containsExactly("   25 %, 50 of 200, 4 s left", "  a node dies",
				"   99 %, 199 of 200, 4 s left", "  100 %, 200 of 200");
	}

	private static JobProgress progress(State state, long completed) {
		return new JobProgress(state, OptionalLong.of(200), completed, 0, 0, 0, 0, 0, 0, 50, Duration.ofSeconds(1),
				Duration.ofMillis(3_100), List.of());
	}

}
