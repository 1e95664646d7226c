package io.github.netrpc.benchmarks.reliability;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import io.github.netrpc.benchmarks.reliability.ReconnectStorm.Returns;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReconnectStorm}.
 */
class ReconnectStormTests {

	private static final Duration WINDOW = Duration.ofMillis(100);

	private static Returns returns(int missing, long... millis) {
		return new Returns(Arrays.stream(millis).map(TimeUnit.MILLISECONDS::toNanos).toArray(), missing, 10);
	}

	@Test
	void busiestWindowMayBeginAtAnyMoment() {
		assertThat(returns(0, 10, 90, 110, 180, 500).busiestShare(WINDOW)).isEqualTo(0.6);
	}

	@Test
	void clientsAtBothEndsOfAWindowAreNotInOneWindow() {
		assertThat(returns(0, 100, 200).busiestShare(WINDOW)).isEqualTo(0.5);
	}

	@Test
	void clientThatIsNotBackCountsAsLate() {
		Returns returns = returns(1, 10, 9_000, 10_001);
		assertThat(returns.laterThan(Duration.ofSeconds(10))).isEqualTo(2);
		assertThat(returns.lastSeconds()).isInfinite();
		assertThat(returns.clients()).isEqualTo(4);
	}

}
