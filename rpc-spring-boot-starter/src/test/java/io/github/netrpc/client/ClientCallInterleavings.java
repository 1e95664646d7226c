package io.github.netrpc.client;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LI_Result;
import org.openjdk.jcstress.infra.results.ZL_Result;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.client.FakeTransport.FakeConnection;

/**
 * Two threads that want to end a {@link ClientCall}, or to end it and to send it.
 */
public class ClientCallInterleavings {

	private static final InetSocketAddress ADDRESS = InetSocketAddress.createUnresolved("node", 1);

	private static final ClientLimits LIMITS = new ClientLimits(1, 4, 3, 100_000, Duration.ofSeconds(3));

	private static final Duration TIMEOUT = Duration.ofSeconds(1);

	/**
	 * A node, its connection, and one call.
	 */
	private abstract static class Node {

		final FakeTransport transport = new FakeTransport();

		final FakeTimer timer = new FakeTimer();

		final AtomicInteger records = new AtomicInteger();

		final NodeClient node;

		final FakeConnection connection;

		final ClientCall<Object> call;

		Node() {
			ClientResources resources = new ClientResources(this.transport, new FakeFormat(), null, LIMITS,
					ConnectionPolicy.DEFAULT, false, Runnable::run, Runnable::run, this.timer, () -> 0.5);
			this.node = new NodeClient(ADDRESS, resources, NodeListener.NONE);
			this.node.connect();
			this.connection = this.transport.last().accept();
			this.call = resources.future(new CallPlan(ServiceMethod.of("S", "M"), FakeFormat.PLAN, FakeFormat.PLAN,
					TIMEOUT.toNanos(), (code, nanos) -> this.records.incrementAndGet()));
		}

		final void send() {
			CallFailure refused = this.node.offer(this.call, "argument");
			if (refused != null) {
				this.call.reject(refused);
			}
		}

		/**
		 * How the call has ended, and how often that was recorded.
		 */
		final void judge(LI_Result result) {
			result.r1 = end();
			result.r2 = this.records.get();
		}

		final String end() {
			if (!this.call.isDone()) {
				return "OPEN";
			}
			if (this.call.isCancelled()) {
				return "CANCELLED";
			}
			try {
				return String.valueOf(this.call.join());
			}
			catch (CompletionException ex) {
				RpcException failure = (RpcException) Objects.requireNonNull(ex.getCause());
				return failure.code() + "-" + failure.known();
			}
		}

	}

	/**
	 * A node that has the call.
	 */
	private abstract static class Sent extends Node {

		final String reply;

		Sent() {
			send();
			this.reply = this.connection.seq() + " ok reply";
		}

	}

	/**
	 * The reply comes when the time is over.
	 */
	@JCStressTest
	@State
	@Outcome(id = { "reply, 1", "DEADLINE_EXCEEDED-MAYBE_RAN, 1" }, expect = Expect.ACCEPTABLE, desc = "one end")
	@Outcome(expect = Expect.FORBIDDEN, desc = "two ends, none, or an untrue one")
	public static class ReplyAndDeadline extends Sent {

		@Actor
		public void reply() {
			this.connection.receive(this.reply);
		}

		@Actor
		public void deadline() {
			this.timer.advance(TIMEOUT.plusMillis(100));
		}

		@Arbiter
		public void judgement(LI_Result result) {
			judge(result);
		}

	}

	/**
	 * The reply comes while the channel closes.
	 */
	@JCStressTest
	@State
	@Outcome(id = { "reply, 1", "UNAVAILABLE-MAYBE_RAN, 1", "CANCELLED-MAYBE_RAN, 1" }, expect = Expect.ACCEPTABLE,
			desc = "one end")
	@Outcome(expect = Expect.FORBIDDEN, desc = "two ends, none, or an untrue one")
	public static class ReplyAndClose extends Sent {

		@Actor
		public void reply() {
			this.connection.receive(this.reply);
		}

		@Actor
		public void close() {
			this.node.close();
		}

		@Arbiter
		public void judgement(LI_Result result) {
			judge(result);
		}

	}

	/**
	 * The caller cancels while the reply comes.
	 */
	@JCStressTest
	@State
	@Outcome(id = { "reply, 1", "CANCELLED, 1" }, expect = Expect.ACCEPTABLE, desc = "one end")
	@Outcome(expect = Expect.FORBIDDEN, desc = "two ends, or none")
	public static class ReplyAndCancel extends Sent {

		@Actor
		public void reply() {
			this.connection.receive(this.reply);
		}

		@Actor
		public void cancel() {
			this.call.cancel(true);
		}

		@Arbiter
		public void judgement(LI_Result result) {
			judge(result);
		}

	}

	/**
	 * The channel closes while the call is given to its node.
	 */
	@JCStressTest
	@State
	@Outcome(id = { "UNAVAILABLE-NOT_RUN, 1", "UNAVAILABLE-MAYBE_RAN, 1", "CANCELLED-NOT_RUN, 1",
			"CANCELLED-MAYBE_RAN, 1" }, expect = Expect.ACCEPTABLE, desc = "one end")
	@Outcome(expect = Expect.FORBIDDEN, desc = "two ends, or none")
	public static class SendAndClose extends Node {

		@Actor
		public void sender() {
			send();
		}

		@Actor
		public void close() {
			this.node.close();
		}

		@Arbiter
		public void judgement(LI_Result result) {
			judge(result);
		}

	}

	/**
	 * The last step before the bytes leave, while somebody ends the call: what is said
	 * about its effect must be true.
	 */
	@JCStressTest
	@State
	@Outcome(id = { "true, MAYBE_RAN", "false, NOT_RUN" }, expect = Expect.ACCEPTABLE, desc = "told what is true")
	@Outcome(expect = Expect.FORBIDDEN, desc = "told NOT_RUN, and sent")
	public static class MarkAndFail {

		private static final Completions COMPLETIONS = new Completions(Runnable::run, new FakeTimer());

		private static final CallPlan PLAN = new CallPlan(ServiceMethod.of("S", "M"), FakeFormat.PLAN, FakeFormat.PLAN,
				1, (code, nanos) -> {
				});

		private final ClientCall<Object> call = ClientCall.future(PLAN, COMPLETIONS, 0);

		private volatile @Nullable Known known;

		@Actor
		public void mark(ZL_Result result) {
			result.r1 = this.call.markSent();
		}

		@Actor
		public void fail() {
			this.call.fail((sent) -> {
				this.known = sent ? Known.MAYBE_RAN : Known.NOT_RUN;
				return new CallFailure(RpcCode.UNAVAILABLE, this.known, "lost", null);
			});
		}

		@Arbiter
		public void judgement(ZL_Result result) {
			result.r2 = String.valueOf(this.known);
		}

	}

}
