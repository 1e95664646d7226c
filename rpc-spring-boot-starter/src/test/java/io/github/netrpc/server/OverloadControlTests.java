package io.github.netrpc.server;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OverloadControl}: steps by hand, and a simulated server (promise 6,
 * R13, R14).
 */
class OverloadControlTests {

	private static final int CAPACITY = 1024;

	private final OverloadControl control = new OverloadControl(OverloadLimits.DEFAULT, CAPACITY);

	@Test
	void waitAboveTheTargetForLessThanTheIntervalIsABurst() {
		for (int ms = 0; ms < 100; ms++) {
			look(ms, 50, ms * 2);
		}
		assertThat(this.control.overloaded()).isFalse();
		look(100, 4, 200);
		look(101, 50, 202);
		look(199, 50, 400);
		assertThat(this.control.overloaded()).isFalse();
		assertThat(this.control.bound()).isEqualTo(CAPACITY);
	}

	@Test
	void waitAboveTheTargetForTheIntervalIsOverload() {
		for (int ms = 0; ms <= 100; ms++) {
			look(ms, 6, ms * 2);
		}
		assertThat(this.control.overloaded()).isTrue();
		assertThat(this.control.bound()).as("2 calls/ms, half of 100 ms").isEqualTo(100);
		assertThat(this.control.isTooLong(TimeUnit.MILLISECONDS.toNanos(100))).isFalse();
		assertThat(this.control.isTooLong(TimeUnit.MILLISECONDS.toNanos(100) + 1)).isTrue();
	}

	@Test
	void boundFollowsTheRate() {
		for (int ms = 0; ms <= 100; ms++) {
			look(ms, 6, ms * 2);
		}
		for (int ms = 101; ms <= 200; ms++) {
			look(ms, 6, 200 + (ms - 100) * 8);
		}
		assertThat(this.control.bound()).isEqualTo(400);
		for (int ms = 201; ms <= 300; ms++) {
			look(ms, 6, 1000);
		}
		assertThat(this.control.bound()).as("one goes in, to see whether any handler comes").isEqualTo(1);
	}

	@Test
	void overloadEndsWithTheFirstShortWait() {
		for (int ms = 0; ms <= 100; ms++) {
			look(ms, 6, ms * 2);
		}
		look(101, 5, 202);
		assertThat(this.control.overloaded()).isFalse();
		assertThat(this.control.bound()).isEqualTo(CAPACITY);
	}

	@Test
	void queueThatWasThrownAwayIsNoShortWait() {
		for (int ms = 0; ms <= 100; ms++) {
			look(ms, 6, 0);
		}
		look(101, 0, 0);
		assertThat(this.control.overloaded()).isTrue();
		this.control.look(TimeUnit.MILLISECONDS.toNanos(102), 0, 0, false);
		assertThat(this.control.overloaded()).as("a handler is free").isFalse();
	}

	@Test
	void overloadEndsWhenAHandlerHasNothingMoreToDoThoughNobodyLooks() {
		for (int ms = 0; ms <= 100; ms++) {
			look(ms, 6, ms * 2);
		}
		this.control.ranDry(TimeUnit.MILLISECONDS.toNanos(101));
		assertThat(this.control.overloaded()).isFalse();
		assertThat(this.control.bound()).isEqualTo(CAPACITY);
		for (int ms = 5000; ms <= 5050; ms++) {
			look(ms, 6, ms * 2);
		}
		assertThat(this.control.overloaded()).as("no relapse after so long").isFalse();
	}

	@Test
	void relapseIsFoundSooner() {
		for (int ms = 0; ms <= 100; ms++) {
			look(ms, 6, ms * 2);
		}
		look(101, 0, 202);
		for (int ms = 102; ms <= 115; ms++) {
			look(ms, 6, ms * 2);
		}
		assertThat(this.control.overloaded()).isTrue();
		assertThat(this.control.bound()).isEqualTo(100);
	}

	@Test
	void overloadMuchLaterIsNoRelapse() {
		for (int ms = 0; ms <= 100; ms++) {
			look(ms, 6, ms * 2);
		}
		look(101, 0, 202);
		for (int ms = 1200; ms <= 1250; ms++) {
			look(ms, 6, ms * 2);
		}
		assertThat(this.control.overloaded()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "8, 10", "8, 1", "8, 40", "2, 5", "200, 100", "1000, 100" })
	void atFourTimesTheLoadGoodputStaysAndRefusalsAreQuick(int handlers, double meanMillis) {
		double capacity = handlers * 1000 / meanMillis;
		double peak = simulation(handlers).run(6, capacity * 0.95, meanMillis).goodput();
		OverloadSimulation simulation = simulation(handlers);
		simulation.run(2, capacity / 2, meanMillis);
		OverloadSimulation.Result overloaded = simulation.run(12, capacity * 4, meanMillis);
		assertThat(overloaded.goodput()).isGreaterThanOrEqualTo(0.9 * peak);
		assertThat(overloaded.acceptedMillis(0.99)).isLessThanOrEqualTo(100 + 1.5 * meanMillis + 1);
		assertThat(overloaded.refusalMillis(0.99)).isLessThanOrEqualTo(10);
		OverloadSimulation.Result after = simulation.run(1, capacity / 2, meanMillis);
		assertThat(after.refused()).isLessThanOrEqualTo((int) (0.01 * after.accepted()));
		assertThat(simulation.control().overloaded()).isFalse();
	}

	@Test
	void loadBelowTheCapacityIsNeverRefused() {
		OverloadSimulation.Result result = simulation(8).run(30, 8 * 100 * 0.9, 10);
		assertThat(result.refused()).isZero();
	}

	@Test
	void burstIsAbsorbed() {
		OverloadSimulation simulation = simulation(8);
		OverloadSimulation.Result burst = simulation.run(0.02, 4000, 10);
		OverloadSimulation.Result rest = simulation.run(1, 100, 10);
		assertThat(burst.refused() + rest.refused()).isZero();
	}

	@Test
	void stuckHandlersRefuseAtOnceAndServeAgainWhenTheyCome() {
		OverloadSimulation simulation = simulation(8);
		simulation.run(1, 400, 10);
		simulation.stuck(true);
		simulation.run(1, 400, 10);
		OverloadSimulation.Result stuck = simulation.run(2, 400, 10);
		assertThat(stuck.accepted()).isZero();
		assertThat(stuck.refusalMillis(0.9)).isZero();
		assertThat(simulation.queued()).isLessThanOrEqualTo(1);
		simulation.stuck(false);
		simulation.run(0.1, 400, 10);
		OverloadSimulation.Result after = simulation.run(1, 400, 10);
		assertThat(after.refused()).isZero();
		assertThat(after.accepted()).isGreaterThan(300);
	}

	private static OverloadSimulation simulation(int handlers) {
		return new OverloadSimulation(handlers, CAPACITY, 20);
	}

	private void look(long ms, long waitMillis, long taken) {
		this.control.look(TimeUnit.MILLISECONDS.toNanos(ms), TimeUnit.MILLISECONDS.toNanos(waitMillis), taken, true);
	}

}
