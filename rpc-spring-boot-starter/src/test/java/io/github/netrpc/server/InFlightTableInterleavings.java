package io.github.netrpc.server;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Two threads at an {@link InFlightTable}.
 */
public class InFlightTableInterleavings {

	/**
	 * A call ends while the table grows for the next one.
	 */
	@JCStressTest
	@State
	@Outcome(id = "8, 0", expect = Expect.ACCEPTABLE, desc = "the calls that have not ended, and no other")
	@Outcome(expect = Expect.FORBIDDEN, desc = "a call is lost, or one that has ended stays for ever")
	public static class GrowAndRemove {

		private final InFlightTable<Call> table = new InFlightTable<>();

		private final Call first = new Call();

		public GrowAndRemove() {
			this.table.add(this.first);
			for (int i = 0; i < 7; i++) {
				this.table.add(new Call());
			}
		}

		@Actor
		public void add() {
			this.table.add(new Call());
		}

		@Actor
		public void end() {
			this.first.ended = true;
			this.table.remove(this.first);
		}

		@Arbiter
		public void count(II_Result result) {
			this.table.forEach((call) -> {
				if (call.ended) {
					result.r2++;
				}
				else {
					result.r1++;
				}
			});
		}

	}

	private static final class Call implements InFlightTable.Entry {

		private volatile int slot;

		private volatile boolean ended;

		@Override
		public int slot() {
			return this.slot;
		}

		@Override
		public void slot(int slot) {
			this.slot = slot;
		}

		@Override
		public boolean hasEnded() {
			return this.ended;
		}

	}

}
