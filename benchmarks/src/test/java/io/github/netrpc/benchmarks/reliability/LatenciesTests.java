package io.github.netrpc.benchmarks.reliability;

import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Latencies}.
 */
class LatenciesTests {

	@Test
	void millisIsTheNearestRankWhateverTheOrder() {
		Latencies latencies = new Latencies(LongStream.rangeClosed(1, 100).map((i) -> (101 - i) * 1_000_000).toArray());
		assertThat(latencies.millis(0.5)).isEqualTo(50);
		assertThat(latencies.millis(0.99)).isEqualTo(99);
		assertThat(latencies.worstMillis()).isEqualTo(100);
	}

	@Test
	void millisOfFewIsOneOfThem() {
		Latencies latencies = new Latencies(new long[] { 3_000_000, 1_000_000, 2_500_000 });
		assertThat(latencies.millis(0.5)).isEqualTo(2.5);
		// Of 50 rounds the 99th percentile is the worst one
		assertThat(new Latencies(LongStream.rangeClosed(1, 50).map((i) -> i * 1_000_000).toArray()).millis(0.99))
			.isEqualTo(50);
	}

	@Test
	void millisOfNoneIsZero() {
		assertThat(new Latencies(new long[0]).millis(0.99)).isZero();
	}

	@Test
	void medianOfAnEvenNumberIsBetween() {
		assertThat(Latencies.median(new double[] { 4, 1, 3, 2 })).isEqualTo(2.5);
		assertThat(Latencies.median(new double[] { 9, 1, 3 })).isEqualTo(3);
	}

}
