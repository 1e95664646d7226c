package io.github.netrpc.benchmarks.reliability;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import io.github.netrpc.benchmarks.reliability.OpenSamples.Kind;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OpenSamples}.
 */
class OpenSamplesTests {

	private static final Duration LIMIT = Duration.ofMillis(250);

	@Test
	void goodIsAnsweredInTimeAndNothingElse() {
		OpenSamples samples = new OpenSamples(5, 5);
		samples.ended(0, LIMIT.toNanos(), Kind.ANSWERED);
		samples.ended(1, LIMIT.toNanos() + 1, Kind.ANSWERED);
		samples.ended(2, 1, Kind.REFUSED);
		samples.ended(3, 1, Kind.TIMED_OUT);
		assertThat(samples.goodPerSecond(LIMIT)).isEqualTo(1);
		assertThat(samples.goodShare(Duration.ZERO, Duration.ofSeconds(1), LIMIT)).isEqualTo(0.2);
		assertThat(samples.count(Kind.OPEN)).isEqualTo(1);
		assertThat(samples.latencies(Kind.ANSWERED).count()).isEqualTo(2);
	}

	@Test
	void goodShareLooksAtTheTimeAsked() {
		OpenSamples samples = good(100, 1000, 0, 500);
		assertThat(samples.goodShare(Duration.ZERO, Duration.ofSeconds(5), LIMIT)).isZero();
		assertThat(samples.goodShare(Duration.ofSeconds(5), Duration.ofSeconds(10), LIMIT)).isEqualTo(1);
		assertThat(samples.callsBetween(Duration.ofSeconds(8), Duration.ofSeconds(20))).isEqualTo(200);
		assertThat(samples.goodShare(Duration.ofSeconds(10), Duration.ofSeconds(20), LIMIT)).isNaN();
	}

	@Test
	void healedAfterIsWhenOnlyOneInAHundredIsBadFromThere() {
		// 500 bad ones, then 500 good ones: five bad ones more are 1 % of 505
		OpenSamples samples = good(100, 1000, 0, 500);
		assertThat(samples.healedAfter(Duration.ofSeconds(2), 0.99, LIMIT)).isEqualTo(Duration.ofMillis(2950));
	}

	@Test
	void healedAfterWhenTheLastCallsAreBadIsTheWholeRest() {
		OpenSamples samples = good(100, 1000, 900, 1000);
		assertThat(samples.healedAfter(Duration.ofSeconds(4), 0.99, LIMIT)).isEqualTo(Duration.ofSeconds(6));
	}

	@Test
	void healedAfterWhenNothingIsBadIsAtOnce() {
		assertThat(good(100, 1000, 0, 0).healedAfter(Duration.ofSeconds(4), 0.99, LIMIT)).isEqualTo(Duration.ZERO);
	}

	@Test
	void slowCountsOneKindBeyondABound() {
		OpenSamples samples = good(100, 1000, 0, 500);
		samples.ended(10, LIMIT.toNanos() + 1, Kind.REFUSED);
		samples.ended(20, LIMIT.toNanos(), Kind.REFUSED);
		samples.ended(30, LIMIT.toNanos() + 1, Kind.ANSWERED);
		assertThat(samples.slow(Kind.REFUSED, Duration.ZERO, Duration.ofSeconds(10), LIMIT)).isEqualTo(1);
		assertThat(samples.slow(Kind.REFUSED, Duration.ofSeconds(1), Duration.ofSeconds(10), LIMIT)).isZero();
	}

	private static OpenSamples good(double callsPerSecond, int calls, int badFrom, int badTo) {
		OpenSamples samples = new OpenSamples(callsPerSecond, calls);
		for (int i = 0; i < calls; i++) {
			samples.ended(i, 1, (i >= badFrom && i < badTo) ? Kind.FAILED : Kind.ANSWERED);
		}
		return samples;
	}

}
