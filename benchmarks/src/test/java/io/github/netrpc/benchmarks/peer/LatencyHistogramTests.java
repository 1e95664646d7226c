package io.github.netrpc.benchmarks.peer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link LatencyHistogram}.
 */
class LatencyHistogramTests {

	@ParameterizedTest
	@ValueSource(longs = { 1, 31, 32, 63, 64, 65, 1_000, 123_456, 9_999_999, 68_000_000_000L })
	void recordKeepsValueWithinThreePercent(long nanos) {
		LatencyHistogram histogram = new LatencyHistogram();
		histogram.record(nanos);
		assertThat(histogram.count()).isOne();
		assertThat(histogram.micros(0.5) * 1000).isCloseTo(nanos, within(nanos * 0.032));
	}

	@Test
	void recordWhenBeyondRangeCountsAtItsEnds() {
		LatencyHistogram histogram = new LatencyHistogram();
		histogram.record(-5);
		histogram.record(Long.MAX_VALUE);
		assertThat(histogram.count()).isEqualTo(2);
		assertThat(histogram.micros(0)).isZero();
		assertThat(histogram.micros(0.99)).isGreaterThan(66_000_000);
	}

	@Test
	void microsFindsRankAcrossAddedHistograms() {
		LatencyHistogram all = new LatencyHistogram();
		for (int writer = 0; writer < 10; writer++) {
			LatencyHistogram histogram = new LatencyHistogram();
			for (int i = 1; i <= 100; i++) {
				histogram.record((writer * 100L + i) * 1000);
			}
			all.add(histogram);
		}
		assertThat(all.count()).isEqualTo(1000);
		assertThat(all.micros(0.5)).isCloseTo(500, within(16.0));
		assertThat(all.micros(0.99)).isCloseTo(990, within(32.0));
		assertThat(all.micros(0.999)).isCloseTo(1000, within(32.0));
	}

	@Test
	void microsWhenEmptyIsZero() {
		assertThat(new LatencyHistogram().micros(0.5)).isZero();
	}

}
