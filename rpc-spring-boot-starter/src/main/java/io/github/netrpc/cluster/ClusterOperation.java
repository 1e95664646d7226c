package io.github.netrpc.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCallException;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcException;

/**
 * One operation on a cluster, from its beginning to its one result. <pre>
 * waits for nodes -&gt; asks nodes, as one fails the next -&gt; decided -&gt; the rest is ended -&gt; result
 * </pre> Whoever decides it, an outcome, the time, the caller or a misuse, ends the nodes
 * that are still at work and makes the result; nobody else does. There is one outcome for
 * each node then. Thread-safe, without a thread of its own.
 *
 * @param <T> the client interface
 * @param <R> the type of the nodes' results
 */
final class ClusterOperation<T, R extends @Nullable Object> implements NodePart.Owner<R> {

	/**
	 * Calls, and nodes that know their deadlines, say best what the time was lost with,
	 * so they get a moment to do so.
	 */
	static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

	private static final long GRACE_SHARE = 20;

	private final ClusterContext<T> context;

	private final ClusterGoal goal;

	private final ClusterChoice choice;

	private final NodeLambda<T, R> lambda;

	private final long startNanos;

	private final CompletableFuture<ClusterResult<R>> future = new CompletableFuture<>();

	// The rest is guarded by this.

	private List<NodePart<T, R>> parts = List.of();

	private int[] order = {};

	private int next;

	private int running;

	private int succeeded;

	private int failed;

	private boolean advancing;

	private boolean decided;

	private Runnable cancelWait = () -> {
	};

	private Runnable cancelTimer = () -> {
	};

	ClusterOperation(ClusterContext<T> context, ClusterGoal goal, ClusterChoice choice, NodeLambda<T, R> lambda) {
		this.context = context;
		this.goal = goal;
		this.choice = choice;
		this.lambda = lambda;
		this.startNanos = context.timer().nanoTime();
	}

	/**
	 * Begins the operation.
	 * @return completes with one outcome for each node, also if fewer succeeded than it
	 * takes, or with why there are no nodes
	 */
	CompletableFuture<ClusterResult<R>> start() {
		RpcException vain = this.context.open().add(this, this.choice.serving()) ? this.choice.vain(this.goal)
				: closed();
		if (vain != null) {
			fail(vain);
			return this.future;
		}
		long grace = Math.min(GRACE_NANOS, this.choice.timeoutNanos() / GRACE_SHARE);
		onEnd(this.context.timer().schedule(this::expireLater, this.choice.timeoutNanos() + grace), true);
		Thread caller = Thread.currentThread();
		onEnd(this.context.nodes().whenListed(() -> {
			if (Thread.currentThread() == caller) {
				begin();
			}
			else {
				// The directory's thread is not for lambdas.
				this.context.callbacks().execute(this::begin);
			}
		}), false);
		return this.future;
	}

	private RpcException closed() {
		return new RpcCallException(RpcCode.UNAVAILABLE, Known.NOT_RUN, this.goal.name() + ": the channel is closed",
				null);
	}

	/**
	 * Keeps what drops a task until the operation is decided.
	 */
	private void onEnd(Runnable cancel, boolean timer) {
		synchronized (this) {
			if (!this.decided) {
				this.cancelTimer = timer ? cancel : this.cancelTimer;
				this.cancelWait = timer ? this.cancelWait : cancel;
				return;
			}
		}
		cancel.run();
	}

	ClusterGoal goal() {
		return this.goal;
	}

	// Nodes

	private void begin() {
		try {
			if (prepare(this.choice.choose(this.goal, this.context))) {
				advance();
			}
		}
		catch (Throwable ex) {
			fail(ex);
		}
	}

	private boolean prepare(List<ClusterNode> nodes) {
		int[] best = (this.goal.parallel() < nodes.size()) ? bestFirst(nodes) : identity(nodes);
		long deadlineNanos = this.startNanos + this.choice.timeoutNanos();
		List<NodePart<T, R>> prepared = new ArrayList<>();
		for (ClusterNode node : nodes) {
			CallScope scope = new CallScope(node.id(), this.goal.name(), this.choice.serving(), this.context.timer(),
					deadlineNanos);
			T proxy = this.context.binder().bind(scope, this.choice.options());
			prepared.add(new NodePart<>(node, this, this.lambda, proxy, scope, this.context.timer()));
		}
		synchronized (this) {
			if (this.decided || !this.parts.isEmpty()) {
				return false;
			}
			this.parts = prepared;
			this.order = best;
			return true;
		}
	}

	private int[] bestFirst(List<ClusterNode> nodes) {
		return this.context.nodes().bestFirst(nodes, this.goal.name(), this.choice.options());
	}

	private static int[] identity(List<ClusterNode> nodes) {
		int[] order = new int[nodes.size()];
		for (int i = 0; i < order.length; i++) {
			order[i] = i;
		}
		return order;
	}

	/**
	 * Asks as many nodes as may be at work. A node may end before it is back from being
	 * asked; then the thread that is here already asks the next one.
	 */
	private void advance() {
		synchronized (this) {
			if (this.advancing) {
				return;
			}
			this.advancing = true;
		}
		while (true) {
			NodePart<T, R> part;
			synchronized (this) {
				if (this.decided || this.next == this.order.length || this.running >= this.goal.parallel()) {
					this.advancing = false;
					return;
				}
				part = this.parts.get(this.order[this.next++]);
				this.running++;
			}
			part.begin(executor());
		}
	}

