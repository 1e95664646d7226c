package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCallException;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcException;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.wire.CallLease;
import io.github.netrpc.work.Worker;
import io.github.netrpc.work.WorkerPool;

/**
 * Runs the items of a job on the nodes of a channel. The job decides who gets an item
 * next, so calls are not tried again on their own, and they have the time of their item
 * unless the cluster's options say less. Thread-safe.
 *
 * @param <T> the client interface
 * @param <I> the type of the items
 * @param <R> the type of the results
 */
final class NodeWorkers<T, I extends @Nullable Object, R extends @Nullable Object> implements WorkerPool<I, R> {

	/** Longer than any item: what an item has left is less. */
	private static final Duration ITEM_TIME = Duration.ofDays(36_500);

	private final ClusterContext<T> context;

	private final ItemLambda<T, I, R> lambda;

	private final RpcOptions options;

	private final Set<String> tags;

	private final @Nullable Executor executor;

	private final @Nullable RpcContext serving = RpcContext.current();

	/** What the items of a worker share. */
	private final Map<String, Place> places = new ConcurrentHashMap<>();

	NodeWorkers(ClusterContext<T> context, ItemLambda<T, I, R> lambda, RpcOptions options, Set<String> tags,
			@Nullable Executor executor) {
		this.context = context;
		this.lambda = lambda;
		RpcOptions once = ((options.timeout() == null) ? options.timeout(ITEM_TIME) : options).noRetry();
		JobLease lease = context.lease();
		this.options = lease.isOn() ? once.metadata(CallLease.KEY, CallLease.value(lease.lease())) : once;
		this.tags = tags;
		this.executor = (executor != null || lambda.isAsync()) ? executor : context.lambdas();
	}

	@Override
	public List<Worker> workers() {
		return this.context.nodes().workers(this.tags);
	}

	@Override
	public String missing() {
		return this.tags.isEmpty() ? this.context.nodes().missing()
				: "no node of " + this.context.source() + " has the tags " + this.tags;
	}

	@Override
	public RunningItem begin(String worker, I item, long deadlineNanos, ItemListener<R> listener) {
		Place place = this.places.get(worker);
		if (place == null) {
			place = new Place(new ClusterNode(worker, worker, Set.of(), NodeState.READY), this.options.node(worker));
			this.places.put(worker, place);
		}
		CallScope scope = new CallScope(worker, "job", this.serving, this.context.timer(), deadlineNanos, listener);
		T proxy = this.context.binder().bind(scope, place.options);
		NodePart<T, R> part = new NodePart<>(place.node, new Listening<>(listener, scope), this.lambda.of(item), proxy,
				scope, this.context.timer());
		part.begin(this.executor);
		return new Running(part, scope);
	}

	@Override
	public long renewalNanos() {
		return this.context.lease().isOn() ? this.context.lease().renewal().toNanos() : 0;
	}

	@Override
	public void renew(String worker) {
		this.context.nodes().renew(worker);
	}

	/**
	 * A worker, as its items see it.
	 *
	 * @param options those of calls that go there
	 */
	private record Place(ClusterNode node, RpcOptions options) {

	}

	private record Listening<R extends @Nullable Object>(ItemListener<R> listener,
			CallScope scope) implements NodePart.Owner<R> {

		@Override
		public void ended(NodeOutcome<R> outcome) {
			// Calls that the result did not wait for end with the item.
			Known known = this.scope.close("its item has ended");
			RpcException failure = outcome.failure();
			if (failure != null && failure.known() == Known.NOT_RUN && known != Known.NOT_RUN) {
				// The call that failed did not run, but one before it did.
				this.listener.failed(new RpcCallException(failure.code(), known, failure.getMessage(), failure));
			}
			else if (failure != null) {
				this.listener.failed(failure);
			}
			else {
				this.listener.succeeded(outcome.value());
			}
		}

		@Override
		public void late(NodeOutcome<R> outcome) {
			if (outcome.isSuccess()) {
				this.listener.succeeded(outcome.value());
			}
		}

		@Override
		public void misused(String why) {
			this.listener.misused("distribute: " + why + "; use distributeAsync");
		}

	}

	private record Running(NodePart<?, ?> part, CallScope scope) implements RunningItem {

		@Override
		public boolean mayRunTwice() {
			return this.scope.mayRunTwice();
		}

		@Override
		public void abandon(String why) {
			this.part.abandon(RpcCode.CANCELLED, why);
		}

	}

}
