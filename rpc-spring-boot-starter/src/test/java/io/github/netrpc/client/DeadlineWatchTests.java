package io.github.netrpc.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DeadlineWatch}.
 */
class DeadlineWatchTests {

	private final FakeTimer timer = new FakeTimer();

	@Test
	void deadlineThatIsWatchedWhileASweepRunsIsSweptForItself() {
		List<Long> sweeps = new ArrayList<>();
		DeadlineWatch[] watch = new DeadlineWatch[1];
		long begin = this.timer.nanoTime();
		// The sweep has passed the place of the new call when that is added.
		watch[0] = new DeadlineWatch(this.timer, (now) -> {
			sweeps.add(now - begin);
			if (sweeps.size() == 1) {
				watch[0].watch(now + 500);
			}
			return Long.MAX_VALUE;
		});
		watch[0].watch(begin + 1_000);
		this.timer.advance(Duration.ofSeconds(1));
		assertThat(sweeps).containsExactly(1_000L, 1_500L);
		assertThat(this.timer.scheduled()).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "500, 2000, 1500", "2000, 500, 1500" })
	void earlierOfTheDeadlineThatTheSweepFoundAndTheOneThatCameMeanwhileCounts(long came, long found, long next) {
		List<Long> sweeps = new ArrayList<>();
		DeadlineWatch[] watch = new DeadlineWatch[1];
		long begin = this.timer.nanoTime();
		watch[0] = new DeadlineWatch(this.timer, (now) -> {
			sweeps.add(now - begin);
			if (sweeps.size() == 1) {
				watch[0].watch(now + came);
				return now + found;
			}
			return (sweeps.size() == 2) ? begin + 3_000 : Long.MAX_VALUE;
		});
		watch[0].watch(begin + 1_000);
		this.timer.advance(Duration.ofSeconds(1));
		assertThat(sweeps).containsExactly(1_000L, next, 3_000L);
		assertThat(this.timer.scheduled()).isZero();
	}

	@Test
	void laterDeadlineLeavesTheTimerAlone() {
		DeadlineWatch watch = new DeadlineWatch(this.timer, (now) -> Long.MAX_VALUE);
		watch.watch(this.timer.nanoTime() + 1_000);
		watch.watch(this.timer.nanoTime() + 2_000);
		watch.watch(this.timer.nanoTime() + 500);
		assertThat(this.timer.scheduled()).isEqualTo(1);
		this.timer.advance(Duration.ofNanos(500));
		assertThat(this.timer.scheduled()).isZero();
	}

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