	private @Nullable Executor executor() {
		Executor chosen = this.choice.executor();
		return (chosen != null || this.lambda.isAsync()) ? chosen : this.context.lambdas();
	}

	@Override
	public void ended(NodeOutcome<R> outcome) {
		boolean deciding;
		synchronized (this) {
			if (this.decided) {
				return;
			}
			this.running--;
			if (outcome.isSuccess()) {
				this.succeeded++;
			}
			else {
				this.failed++;
			}
			deciding = this.goal.isReached(this.succeeded, this.failed, this.parts.size());
			this.decided = deciding;
		}
		if (deciding) {
			finish(RpcCode.CANCELLED, "the " + this.goal.name() + " had its result");
		}
		else {
			advance();
		}
	}

	@Override
	public void misused(String why) {
		fail(new IllegalArgumentException(this.goal.name() + ": " + why + "; use " + this.goal.asyncMethod()));
	}

	// The end

	private synchronized boolean decide() {
		boolean first = !this.decided;
		this.decided = true;
		return first;
	}

	/**
	 * Ends lambdas and completes futures away from the timer's thread.
	 */
	private void expireLater() {
		// The callback executor may be waiting for an operation with blocking lambdas.
		(this.lambda.isAsync() ? this.context.callbacks() : this.context.spare()).execute(this::expire);
	}

	private void expire() {
		String within = " within " + TimeUnit.NANOSECONDS.toMillis(this.choice.timeoutNanos()) + " ms";
		if (!isListed()) {
			fail(new RpcCallException(RpcCode.DEADLINE_EXCEEDED, Known.NOT_RUN,
					this.goal.name() + ": " + this.context.nodes().missing() + within + " (phase: resolve)", null));
		}
		else if (decide()) {
			finish(RpcCode.DEADLINE_EXCEEDED, "no result" + within);
		}
	}

	private synchronized boolean isListed() {
		return !this.parts.isEmpty();
	}

	/**
	 * Ends the operation since its channel is closed, and with it the clock.
	 */
	void close() {
		if (!isListed()) {
			fail(closed());
		}
		else if (decide()) {
			finish(RpcCode.UNAVAILABLE, "the channel was closed");
		}
	}

	/**
	 * Ends the operation since nobody waits for the call that it serves.
	 */
	void serveNobody(RpcContext serving) {
		String why = "the call of " + serving.serviceMethod() + " that needs it was cancelled";
		if (isListed()) {
			giveUp(why);
		}
		else {
			fail(new RpcCallException(RpcCode.CANCELLED, Known.NOT_RUN, this.goal.name() + ": " + why, null));
		}
	}

	@Nullable RpcContext serving() {
		return this.choice.serving();
	}

	/**
	 * Ends the operation since nobody waits for it any more.
	 * @return the outcomes, or null if it has ended already
	 */
	@Nullable ClusterResult<R> giveUp(String why) {
		if (!decide()) {
			return null;
		}
		ClusterResult<R> result = end(RpcCode.CANCELLED, why);
		this.context.recorded(this.goal, ClusterRecorder.Outcome.CANCELLED, this.startNanos);
		this.future.complete(result);
		return result;
	}

	/**
	 * Ends the operation without a result.
	 */
	private void fail(Throwable failure) {
		if (decide()) {
			end(RpcCode.CANCELLED, "the " + this.goal.name() + " was not possible");
			this.context.recorded(this.goal, ClusterRecorder.Outcome.FAILURE, this.startNanos);
			this.future.completeExceptionally(failure);
		}
	}

	/**
	 * Makes the result. By who has decided the operation only.
	 */
	private void finish(RpcCode code, String why) {
		ClusterResult<R> result = end(code, why);
		this.context.recorded(this.goal, outcome(result), this.startNanos);
		this.future.complete(result);
	}

	private ClusterRecorder.Outcome outcome(ClusterResult<R> result) {
		if (result.isComplete()) {
			return ClusterRecorder.Outcome.SUCCESS;
		}
		boolean some = this.goal.operation() == ClusterRecorder.Operation.BROADCAST
				&& result.outcomes().stream().anyMatch(NodeOutcome::isSuccess);
		return some ? ClusterRecorder.Outcome.PARTIAL : ClusterRecorder.Outcome.FAILURE;
	}

	/**
	 * Ends the nodes that are still at work. By who has decided the operation only.
	 */
	private ClusterResult<R> end(RpcCode code, String why) {
		List<NodePart<T, R>> all;
		Runnable dropTimer;
		Runnable dropWait;
		synchronized (this) {
			all = List.copyOf(this.parts);
			dropTimer = this.cancelTimer;
			dropWait = this.cancelWait;
		}
		this.context.open().remove(this);
		dropTimer.run();
		dropWait.run();
		List<NodeOutcome<R>> outcomes = all.stream().map((part) -> end(part, code, why)).toList();
		return new ClusterResult<>(this.goal.name(), this.goal.required(all.size()), outcomes);
	}

	/**
	 * Whatever goes wrong with one node, the others still have to be ended.
	 */
	private NodeOutcome<R> end(NodePart<T, R> part, RpcCode code, String why) {
		try {
			return part.abandon(code, why);
		}
		catch (Throwable ex) {
			this.context.report().accept("A part of a " + this.goal.name() + " could not be ended", ex);
			return part.broken(ex);
		}
	}

	@Override
	public String toString() {
		return this.goal.name();
	}

}
