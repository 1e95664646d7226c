package io.github.netrpc.client;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RetryBudget} and {@link RetryLimits}.
 */
class RetryBudgetTests {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private long now = 5 * SECOND;

	private final RetryBudget budget = new RetryBudget(0.1, 10, this.now);

	private void call(int times) {
		for (int i = 0; i < times; i++) {
			this.budget.called(this.now);
		}
	}

	private int retries() {
		int retries = 0;
		while (this.budget.withdraw(this.now)) {
			retries++;
		}
		return retries;
	}

	@Test
	void loneCallerMayRetryTenTimesInTenSeconds() {
		call(1);
		assertThat(retries()).isEqualTo(10);
		this.now += 9 * SECOND;
		assertThat(retries()).isZero();
		this.now += 3 * SECOND;
		assertThat(retries()).isEqualTo(10);
	}

	@Test
	void oneRetryForTenCalls() {
		call(1_000);
		assertThat(retries()).isEqualTo(100);
		call(9);
		assertThat(retries()).isZero();
		call(1);
		assertThat(retries()).isEqualTo(1);
	}

	@Test
	void callsCountForTenSeconds() {
		call(1_000);
		this.now += 9 * SECOND;
		assertThat(retries()).isEqualTo(100);
		this.now += 3 * SECOND;
		// The calls have left the window, the retries that they allowed have not.
		assertThat(retries()).isZero();
		this.now += 10 * SECOND;
		assertThat(retries()).isEqualTo(10);
	}

	@Test
	void retriesOfASteadyOutageStayWithinTheBudgetForEver() {
		long calls = 0;
		long retries = 0;
		for (int i = 0; i < 60_000; i++) {
			this.now += SECOND / 1_000;
			this.budget.called(this.now);
			calls++;
			// Every attempt fails and asks again.
			for (int attempt = 1; attempt < 3 && this.budget.withdraw(this.now); attempt++) {
				retries++;
			}
		}
		assertThat((calls + retries) / (double) calls).isBetween(1.09, 1.10);
	}

	@Test
	void floorMayBeHigherOrNothing() {
		RetryBudget high = new RetryBudget(0.1, 12, this.now);
		for (int i = 0; i < 12; i++) {
			assertThat(high.withdraw(this.now)).isTrue();
		}
		assertThat(high.withdraw(this.now)).isFalse();
		RetryBudget nothing = new RetryBudget(0.1, 0, this.now);
		for (int i = 0; i < 9; i++) {
			nothing.called(this.now);
		}
		assertThat(nothing.withdraw(this.now)).isFalse();
		nothing.called(this.now);
		assertThat(nothing.withdraw(this.now)).isTrue();
	}

	@Test
	void refusalsAreExceptionsWhileTheyAreNoMoreThanRetriesMayBe() {
		call(1_000);
		for (int i = 0; i < 100; i++) {
			assertThat(this.budget.refused(this.now)).isTrue();
		}
		assertThat(this.budget.refused(this.now)).isFalse();
		call(20);
		assertThat(this.budget.refused(this.now)).isTrue();
	}

	@Test
	void refusalsAndCallsOfTwoSecondsAgoTellNothing() {
		call(10_000);
		this.now += 2 * SECOND;
		for (int i = 0; i < 10; i++) {
			assertThat(this.budget.refused(this.now)).isTrue();
		}
		assertThat(this.budget.refused(this.now)).isFalse();
		this.now += 2 * SECOND;
		assertThat(this.budget.refused(this.now)).isTrue();
	}

	@Test
	void zeroAllowsNone() {
		RetryBudget none = new RetryBudget(0, 10, this.now);
		none.called(this.now);
		assertThat(none.withdraw(this.now)).isFalse();
	}

	@Test
	void pausesDoubleUpToTheirBound() {
		RetryLimits limits = new RetryLimits(10, Duration.ofMillis(100), Duration.ofSeconds(1), 0.1, 10);
		assertThat(limits.longestPauseNanos(1)).isEqualTo(Duration.ofMillis(100).toNanos());
		assertThat(limits.longestPauseNanos(2)).isEqualTo(Duration.ofMillis(200).toNanos());
		assertThat(limits.longestPauseNanos(4)).isEqualTo(Duration.ofMillis(800).toNanos());
		assertThat(limits.longestPauseNanos(5)).isEqualTo(SECOND);
		assertThat(limits.longestPauseNanos(9)).isEqualTo(SECOND);
	}

	@Test
	void unusableLimitsAreRefused() {
		Duration millis = Duration.ofMillis(100);
		assertThatIllegalArgumentException().isThrownBy(() -> new RetryLimits(0, millis, millis, 0.1, 10))
			.withMessage("max attempts: 0 (expected: 1 to 10)");
		assertThatIllegalArgumentException().isThrownBy(() -> new RetryLimits(3, Duration.ZERO, millis, 0.1, 10))
			.withMessageStartingWith("backoff: PT0S");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new RetryLimits(3, millis, Duration.ofMillis(99), 0.1, 10))
			.withMessage("max backoff: PT0.099S (expected: PT0.1S or more)");
		assertThatIllegalArgumentException().isThrownBy(() -> new RetryLimits(3, millis, millis, Double.NaN, 10))
			.withMessage("retry budget: NaN (expected: 0 to 1)");
		assertThatIllegalArgumentException().isThrownBy(() -> new RetryLimits(3, millis, millis, 0.1, -1))
			.withMessage("retry budget floor: -1 (expected: 0 or more)");
	}

}
