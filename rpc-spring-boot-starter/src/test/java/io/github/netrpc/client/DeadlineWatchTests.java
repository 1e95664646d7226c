package io.github.netrpc.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DeadlineWatch}.
 */
class DeadlineWatchTests {

	private final FakeTimer timer = new FakeTimer();

	@Test
	void sweepThatFailsIsMadeAgain100MillisecondsLater() {
		List<Long> sweeps = new ArrayList<>();
		DeadlineWatch watch = new DeadlineWatch(this.timer, (now) -> {
			sweeps.add(now);
			if (sweeps.size() == 1) {
				throw new OutOfMemoryError("thrown by a test");
			}
			return Long.MAX_VALUE;
		});
		long deadline = this.timer.nanoTime() + 1_000;
		watch.watch(deadline);
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> this.timer.advance(Duration.ofMillis(50)));
		this.timer.advance(Duration.ofSeconds(10));
		assertThat(sweeps).containsExactly(deadline, deadline + 100_000_000);
		assertThat(this.timer.scheduled()).isZero();
	}

}
