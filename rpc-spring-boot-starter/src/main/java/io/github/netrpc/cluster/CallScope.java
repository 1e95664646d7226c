package io.github.netrpc.cluster;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcException;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.client.CallFailure;
import io.github.netrpc.client.CallPlan;
import io.github.netrpc.client.ClientTimer;
import io.github.netrpc.client.RunningCall;
import io.github.netrpc.work.WorkerPool.ItemListener;

/**
 * The calls that an operation makes to one of its nodes: they go there and nowhere else,
 * take no longer than the operation, and end with it, whoever has begun them.
 * Thread-safe.
 */
final class CallScope {

	private final String node;

	private final String operation;

	private final @Nullable RpcContext serving;

	private final ClientTimer timer;

	private final long deadlineNanos;

	/** The item of a job that the calls are part of, or null. */
	private final @Nullable ItemListener<?> item;

	// Guarded by this.
	private final OpenCalls open = new OpenCalls();

	// Guarded by this.
	private @Nullable String closedBecause;

	// Guarded by this.
	private boolean mayHaveRun;

	/** What has begun may begin a second time. False until something has. */
	private volatile boolean mayRunTwice;

	/** Something has begun that may not begin a second time. */
	private volatile boolean onceOnly;

	/**
	 * Creates a scope.
	 * @param node the id of the node
	 * @param operation what the calls are part of, for messages
	 * @param serving the call that the operation serves, or null
	 * @param timer tells the time
	 * @param deadlineNanos when the operation ends
	 */
	CallScope(String node, String operation, @Nullable RpcContext serving, ClientTimer timer, long deadlineNanos) {
		this(node, operation, serving, timer, deadlineNanos, null);
	}

	/**
	 * Creates a scope of an item, which may have a copy.
	 * @param item told of answers that come when their calls have ended, and asked before
	 * a call that is not idempotent; null for none
	 */
	CallScope(String node, String operation, @Nullable RpcContext serving, ClientTimer timer, long deadlineNanos,
			@Nullable ItemListener<?> item) {
		this.node = node;
		this.operation = operation;
		this.serving = serving;
		this.timer = timer;
		this.deadlineNanos = deadlineNanos;
		this.item = item;
	}

	String node() {
		return this.node;
	}

	@Nullable RpcContext serving() {
		return this.serving;
	}

	/**
	 * Options that send a call to the node.
	 */
	RpcOptions bind(RpcOptions options) {
		return this.node.equals(options.node()) ? options : options.node(this.node);
	}

	/**
	 * A call is about to begin. If another attempt at the item makes calls that may be
	 * made once only, this one makes no others.
	 */
	void beginning(CallPlan plan) {
		if (plan.idempotent()) {
			this.mayRunTwice = true;
			return;
		}
		// First, so that whoever is about to make a copy sees it.
		this.onceOnly = true;
		if (this.item != null && !this.item.claim()) {
			close("another attempt at the item does what may be done once only");
		}
	}

	/**
	 * Whether calls have begun, and all of them are idempotent.
	 */
	boolean mayRunTwice() {
		return this.mayRunTwice && !this.onceOnly;
	}

	/**
	 * How long the operation still takes, at least 1 ns.
	 */
	long leftNanos() {
		return Math.max(1, this.deadlineNanos - this.timer.nanoTime());
	}

	/**
	 * Why a call would be in vain.
	 */
	@Nullable CallFailure vain(CallPlan plan) {
		String because;
		synchronized (this) {
			because = this.closedBecause;
		}
		if (because != null) {
			return new CallFailure(RpcCode.CANCELLED, Known.NOT_RUN, plan + ": " + because + ", not sent", null);
		}
		if (this.timer.nanoTime() >= this.deadlineNanos) {
			return new CallFailure(RpcCode.DEADLINE_EXCEEDED, Known.NOT_RUN,
					plan + ": the time of the " + this.operation + " is over, not sent", null);
		}
		return null;
	}

	/**
	 * Has a thread wait for a call.
	 */
	@Nullable Object await(RunningCall call, Supplier<@Nullable Object> wait) {
		begun(call);
		Throwable failure = null;
		try {
			return wait.get();
		}
		catch (Throwable ex) {
			failure = ex;
			throw ex;
		}
		finally {
			ended(call, failure);
		}
	}

	/**
	 * Follows a call to its end.
	 */
	@SuppressWarnings("FutureReturnValueIgnored") // what depends on the call never throws
	<R> CompletableFuture<R> follow(CompletableFuture<R> future, RunningCall call) {
		begun(call);
		future.whenComplete((value, failure) -> ended(call, failure));
		return future;
	}

	private void begun(RunningCall call) {
		String because;
		synchronized (this) {
			because = this.closedBecause;
			if (because == null) {
				this.open.add(call);
			}
		}
		if (because != null) {
			call.abandon(because);
		}
	}

	private void ended(RunningCall call, @Nullable Throwable failure) {
		synchronized (this) {
			this.open.remove(call);
			this.mayHaveRun |= !(failure instanceof RpcException refused && refused.known() == Known.NOT_RUN);
		}
		if (failure != null && this.item != null) {
			call.onLateAnswer(this.item::late);
		}
	}

	/**
	 * Whether calls have begun and not ended.
	 */
	synchronized boolean hasOpen() {
		// Who waits for a future may be told before this is.
		return this.open.all().stream().anyMatch((call) -> !(call instanceof Future<?> future && future.isDone()));
	}

	/**
	 * What is known of the effect of the calls together.
	 */
	synchronized Known known() {
		return (this.mayHaveRun || !this.open.isEmpty()) ? Known.MAYBE_RAN : Known.NOT_RUN;
	}

	/**
	 * Ends the calls, and refuses those that are to come.
	 * @return what is known of the effect of all of them together
	 */
	Known close(String because) {
		Collection<RunningCall> calls;
		boolean ran;
		synchronized (this) {
			if (this.closedBecause == null) {
				this.closedBecause = because;
			}
			calls = this.open.all();
			ran = this.mayHaveRun;
		}
		for (RunningCall call : calls) {
			ran |= call.abandon(because) != Known.NOT_RUN;
		}
		return ran ? Known.MAYBE_RAN : Known.NOT_RUN;
	}

	@Override
	public String toString() {
		return this.operation + " at " + this.node + ", "
				+ TimeUnit.NANOSECONDS.toMillis(this.deadlineNanos - this.timer.nanoTime()) + " ms left";
	}

}
