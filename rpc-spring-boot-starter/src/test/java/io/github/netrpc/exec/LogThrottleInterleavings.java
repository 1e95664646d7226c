package io.github.netrpc.exec;

import java.time.Duration;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;

/**
 * Two threads at a {@link LogThrottle}.
 */
public class LogThrottleInterleavings {

	/**
	 * Two lines at a time, of which one may be written; the next period tells of the
	 * other.
	 */
	@JCStressTest
	@State
	@Outcome(id = { "0, -1, 1", "-1, 0, 1" }, expect = Expect.ACCEPTABLE, desc = "one is written, one is told of")
	@Outcome(expect = Expect.FORBIDDEN, desc = "both are written, or a line is told of wrongly")
	public static class TwoLines {

		private static final Duration PERIOD = Duration.ofSeconds(1);

		private final LogThrottle throttle = new LogThrottle(1, PERIOD);

		@Actor
		public void one(JJJ_Result result) {
			result.r1 = this.throttle.admit(1);
		}

		@Actor
		public void other(JJJ_Result result) {
			result.r2 = this.throttle.admit(1);
		}

		@Arbiter
		public void next(JJJ_Result result) {
			result.r3 = this.throttle.admit(1 + PERIOD.toNanos());
		}

	}

}
