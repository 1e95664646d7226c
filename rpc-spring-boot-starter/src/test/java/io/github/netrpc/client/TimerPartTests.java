package io.github.netrpc.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TimerPart}.
 */
class TimerPartTests {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private final FakeTimer timer = new FakeTimer();

	private final TimerPart part = new TimerPart(this.timer);

	private final TimerPart other = new TimerPart(this.timer);

	private final List<String> ran = new ArrayList<>();

	private TimerPart closed = this.part;

	@Test
	void tasksRunOnceWhenTheirTimeHasCome() {
		this.part.schedule(() -> this.ran.add("one"), SECOND);
		this.other.schedule(() -> this.ran.add("other"), 2 * SECOND);
		this.timer.advance(Duration.ofSeconds(1));
		assertThat(this.ran).containsExactly("one");
		this.timer.advance(Duration.ofSeconds(9));
		assertThat(this.ran).containsExactly("one", "other");
		assertThat(this.part.scheduled()).isZero();
	}

	@Test
	void cancelledTaskIsTakenFromTheTimer() {
		Runnable cancel = this.part.schedule(() -> this.ran.add("one"), SECOND);
		cancel.run();
		assertThat(this.timer.scheduled()).isZero();
		assertThat(this.part.scheduled()).isZero();
		cancel.run();
		this.timer.advance(Duration.ofSeconds(2));
		assertThat(this.ran).isEmpty();
	}

	@Test
	void closingDropsTheTasksOfThisPartOnly() {
		this.part.schedule(() -> this.ran.add("one"), SECOND);
		this.other.schedule(() -> this.ran.add("other"), SECOND);
		this.part.close();
		assertThat(this.timer.scheduled()).isEqualTo(1);
		this.timer.advance(Duration.ofSeconds(2));
		assertThat(this.ran).containsExactly("other");
	}

	@Test
	void taskThatIsScheduledAfterClosingNeverRuns() {
		this.part.close();
		this.part.schedule(() -> this.ran.add("late"), SECOND).run();
		this.part.schedule(() -> this.ran.add("late"), SECOND);
		assertThat(this.timer.scheduled()).isZero();
		assertThat(this.part.scheduled()).isZero();
		this.timer.advance(Duration.ofSeconds(2));
		assertThat(this.ran).isEmpty();
	}

	@Test
	void taskThatIsCancelledWhileTheTimerTakesItLeavesNothingBehind() {
		AtomicInteger cancelled = new AtomicInteger();
		ClientTimer closing = new ForwardingTimer(this.timer) {

			@Override
			public Runnable schedule(Runnable task, long delayNanos) {
				Runnable cancel = super.schedule(task, delayNanos);
				// As if another thread closed the part just now.
				TimerPartTests.this.closed.close();
				return () -> {
					cancelled.incrementAndGet();
					cancel.run();
				};
			}

		};
		this.closed = new TimerPart(closing);
		this.closed.schedule(() -> this.ran.add("one"), SECOND);
		assertThat(cancelled).hasValue(1);
		assertThat(this.timer.scheduled()).isZero();
	}

	private static class ForwardingTimer implements ClientTimer {

		private final ClientTimer timer;

		ForwardingTimer(ClientTimer timer) {
			this.timer = timer;
		}

		@Override
		public long nanoTime() {
			return this.timer.nanoTime();
		}

		@Override
		public Instant now() {
			return this.timer.now();
		}

		@Override
		public Runnable schedule(Runnable task, long delayNanos) {
			return this.timer.schedule(task, delayNanos);
		}

		@Override
		public void close() {
			this.timer.close();
		}

	}

}
