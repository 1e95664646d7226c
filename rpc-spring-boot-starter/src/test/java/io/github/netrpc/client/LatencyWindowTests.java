package io.github.netrpc.client;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LatencyWindow}.
 */
class LatencyWindowTests {

	private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

	private final LatencyWindow window = new LatencyWindow(0);

	@ParameterizedTest
	@ValueSource(longs = { 0, 1, 8_191, 8_192, 65_535, 65_536, 100_000, 1_000_000, 7_777_777, 123_456_789, 999_999_999,
			10_000_000_000L, 100_000_000_000L })
	void whatIsReadIsAtMostAnEighthTooLong(long nanos) {
		this.window.answered(nanos);
		long read = this.window.within(0.95, 1);
		assertThat(read).isGreaterThan(nanos).isLessThanOrEqualTo(Math.max(nanos + 8_192, nanos + nanos / 8 + 1));
	}

	@Test
	void whatTakesLongerThanTwoMinutesIsAsLong() {
		this.window.answered(Long.MAX_VALUE);
		assertThat(this.window.within(0.5, 1)).isGreaterThan(TimeUnit.SECONDS.toNanos(100))
			.isLessThan(TimeUnit.SECONDS.toNanos(200));
	}

	@Test
	void percentileIsTheTimeThatSoManyCallsKeep() {
		for (int i = 1; i <= 100; i++) {
			this.window.answered((i <= 95) ? MILLI : 100 * MILLI);
		}
		assertThat(this.window.within(0.95, 100)).isBetween(MILLI, 2 * MILLI);
		assertThat(this.window.within(0.96, 100)).isGreaterThan(100 * MILLI);
		assertThat(this.window.within(0.95, 101)).isEqualTo(-1);
	}

	@Test
	void callsAreForgottenAfterTwentySeconds() {
		this.window.answered(MILLI);
		this.window.moveTo(LatencyWindow.SLICE_NANOS);
		assertThat(this.window.within(0.95, 1)).isPositive();
		this.window.moveTo(2 * LatencyWindow.SLICE_NANOS);
		assertThat(this.window.within(0.95, 1)).isEqualTo(-1);
		this.window.answered(MILLI);
		this.window.failed();
		this.window.moveTo(10 * LatencyWindow.SLICE_NANOS);
		assertThat(this.window.within(0.95, 1)).isEqualTo(-1);
		assertThat(this.window.failedShare()).isZero();
	}

	@Test
	void shareOfFailuresIsThatOfAllAttempts() {
		assertThat(this.window.failedShare()).isZero();
		this.window.failed();
		assertThat(this.window.failedShare()).isEqualTo(1);
		for (int i = 0; i < 9; i++) {
			this.window.answered(MILLI);
		}
		this.window.moveTo(LatencyWindow.SLICE_NANOS);
		assertThat(this.window.failedShare()).isEqualTo(0.1);
	}

}
