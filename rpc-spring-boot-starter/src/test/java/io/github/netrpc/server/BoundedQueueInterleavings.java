package io.github.netrpc.server;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/**
 * Two threads at a {@link BoundedQueue}.
 */
public class BoundedQueueInterleavings {

	/**
	 * An element that is taken while it is added has its content.
	 */
	@JCStressTest
	@State
	@Outcome(id = { "a, null", "null, a" }, expect = Expect.ACCEPTABLE, desc = "taken once, now or later")
	@Outcome(expect = Expect.FORBIDDEN, desc = "lost, taken twice, or not whole")
	public static class OfferAndPoll {

		private final BoundedQueue<Box> queue = new BoundedQueue<>(2);

		@Actor
		public void offer() {
			this.queue.offer(new Box("a"));
		}

		@Actor
		public void poll(LL_Result result) {
			result.r1 = Box.textOf(this.queue.poll());
		}

		@Arbiter
		public void rest(LL_Result result) {
			result.r2 = Box.textOf(this.queue.poll());
		}

	}

	/**
	 * There is room for one of two elements.
	 */
	@JCStressTest
	@State
	@Outcome(id = { "true, false, 2", "false, true, 2" }, expect = Expect.ACCEPTABLE, desc = "one has the place")
	@Outcome(expect = Expect.FORBIDDEN, desc = "both have it, or nobody")
	public static class LastPlace {

		private final BoundedQueue<Box> queue = new BoundedQueue<>(2);

		public LastPlace() {
			this.queue.offer(new Box("first"));
		}

		@Actor
		public void one(ZZI_Result result) {
			result.r1 = this.queue.offer(new Box("one"));
		}

		@Actor
		public void other(ZZI_Result result) {
			result.r2 = this.queue.offer(new Box("other"));
		}

		@Arbiter
		public void count(ZZI_Result result) {
			while (this.queue.poll() != null) {
				result.r3++;
			}
		}

	}

	/**
	 * Two consumers and one element, which one of them takes on a condition: a runner,
	 * and the watch that refuses what has waited too long.
	 */
	@JCStressTest
	@State
	@Outcome(id = { "a, null, null", "null, a, null" }, expect = Expect.ACCEPTABLE, desc = "one has it")
	@Outcome(expect = Expect.FORBIDDEN, desc = "both have it, or nobody")
	public static class PollAndPollIf {

		private final BoundedQueue<Box> queue = new BoundedQueue<>(2);

		public PollAndPollIf() {
			this.queue.offer(new Box("a"));
		}

		@Actor
		public void poll(LLL_Result result) {
			result.r1 = Box.textOf(this.queue.poll());
		}

		@Actor
		public void pollIf(LLL_Result result) {
			result.r2 = Box.textOf(this.queue.pollIf((box) -> true));
		}

		@Arbiter
		public void rest(LLL_Result result) {
			result.r3 = Box.textOf(this.queue.poll());
		}

	}

	/**
	 * An element whose content is written by a plain write.
	 */
	private static final class Box {

		// Not final: nothing but the queue publishes it.
		@SuppressWarnings("FieldMayBeFinal")
		private String text;

		Box(String text) {
			this.text = text;
		}

		static String textOf(Box box) {
			return (box != null) ? String.valueOf(box.text) : "null";
		}

	}

}
