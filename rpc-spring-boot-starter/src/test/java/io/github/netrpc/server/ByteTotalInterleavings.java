package io.github.netrpc.server;

import java.util.concurrent.atomic.AtomicInteger;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;

/**
 * Two threads at a {@link ByteTotal}.
 */
public class ByteTotalInterleavings {

	/**
	 * A connection stops to read and asks to be told, while another gives back what made
	 * it stop.
	 */
	@JCStressTest
	@State
	@Outcome(id = "1, false", expect = Expect.ACCEPTABLE, desc = "told once")
	@Outcome(expect = Expect.FORBIDDEN, desc = "never told: the connection is not read any more")
	public static class WaitAndGiveBack {

		private final ByteTotal total = new ByteTotal(10);

		private final AtomicInteger told = new AtomicInteger();

		public WaitAndGiveBack() {
			this.total.add(20);
		}

		@Actor
		public void waiting() {
			this.total.whenFewer(this.told::incrementAndGet);
		}

		@Actor
		public void giveBack() {
			this.total.add(-20);
		}

		@Arbiter
		public void judgement(IZ_Result result) {
			result.r1 = this.told.get();
			result.r2 = this.total.isTooMany();
		}

	}

	/**
	 * The limit is passed while the bytes that pass it are given back.
	 */
	@JCStressTest
	@State
	@Outcome(id = "0, false", expect = Expect.ACCEPTABLE, desc = "nothing is held, and nobody waits")
	@Outcome(expect = Expect.FORBIDDEN, desc = "nothing is held, and still there are too many")
	public static class PassAndGiveBack {

		private final ByteTotal total = new ByteTotal(10);

		public PassAndGiveBack() {
			this.total.add(8);
		}

		@Actor
		public void pass() {
			this.total.add(8);
			this.total.add(-8);
		}

		@Actor
		public void giveBack() {
			this.total.add(-8);
		}

		@Arbiter
		public void judgement(IZ_Result result) {
			result.r1 = (int) this.total.bytes();
			result.r2 = this.total.isTooMany();
		}

	}

}
