package io.github.netrpc.benchmarks.reliability;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PauseMeter}.
 */
class PauseMeterTests {

	@Test
	void pauseIsWhatGoesBeyondTheMillisecondAskedFor() {
		PauseMeter meter = new PauseMeter();
		meter.slept(1_100_000);
		meter.slept(20_999_999);
		assertThat(meter.text()).contains("20 ms or more 0 times, 0 ms in all, 19 ms at worst");
		meter.slept(21_000_000);
		meter.slept(101_000_000);
		assertThat(meter.text()).contains("20 ms or more 2 times, 120 ms in all, 100 ms at worst");
	}

}
