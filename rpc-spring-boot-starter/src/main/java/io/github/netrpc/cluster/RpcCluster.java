package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCallException;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.work.ItemSource;
import io.github.netrpc.work.RpcJobBuilder;

/**
 * All nodes of a channel behind one client interface: to call each of them, the quickest
 * of several, or enough for a majority. <pre class="code">
 * ClusterResult&lt;Reply&gt; all = cluster.broadcast((arith) -&gt; arith.multiply(6, 7));
 * Reply fastest = cluster.race(2, (arith) -&gt; arith.multiply(6, 7));
 * ClusterResult&lt;Reply&gt; two = cluster.quorum(2, (arith) -&gt; arith.multiply(6, 7));
 * </pre> The lambda is run once for each node, with a proxy that calls this node only.
 * The nodes are those that the channel's directory lists at the moment, also those that
 * cannot be reached or were ejected: each that takes part has an outcome. Stock Go nodes
 * take part like any other.
 * <p>
 * An operation takes no longer than its time, the channel's timeout if nothing else is
 * said: what has not answered by then has the outcome {@code DEADLINE_EXCEEDED}. All
 * calls that the operation has begun end with it, and the nodes are told. The methods
 * without {@code Async} wait, and give each lambda a thread; those with it take lambdas
 * that return a {@code CompletionStage}, and cancelling what they return gives the
 * operation up. Immutable and thread-safe.
 *
 * @param <T> the client interface
 * @since 0.1.0
 * @see RpcChannel#cluster
 */
public final class RpcCluster<T> {

	private final String type;

	private final ClusterContext<T> context;

	private final RpcOptions options;

	private final Set<String> tags;

	private final long timeoutNanos;

	private final @Nullable Executor executor;

	private RpcCluster(String type, ClusterContext<T> context, RpcOptions options, Set<String> tags, long timeoutNanos,
			@Nullable Executor executor) {
		this.type = type;
		this.context = context;
		this.options = options;
		this.tags = tags;
		this.timeoutNanos = timeoutNanos;
		this.executor = executor;
	}

	static <T> RpcCluster<T> of(String type, ClusterContext<T> context) {
		return new RpcCluster<>(type, context, RpcOptions.NONE, Set.of(), context.timeoutNanos(), null);
	}

	// Variants

	/**
	 * Narrows the cluster to nodes that have all of some tags.
	 * @param tags words that nodes have in their metadata, in addition to those chosen
	 * before
	 * @return a variant of this
	 * @throws IllegalArgumentException if a tag is empty
	 */
	public RpcCluster<T> withTags(String... tags) {
		Set<String> all = new TreeSet<>(this.tags);
		for (String tag : tags) {
			if (tag.isBlank()) {
				throw new IllegalArgumentException("tag: \"" + tag + "\" (expected: a word)");
			}
			all.add(tag);
		}
		return new RpcCluster<>(this.type, this.context, this.options, Set.copyOf(all), this.timeoutNanos,
				this.executor);
	}

	/**
	 * How long an operation takes at most, whatever nodes do. Calls may take less, as
	 * their own timeouts say, but not more.
	 * @param timeout the time, more than 0
	 * @return a variant of this
	 * @throws IllegalArgumentException if the time is 0 or less
	 */
	public RpcCluster<T> withTimeout(Duration timeout) {
		if (timeout.isZero() || timeout.isNegative()) {
			throw new IllegalArgumentException("timeout: " + timeout + " (expected: more than 0)");
		}
		return new RpcCluster<>(this.type, this.context, this.options, this.tags, MethodSettings.nanos(timeout),
				this.executor);
	}

	/**
	 * Where lambdas run. Those that block need a thread for each node at the same time,
	 * or they wait for each other. By default they have one, and lambdas that return
	 * stages run on the thread that begins the operation or on the callback executor.
	 * @param executor the executor, which stays the caller's to close
	 * @return a variant of this
	 */
	public RpcCluster<T> withExecutor(Executor executor) {
		return new RpcCluster<>(this.type, this.context, this.options, this.tags, this.timeoutNanos,
				Objects.requireNonNull(executor, "executor"));
	}

	/**
	 * What holds of each call: metadata, its own timeout, no retries. Retries stay on the
	 * node.
	 * @param options the options, on top of those chosen before
	 * @return a variant of this
	 * @throws IllegalArgumentException if they name a node
	 */
	public RpcCluster<T> withOptions(RpcOptions options) {
		if (options.node() != null) {
			throw new IllegalArgumentException(
					"options: node \"" + options.node() + "\" (expected: none, use onNode for a single node)");
		}
		return new RpcCluster<>(this.type, this.context, this.options.with(options), this.tags, this.timeoutNanos,
				this.executor);
	}

