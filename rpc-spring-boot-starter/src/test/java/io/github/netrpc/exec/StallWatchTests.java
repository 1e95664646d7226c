package io.github.netrpc.exec;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * When the watch looks, and what it makes of what it sees. Time is moved by hand.
 */
class StallWatchTests {

	private final FakeWork work = new FakeWork();

	private final Deque<Runnable> looks = new ArrayDeque<>();

	private final StallWatch watch = new StallWatch(this.work);

	@Test
	void looksOnlyWhileThereIsWork() {
		arm();
		assertThat(this.looks).hasSize(1);
		look();
		assertThat(this.looks).hasSize(1);
		this.work.idle = true;
		look();
		assertThat(this.looks).isEmpty();
	}

	@Test
	void lookThatFailsIsFollowedByTheNext() {
		arm();
		this.work.broken = true;
		assertThatThrownBy(this::look).hasMessage("broken look");
		this.work.broken = false;
		assertThat(this.looks).hasSize(1);
		look();
		assertThat(this.looks).hasSize(1);
	}

	@Test
	void armedTwiceLooksOnce() {
		arm();
		arm();
		assertThat(this.looks).hasSize(1);
	}

	@Test
	void workThatMovesIsLeftAlone() {
		arm();
		for (int i = 0; i < 50; i++) {
			this.work.taken++;
			look();
		}
		assertThat(this.work.moved).isZero();
		assertThat(this.watch.eager()).isFalse();
	}

	@Test
	void workThatMovesMoreSlowlyThanItComesIsLate() {
		this.work.added = 64;
		arm();
		this.work.taken++;
		look();
		assertThat(this.watch.eager()).isFalse();
		this.work.taken++;
		look();
		assertThat(this.work.moved).isEqualTo(1);
		assertThat(this.watch.eager()).isTrue();
	}

	@Test
	void workThatStandsStillForTwoLooksMovesOnAndIsEager() {
		arm();
		look();
		look();
		assertThat(this.work.moved).isZero();
		look();
		assertThat(this.work.moved).isEqualTo(1);
		assertThat(this.watch.eager()).isTrue();
	}

	@Test
	void eagernessEnds() {
		stall();
		assertThat(looksUntilCalm()).isEqualTo(100);
	}

	@Test
	void eagernessThatWasTooShortDoubles() {
		stall();
		looksUntilCalm();
		look();
		look();
		assertThat(this.watch.eager()).isTrue();
		assertThat(looksUntilCalm()).isEqualTo(200);
	}

	@Test
	void workAddedWhileTheWatchEndsIsSeen() {
		arm();
		this.work.idle = true;
		this.work.idleOnce = true;
		look();
		assertThat(this.looks).hasSize(1);
	}

	@Test
	void watchWhoseTimerHasEndedMovesWorkOnAndCanBeArmedAgain() {
		this.watch.arm((task, delay) -> {
			throw new RejectedExecutionException("ended");
		});
		assertThat(this.work.moved).isEqualTo(1);
		arm();
		assertThat(this.looks).hasSize(1);
	}

	@Test
	void watchWhoseTimerHasNoMemoryCanBeArmedAgain() {
		assertThatCode(() -> this.watch.arm((task, delay) -> {
			throw new OutOfMemoryError("thrown by a test");
		})).doesNotThrowAnyException();
		assertThat(this.work.moved).isEqualTo(1);
		arm();
		assertThat(this.looks).hasSize(1);
	}

	private void arm() {
		this.watch.arm((task, delay) -> {
			assertThat(delay).isEqualTo(StallWatch.TICK_NANOS);
			this.looks.add(task);
		});
	}

	private void look() {
		this.looks.remove().run();
	}

	private void stall() {
		arm();
		while (!this.watch.eager()) {
			look();
		}
	}

	private int looksUntilCalm() {
		int looks = 0;
		while (this.watch.eager()) {
			this.work.taken++;
			look();
			looks++;
		}
		return looks;
	}

	private static final class FakeWork implements StallWatch.Work {

		private long taken;

		private long added;

		private boolean idle;

		private boolean idleOnce;

		private int moved;

		private boolean broken;

		@Override
		public void looked() {
			if (this.broken) {
				throw new IllegalStateException("broken look");
			}
		}

		@Override
		public long added() {
			return Math.max(this.added, this.taken);
		}

		@Override
		public long taken() {
			return this.taken;
		}

		@Override
		public boolean isIdle() {
			boolean idle = this.idle;
			if (this.idleOnce) {
				this.idle = false;
			}
			return idle;
		}

		@Override
		public void moveOn() {
			this.moved++;
		}

	}

}
