package io.github.netrpc.client;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Two threads at a {@link TimerPart}.
 */
public class TimerPartInterleavings {

	/**
	 * A task is scheduled while the channel that has the part closes.
	 */
	@JCStressTest
	@State
	@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "the timer has forgotten the task")
	@Outcome(expect = Expect.FORBIDDEN, desc = "the timer keeps the task of a closed channel")
	public static class ScheduleAndClose {

		private final FakeTimer timer = new FakeTimer();

		private final TimerPart part = new TimerPart(this.timer);

		@Actor
		public void schedule() {
			this.part.schedule(() -> {
			}, 1);
		}

		@Actor
		public void close() {
			this.part.close();
		}

		@Arbiter
		public void count(I_Result result) {
			result.r1 = this.timer.scheduled() + this.part.scheduled();
		}

	}

}