	/**
	 * The nodes that would take part in an operation now.
	 * @return the nodes in the order of the list; none while there is no list, or no node
	 * with the tags
	 */
	public List<ClusterNode> nodes() {
		return this.context.nodes().listed().stream().filter((node) -> node.tags().containsAll(this.tags)).toList();
	}

	// Broadcast

	/**
	 * Calls all nodes and waits for each to end.
	 * @param <R> the type of the values
	 * @param call what is done at each node
	 * @return one outcome for each node, failures included: see
	 * {@link ClusterResult#orThrow}
	 * @throws RpcException if there are no nodes, or the waiting thread was interrupted
	 * @throws IllegalArgumentException if the lambda returned a {@code CompletionStage}
	 */
	public <R extends @Nullable Object> ClusterResult<R> broadcast(ClusterCall<T, R> call) {
		return await(operation(ClusterGoal.BROADCAST, null, NodeLambda.sync(call)), Function.identity());
	}

	/**
	 * Calls all nodes without a result and waits for each to end.
	 * @param call what is done at each node
	 * @return one outcome for each node, failures included: see
	 * {@link ClusterResult#orThrow}
	 * @throws RpcException if there are no nodes, or the waiting thread was interrupted
	 * @throws IllegalArgumentException if the lambda left calls behind that have not
	 * ended
	 */
	public ClusterResult<@Nullable Void> broadcastVoid(VoidClusterCall<T> call) {
		return await(operation(ClusterGoal.BROADCAST, null, NodeLambda.syncVoid(call)), Function.identity());
	}

	/**
	 * Calls all nodes.
	 * @param <R> the type of the values
	 * @param call what is begun at each node
	 * @return completes with one outcome for each node when all have ended, or with an
	 * {@link RpcException} if there are no nodes
	 */
	public <R extends @Nullable Object> CompletableFuture<ClusterResult<R>> broadcastAsync(
			AsyncClusterCall<T, R> call) {
		return begin(operation(ClusterGoal.BROADCAST, null, NodeLambda.async(call)), Function.identity());
	}

	// Race

	/**
	 * Has several nodes do the same, and takes the first good result. The best balanced
	 * nodes are asked first; as one fails, the next that was not asked is. Those that
	 * lose are cancelled. What they do may have an effect all the same: for methods that
	 * are idempotent.
	 * @param <R> the type of the value
	 * @param nodes how many nodes are at work at a time, 1 or more; all if there are
	 * fewer
	 * @param call what is done at each node
	 * @return the value of the node that was first
	 * @throws RpcClusterException if all nodes failed
	 * @throws RpcException if there are no nodes, or the waiting thread was interrupted
	 * @throws IllegalArgumentException if the lambda returned a {@code CompletionStage},
	 * or the number is less than 1
	 */
	public <R extends @Nullable Object> R race(int nodes, ClusterCall<T, R> call) {
		return await(operation(ClusterGoal.race(nodes), null, NodeLambda.sync(call)), RpcCluster::first);
	}

	/**
	 * Has several nodes do the same, and takes the first good result.
	 * @param <R> the type of the value
	 * @param nodes how many nodes are at work at a time, 1 or more; all if there are
	 * fewer
	 * @param call what is begun at each node
	 * @return completes with the value of the node that was first, with an
	 * {@link RpcClusterException} if all nodes failed, or with an {@link RpcException} if
	 * there are none
	 * @throws IllegalArgumentException if the number is less than 1
	 * @see #race
	 */
	public <R extends @Nullable Object> CompletableFuture<R> raceAsync(int nodes, AsyncClusterCall<T, R> call) {
		return begin(operation(ClusterGoal.race(nodes), null, NodeLambda.async(call)), RpcCluster::first);
	}

	// Quorum

	/**
	 * Calls all nodes until enough have succeeded; the others are cancelled. Whether the
	 * values are equal is not looked at.
	 * @param <R> the type of the values
	 * @param nodes how many nodes have to succeed, 1 or more
	 * @param call what is done at each node
	 * @return one outcome for each node, with at least so many values
	 * @throws RpcClusterException as soon as too many have failed
	 * @throws RpcException at once with {@code FAILED_PRECONDITION} if there are fewer
	 * nodes; if there are none, or the waiting thread was interrupted
	 * @throws IllegalArgumentException if the lambda returned a {@code CompletionStage},
	 * or the number is less than 1
	 */
	public <R extends @Nullable Object> ClusterResult<R> quorum(int nodes, ClusterCall<T, R> call) {
		return await(operation(ClusterGoal.quorum(nodes), null, NodeLambda.sync(call)), ClusterResult::orThrow);
	}

