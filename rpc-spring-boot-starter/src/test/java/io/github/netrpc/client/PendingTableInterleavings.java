package io.github.netrpc.client;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZZI_Result;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.ServiceMethod;

/**
 * Two threads at a {@link PendingTable}.
 */
public class PendingTableInterleavings {

	private static final CallPlan PLAN = new CallPlan(ServiceMethod.of("S", "M"), FakeFormat.PLAN, FakeFormat.PLAN, 1,
			CallRecorder.NONE);

	private static final Completions COMPLETIONS = new Completions(Runnable::run, new FakeTimer());

	private static ClientCall<Object> call() {
		return ClientCall.future(PLAN, COMPLETIONS, 0);
	}

	/**
	 * There is room for one of two calls.
	 */
	@JCStressTest
	@State
	@Outcome(id = { "true, false, 1", "false, true, 1" }, expect = Expect.ACCEPTABLE, desc = "one has the place")
	@Outcome(expect = Expect.FORBIDDEN, desc = "both have it, or nobody")
	public static class LastPlace {

		private final PendingTable table = new PendingTable(1);

		private final ClientCall<Object> one = call();

		private final ClientCall<Object> other = call();

		@Actor
		public void one(ZZI_Result result) {
			result.r1 = this.table.add(this.one);
		}

		@Actor
		public void other(ZZI_Result result) {
			result.r2 = this.table.add(this.other);
		}

		@Arbiter
		public void count(ZZI_Result result) {
			result.r3 = this.table.count();
		}

	}

	/**
	 * A call is taken out by its end while the connection takes all.
	 */
	@JCStressTest
	@State
	@Outcome(id = { "true, 0", "false, 1" }, expect = Expect.ACCEPTABLE, desc = "one of them has it")
	@Outcome(expect = Expect.FORBIDDEN, desc = "it is ended twice, or never")
	public static class EndAndClose {

		private final PendingTable table = new PendingTable(2);

		private final ClientCall<Object> call = call();

		public EndAndClose() {
			this.table.add(this.call);
		}

		@Actor
		public void end(ZI_Result result) {
			result.r1 = this.table.remove(this.call);
		}

		@Actor
		public void close(ZI_Result result) {
			this.table.takeEach((taken) -> result.r2++);
		}

	}

	/**
	 * A call comes while the connection closes: its sender looks at a flag behind the
	 * addition, who closes sets it before taking all.
	 */
	@JCStressTest
	@State
	@Outcome(id = { "true, 0", "false, 1" }, expect = Expect.ACCEPTABLE, desc = "one of them has it")
	@Outcome(expect = Expect.FORBIDDEN, desc = "it is ended twice, or stays for ever")
	public static class SendAndClose {

		private final PendingTable table = new PendingTable(2);

		private final ClientCall<Object> call = call();

		private volatile boolean refusing;

		@Actor
		public void send(ZI_Result result) {
			this.table.add(this.call);
			result.r1 = this.refusing && this.table.remove(this.call);
		}

		@Actor
		public void close(ZI_Result result) {
			this.refusing = true;
			this.table.takeEach((taken) -> result.r2++);
		}

	}

	/**
	 * A reply looks for a call whose place gets its next owner.
	 */
	@JCStressTest
	@State
	@Outcome(id = { "0", "1" }, expect = Expect.ACCEPTABLE, desc = "no call, or the right one")
	@Outcome(expect = Expect.FORBIDDEN, desc = "another caller's call")
	public static class LateReply {

		private final PendingTable table = new PendingTable(1);

		private final ClientCall<Object> first = call();

		private final ClientCall<Object> second = call();

		private final long number;

		public LateReply() {
			this.table.add(this.first);
			this.number = this.first.number();
		}

		@Actor
		public void reuse() {
			this.table.remove(this.first);
			this.table.add(this.second);
		}

		@Actor
		public void reply(I_Result result) {
			@Nullable ClientCall<?> found = this.table.find(this.number);
			if (found != null) {
				result.r1 = (found != this.first) ? 2 : 1;
			}
		}

	}

}
