package io.github.netrpc.cluster;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link LatencyAverage} and {@link Decay}.
 */
class LatencyAverageTests {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

	private final LatencyAverage latency = warm();

	private long now = 5 * SECOND;

	/**
	 * The average of a node that has answered often, of which nothing is left.
	 */
	private static LatencyAverage warm() {
		LatencyAverage latency = new LatencyAverage();
		for (int i = 0; i < 31; i++) {
			latency.answered(0, i - 1_000 * SECOND);
		}
		return latency;
	}

	/**
	 * One call each millisecond.
	 */
	private void calls(int count, long nanos) {
		for (int i = 0; i < count; i++) {
			this.now += MILLI;
			this.latency.answered(nanos, this.now);
		}
	}

	private long idle() {
		return this.latency.at(this.now, false);
	}

	@Test
	void decayIsExactAtHalfLivesAndNearBetween() {
		for (int i = 0; i <= 400; i++) {
			double exact = Math.pow(2, -i / 20.0);
			assertThat(Decay.left(i * 50, 1_000) / exact).isCloseTo(1, within(0.01));
		}
		assertThat(Decay.left(3_000, 1_000)).isEqualTo(0.125);
		assertThat(Decay.left(-1, 1_000)).isEqualTo(1);
		assertThat(Decay.left(Long.MAX_VALUE, 1)).isBetween(0.0, 1e-18);
	}

	@Test
	void nothingIsKnownBeforeTheFirstCall() {
		assertThat(idle()).isZero();
		this.latency.failed(MILLI, this.now);
		assertThat(idle()).isEqualTo(MILLI);
	}

	@Test
	void firstAnswerIsLeftOutAndTheSecondIsTheAverage() {
		LatencyAverage cold = new LatencyAverage();
		cold.answered(150 * MILLI, this.now);
		assertThat(cold.at(this.now, false)).isZero();
		cold.answered(3 * MILLI, this.now);
		assertThat(cold.at(this.now, false)).isEqualTo(3 * MILLI);
	}

	@Test
	void coldAnswersAreForgottenByTheNextOnesAndNotByTime() {
		LatencyAverage cold = new LatencyAverage();
		cold.answered(150 * MILLI, this.now);
		cold.answered(20 * MILLI, this.now);
		for (int i = 1; i <= 15; i++) {
			cold.answered(MILLI / 5, this.now + i);
		}
		assertThat(cold.at(this.now + 15, false)).isBetween(MILLI / 5, MILLI);
	}

	@Test
	void failureCountsEvenIfItIsTheFirst() {
		LatencyAverage cold = new LatencyAverage();
		cold.failed(150 * MILLI, this.now);
		assertThat(cold.at(this.now, false)).isEqualTo(150 * MILLI);
	}

	@Test
	void whatHappenedASecondAgoCountsHalf() {
		calls(1, 100 * MILLI);
		calls(1_000, 0);
		assertThat((double) idle()).isCloseTo(50 * MILLI, within(2.0 * MILLI));
	}

	@Test
	void slowerCallsAreSeenSooner() {
		calls(1, MILLI);
		calls(250, 101 * MILLI);
		assertThat((double) idle()).isCloseTo(51 * MILLI, within(5.0 * MILLI));
	}

	@Test
	void rateOfCallsDoesNotMatter() {
		calls(1, MILLI);
		for (int i = 0; i < 10; i++) {
			this.now += 100 * MILLI;
			this.latency.answered(0, this.now);
		}
		assertThat((double) idle()).isCloseTo(MILLI / 2.0, within(MILLI / 20.0));
	}

	@Test
	void slowNodeThatIsNotCalledLooksBetterAndBetter() {
		this.latency.answered(80 * MILLI, this.now);
		this.now += 3 * SECOND;
		assertThat(idle()).isEqualTo(10 * MILLI);
		// A call is under way, to find out
		assertThat(this.latency.at(this.now, true)).isGreaterThan(60 * MILLI);
		this.latency.answered(80 * MILLI, this.now);
		assertThat(idle()).isGreaterThan(79 * MILLI);
	}

	@Test
	void nodeThatFailsFastDoesNotLookFast() {
		calls(10, 10 * MILLI);
		this.now += 100 * MILLI;
		long before = idle();
		for (int i = 0; i < 1_000; i++) {
			this.now += MILLI;
			this.latency.failed(1_000, this.now);
		}
		assertThat(idle()).isGreaterThanOrEqualTo(before);
	}

	@Test
	void callThatTimedOutCountsAsItsTime() {
		calls(10, MILLI);
		this.now += SECOND;
		this.latency.failed(SECOND, this.now);
		assertThat(idle()).isGreaterThan(900 * MILLI);
	}

}