	/**
	 * Calls all nodes until enough have succeeded.
	 * @param <R> the type of the values
	 * @param nodes how many nodes have to succeed, 1 or more
	 * @param call what is begun at each node
	 * @return completes with one outcome for each node and at least so many values, with
	 * an {@link RpcClusterException} as soon as too many have failed, or with an
	 * {@link RpcException} if there are not so many nodes
	 * @throws IllegalArgumentException if the number is less than 1
	 * @see #quorum
	 */
	public <R extends @Nullable Object> CompletableFuture<ClusterResult<R>> quorumAsync(int nodes,
			AsyncClusterCall<T, R> call) {
		return begin(operation(ClusterGoal.quorum(nodes), null, NodeLambda.async(call)), ClusterResult::orThrow);
	}

	// One node

	/**
	 * Calls one node.
	 * @param <R> the type of the value
	 * @param node its id, its {@code host:port}, or its host if no other node has the
	 * same
	 * @param call what is done there
	 * @return the value
	 * @throws RpcException if it failed, or there is no such node
	 * @throws IllegalArgumentException if the lambda returned a {@code CompletionStage}
	 */
	public <R extends @Nullable Object> R onNode(String node, ClusterCall<T, R> call) {
		return await(operation(ClusterGoal.ON_NODE, node, NodeLambda.sync(call)), RpcCluster::only);
	}

	/**
	 * Calls one node.
	 * @param <R> the type of the value
	 * @param node its id, its {@code host:port}, or its host if no other node has the
	 * same
	 * @param call what is begun there
	 * @return completes with the value, or with an {@link RpcException} if it failed or
	 * there is no such node
	 */
	public <R extends @Nullable Object> CompletableFuture<R> onNodeAsync(String node, AsyncClusterCall<T, R> call) {
		return begin(operation(ClusterGoal.ON_NODE, node, NodeLambda.async(call)), RpcCluster::only);
	}

	// Jobs

	/**
	 * Hands items to the nodes as they have room, until each has a result. A node has as
	 * many items at a time as it advertises capacity for, and those of a node that dies
	 * go to another one: an item may run more than once, and counts once. <pre
	 * class="code">
	 * long primes = cluster.distribute(chunks, (node, chunk) -&gt; node.countPrimes(chunk))
	 *         .start().collect(Collectors.summingLong(Long::longValue));
	 * </pre> The time of the cluster's operations does not apply: each attempt at an item
	 * has its own.
	 * @param <I> the type of the items
	 * @param <R> the type of the results
	 * @param items the items, pulled as they are needed
	 * @param call what is done with each item
	 * @return begins the job
	 */
	public <I extends @Nullable Object, R extends @Nullable Object> RpcJobBuilder<I, R> distribute(
			Iterable<? extends I> items, ItemCall<T, I, R> call) {
		return job(ItemSource.of(items), ItemLambda.sync(call));
	}

	/**
	 * Hands the items that an iterator has left to the nodes.
	 * @param <I> the type of the items
	 * @param <R> the type of the results
	 * @param items the items, pulled as they are needed
	 * @param call what is done with each item
	 * @return begins the job
	 * @see #distribute(Iterable, ItemCall)
	 */
	public <I extends @Nullable Object, R extends @Nullable Object> RpcJobBuilder<I, R> distribute(
			Iterator<? extends I> items, ItemCall<T, I, R> call) {
		return job(ItemSource.of(items), ItemLambda.sync(call));
	}

	/**
	 * Hands the elements of a stream to the nodes, and closes it at the end.
	 * @param <I> the type of the items
	 * @param <R> the type of the results
	 * @param items the items, pulled as they are needed
	 * @param call what is done with each item
	 * @return begins the job
	 * @see #distribute(Iterable, ItemCall)
	 */
	public <I extends @Nullable Object, R extends @Nullable Object> RpcJobBuilder<I, R> distribute(
			Stream<? extends I> items, ItemCall<T, I, R> call) {
		return job(ItemSource.of(items), ItemLambda.sync(call));
	}

	/**
	 * Hands items to the nodes, with calls that nobody's thread waits for.
	 * @param <I> the type of the items
	 * @param <R> the type of the results
	 * @param items the items, pulled as they are needed
	 * @param call what is begun with each item
	 * @return begins the job
	 * @see #distribute(Iterable, ItemCall)
	 */
	public <I extends @Nullable Object, R extends @Nullable Object> RpcJobBuilder<I, R> distributeAsync(
			Iterable<? extends I> items, AsyncItemCall<T, I, R> call) {
		return job(ItemSource.of(items), ItemLambda.async(call));
	}

