package io.github.netrpc.exec;

import java.util.concurrent.atomic.AtomicInteger;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Two threads at a {@link StallWatch}.
 */
public class StallWatchInterleavings {

	/**
	 * Work comes while the last look finds none.
	 */
	@JCStressTest
	@State
	@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "one look is to come")
	@Outcome(expect = Expect.FORBIDDEN, desc = "work waits and nobody looks, or two look at a time")
	public static class ArmAndLastLook {

		private final Pieces work = new Pieces();

		private final StallWatch watch = new StallWatch(this.work);

		private final AtomicInteger scheduled = new AtomicInteger();

		private volatile Runnable look;

		public ArmAndLastLook() {
			this.work.added = 1;
			this.watch.arm(this::schedule);
			this.work.taken = 1;
		}

		private void schedule(Runnable look, long delayNanos) {
			this.look = look;
			this.scheduled.incrementAndGet();
		}

		@Actor
		public void timer() {
			this.look.run();
			this.scheduled.decrementAndGet();
		}

		@Actor
		public void producer() {
			this.work.added = 2;
			this.watch.arm(this::schedule);
		}

		@Arbiter
		public void count(I_Result result) {
			result.r1 = this.scheduled.get();
		}

	}

	private static final class Pieces implements StallWatch.Work {

		private volatile long added;

		private volatile long taken;

		@Override
		public long taken() {
			return this.taken;
		}

		@Override
		public long added() {
			return this.added;
		}

		@Override
		public boolean isIdle() {
			return this.added == this.taken;
		}

		@Override
		public void moveOn() {
		}

	}

}
