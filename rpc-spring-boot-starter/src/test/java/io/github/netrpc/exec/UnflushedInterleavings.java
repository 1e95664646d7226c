package io.github.netrpc.exec;

import java.util.concurrent.atomic.AtomicBoolean;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Two threads at an {@link Unflushed}.
 */
public class UnflushedInterleavings {

	/**
	 * A connection takes output while what it took before is flushed.
	 */
	@JCStressTest
	@State
	@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "all output is flushed, at the next flush at the latest")
	@Outcome(expect = Expect.FORBIDDEN, desc = "output stays where nobody flushes it")
	public static class AddAndFlush {

		private final Unflushed<Output> unflushed = new Unflushed<>();

		private final Output output = new Output();

		public AddAndFlush() {
			this.output.taken = 1;
			this.unflushed.add(this.output);
		}

		@Actor
		public void add() {
			this.output.taken = 2;
			this.unflushed.add(this.output);
		}

		@Actor
		public void flush() {
			this.unflushed.flush();
		}

		@Arbiter
		public void rest(I_Result result) {
			this.unflushed.flush();
			result.r1 = this.output.flushed;
		}

	}

	private static final class Output implements Unflushed.Flushable {

		private final AtomicBoolean marked = new AtomicBoolean();

		private volatile int taken;

		private volatile int flushed;

		@Override
		public boolean markUnflushed() {
			return !this.marked.get() && this.marked.compareAndSet(false, true);
		}

		@Override
		public void flush() {
			this.marked.set(false);
			this.flushed = this.taken;
		}

	}

}