	/**
	 * Hands the items that an iterator has left to the nodes, with calls that nobody's
	 * thread waits for.
	 * @param <I> the type of the items
	 * @param <R> the type of the results
	 * @param items the items, pulled as they are needed
	 * @param call what is begun with each item
	 * @return begins the job
	 * @see #distribute(Iterable, ItemCall)
	 */
	public <I extends @Nullable Object, R extends @Nullable Object> RpcJobBuilder<I, R> distributeAsync(
			Iterator<? extends I> items, AsyncItemCall<T, I, R> call) {
		return job(ItemSource.of(items), ItemLambda.async(call));
	}

	/**
	 * Hands the elements of a stream to the nodes, with calls that nobody's thread waits
	 * for, and closes it at the end.
	 * @param <I> the type of the items
	 * @param <R> the type of the results
	 * @param items the items, pulled as they are needed
	 * @param call what is begun with each item
	 * @return begins the job
	 * @see #distribute(Iterable, ItemCall)
	 */
	public <I extends @Nullable Object, R extends @Nullable Object> RpcJobBuilder<I, R> distributeAsync(
			Stream<? extends I> items, AsyncItemCall<T, I, R> call) {
		return job(ItemSource.of(items), ItemLambda.async(call));
	}

	private <I extends @Nullable Object, R extends @Nullable Object> RpcJobBuilder<I, R> job(ItemSource<I> items,
			ItemLambda<T, I, R> lambda) {
		NodeWorkers<T, I, R> workers = new NodeWorkers<>(this.context, lambda, this.options, this.tags, this.executor);
		return new RpcJobBuilder<>(this.type, items, workers, this.context.jobs());
	}

	private static <R extends @Nullable Object> R first(ClusterResult<R> result) {
		return result.orThrow().values().get(0);
	}

	private static <R extends @Nullable Object> R only(ClusterResult<R> result) {
		return result.outcomes().get(0).value();
	}

	// Both kinds

	private <R extends @Nullable Object> ClusterOperation<T, R> operation(ClusterGoal goal, @Nullable String node,
			NodeLambda<T, R> lambda) {
		ClusterChoice choice = ClusterChoice.of(this.options, this.tags, node, this.timeoutNanos, this.executor);
		return new ClusterOperation<>(this.context, goal, choice, lambda);
	}

	@SuppressWarnings("FutureReturnValueIgnored") // never throws
	private <R extends @Nullable Object, V extends @Nullable Object> CompletableFuture<V> begin(
			ClusterOperation<T, R> operation, Function<ClusterResult<R>, V> end) {
		CompletableFuture<V> future = new CompletableFuture<>();
		// Whoever completes it, nobody waits for the nodes any more.
		future.whenComplete((value, failure) -> operation.giveUp("its caller has given it up"));
		operation.start().whenComplete((result, failure) -> {
			try {
				if (failure != null) {
					future.completeExceptionally(failure);
				}
				else {
					future.complete(end.apply(result));
				}
			}
			catch (Throwable ex) {
				future.completeExceptionally(ex);
			}
		});
		return future;
	}

	private <R extends @Nullable Object, V extends @Nullable Object> V await(ClusterOperation<T, R> operation,
			Function<ClusterResult<R>, V> end) {
		if (this.context.inIoThread().getAsBoolean()) {
			throw new RpcCallException(RpcCode.FAILED_PRECONDITION, Known.NOT_RUN,
					operation + ": waiting on an I/O thread would block it, use " + operation.goal().asyncMethod(),
					null);
		}
		CompletableFuture<ClusterResult<R>> future = operation.start();
		try {
			return end.apply(future.get());
		}
		catch (InterruptedException ex) {
			ClusterResult<R> cancelled = operation.giveUp("the calling thread was interrupted");
			Thread.currentThread().interrupt();
			if (cancelled != null) {
				throw RpcClusterException.cancelled(operation + ": the calling thread was interrupted", cancelled);
			}
			// It has just ended.
			return end.apply(future.join());
		}
		catch (ExecutionException ex) {
			Throwable failure = ex.getCause();
			if (failure instanceof RpcCallException || failure instanceof IllegalArgumentException) {
				// Made on a thread that the reader of a stack trace does not care for.
				failure.setStackTrace(new Throwable().getStackTrace());
			}
			if (failure instanceof RuntimeException unchecked) {
				throw unchecked;
			}
			if (failure instanceof Error error) {
				throw error;
			}
			throw new IllegalStateException(failure);
		}
	}

	@Override
	public String toString() {
		return "RpcCluster of " + this.type + " over " + this.context.channel() + " " + this.context.source()
				+ (this.tags.isEmpty() ? "" : " with tags " + new TreeSet<>(this.tags));
	}

}
