package io.github.netrpc.benchmarks.reliability;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link HeapTrend}.
 */
class HeapTrendTests {

	private final HeapTrend trend = new HeapTrend();

	@Test
	void growthIsWhatItWouldBeInTenMinutes() {
		for (int minute = 0; minute < 20; minute++) {
			this.trend.add(TimeUnit.MINUTES.toNanos(minute), 10_000_000 + 50_000L * minute);
		}
		assertThat(this.trend.bytesInTenMinutes()).isCloseTo(500_000, within(1.0));
	}

	@Test
	void beginAndOutliersDoNotCount() {
		for (int minute = 0; minute < 20; minute++) {
			this.trend.add(TimeUnit.MINUTES.toNanos(minute), (minute < 5) ? 1_000_000L * minute : 8_000_000);
		}
		this.trend.add(TimeUnit.MINUTES.toNanos(20), 90_000_000);
		assertThat(this.trend.bytesInTenMinutes()).isZero();
	}

	@Test
	void tooFewSamplesAreNoTrend() {
		this.trend.add(1, 1);
		assertThat(this.trend.bytesInTenMinutes()).isNaN();
	}

}
