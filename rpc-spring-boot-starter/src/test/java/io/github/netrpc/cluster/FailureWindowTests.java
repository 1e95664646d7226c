package io.github.netrpc.cluster;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FailureWindow}: at least half of at least twenty calls in ten seconds.
 */
class FailureWindowTests {

	private final FailureWindow window = new FailureWindow(Duration.ofSeconds(10));

	private long now = Duration.ofSeconds(100).toNanos();

	private long ended;

	private void advance(int seconds) {
		this.now += Duration.ofSeconds(seconds).toNanos();
	}

	private void good(int calls) {
		for (int i = 0; i < calls; i++) {
			this.window.moveTo(this.now, this.ended++);
		}
	}

	private boolean bad(int calls) {
		boolean tooOften = false;
		for (int i = 0; i < calls; i++) {
			tooOften = this.window.failed(this.now, ++this.ended, 20, 0.5);
		}
		return tooOften;
	}

	@Test
	void halfOfTwentyIsTooOften() {
		good(10);
		assertThat(bad(9)).isFalse();
		assertThat(bad(1)).isTrue();
	}

	@Test
	void fewCallsSayNothing() {
		assertThat(bad(19)).isFalse();
		assertThat(bad(1)).isTrue();
	}

	@Test
	void lessThanHalfIsNotTooOften() {
		good(21);
		assertThat(bad(20)).isFalse();
		assertThat(bad(1)).isTrue();
		good(2);
		assertThat(bad(1)).isFalse();
	}

	@Test
	void goodCallsOfLongAgoDoNotHelp() {
		good(1_000);
		advance(11);
		assertThat(bad(20)).isTrue();
	}

	@Test
	void badCallsOfLongAgoDoNotHarm() {
		good(1_000);
		assertThat(bad(900)).isFalse();
		advance(11);
		good(30);
		assertThat(bad(1)).isFalse();
	}

	@Test
	void windowMovesOn() {
		for (int second = 0; second < 100; second++) {
			advance(1);
			good(4);
			assertThat(bad(1)).isFalse();
		}
		// 36 good ones and 9 bad ones are in the window.
		assertThat(bad(29)).isFalse();
		assertThat(bad(1)).isTrue();
	}

	@Test
	void longTimeWithoutCallsEmptiesTheWindow() {
		good(50);
		bad(40);
		advance(100_000);
		assertThat(bad(19)).isFalse();
		assertThat(bad(1)).isTrue();
	}

	@Test
	void clearedWindowIsEmpty() {
		bad(30);
		this.window.clear(this.ended);
		assertThat(bad(19)).isFalse();
		assertThat(bad(1)).isTrue();
	}

}
