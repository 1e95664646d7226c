package io.github.netrpc.cluster;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcException;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.client.ClientResources;
import io.github.netrpc.client.HedgingSnapshot;
import io.github.netrpc.client.Invoker;
import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.client.ProxyFactory;
import io.github.netrpc.client.Retries;
import io.github.netrpc.method.MethodReader;
import io.github.netrpc.method.RpcDefinitionException;
import io.github.netrpc.transport.Transport;
import io.github.netrpc.type.TypeRef;
import io.github.netrpc.wire.WireFormat;
import io.github.netrpc.work.JobContext;
import io.github.netrpc.work.JobRegistry;
import io.github.netrpc.work.RpcJob;

/**
 * Calls the services of one or several nodes that all offer the same. Thread-safe.
 * <pre class="code">
 * try (RpcChannel channel = RpcChannel.builder().target("127.0.0.1:1234").build()) {
 *     int sum = channel.call("Arith.Add", new Args(7, 8), Integer.class);
 * }
 * </pre> Nothing is connected before the first call. Every call has a deadline, 10
 * seconds if nothing else is said. A failed call throws an {@link RpcException}, which
 * says whether it may have run.
 *
 * @since 0.1.0
 */
public final class RpcChannel implements AutoCloseable {

	private final String name;

	private final String target;

	private final String codec;

	private final ClientResources resources;

	private final LookupThreads lookups;

	private final NodeGroup nodes;

	private final Retries retries;

	private final ChannelInvoker invoker;

	private final NamedMethods namedMethods;

	private final ProxyFactory proxies = new ProxyFactory(new MethodReader(List.of()));

	private final OpenOperations operations = new OpenOperations();

	private final JobRegistry jobs = new JobRegistry();

	private final LambdaThreads lambdas;

	private final ClusterRecorder clusterRecorder;

	private final JobLease jobLease;

	private final long timeoutNanos;

	private final @Nullable Transport ownTransport;

	RpcChannel(RpcChannelBuilder builder) {
		this.name = builder.channelName();
		this.target = builder.target();
		MethodSettings settings = builder.settings();
		WireFormat format = builder.wireFormat();
		this.codec = format.name();
		Transport given = builder.givenTransport();
		Transport transport = (given != null) ? given : builder.loadTransport();
		this.ownTransport = (transport != given) ? transport : null;
		try {
			this.resources = builder.resources(builder.secured(transport), format);
		}
		catch (RuntimeException ex) {
			if (this.ownTransport != null) {
				this.ownTransport.close();
			}
			throw ex;
		}
		this.lookups = new LookupThreads(this.name);
		try {
			this.nodes = new NodeGroup(this.name, this.target, builder.directory(this.resources, this.lookups),
					this.resources, builder.balancing(this.resources));
		}
		catch (RuntimeException ex) {
			this.resources.close();
			if (this.ownTransport != null) {
				this.ownTransport.close();
			}
			throw ex;
		}
		this.retries = builder.retries(this.resources, this.nodes);
		this.invoker = builder.invoker(format, this.nodes, this.resources, this.retries, settings);
		this.namedMethods = new NamedMethods(this.invoker);
		this.lambdas = new LambdaThreads("rpc-cluster-" + this.name + "-");
		this.clusterRecorder = builder.operationRecorder();
		this.jobLease = builder.leaseOfJobs();
		this.timeoutNanos = MethodSettings.nanos(settings.timeout());
	}

	/**
	 * Begins a channel.
	 * @return a new builder
	 */
	public static RpcChannelBuilder builder() {
		return new RpcChannelBuilder();
	}

	/**
	 * The name of the channel.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Where the nodes are, as configured.
	 * @return the target
	 */
	public String target() {
		return this.target;
	}

	/**
	 * The name of the wire format.
	 * @return {@code gob} or {@code json}
	 */
	public String codec() {
		return this.codec;
	}

	/**
	 * Calls a method by its name and waits for the reply.
	 * @param <R> the type of the reply
	 * @param method the name, sent as it is: {@code Arith.Add}
	 * @param argument the argument, of a type that says what it is made of (for lists and
	 * maps use {@link #method(String, TypeRef, TypeRef)}); null is an empty struct
	 * @param reply the type of the reply; {@code Void.class} skips whatever it is
	 * @return the reply, null for {@code Void.class}
	 * @throws RpcException if the call failed; with {@code FAILED_PRECONDITION} at once
	 * on an I/O thread, also one of a server, which must not wait
	 * @throws IllegalArgumentException if the argument is a collection or a map
	 */
	@SuppressWarnings({ "unchecked", "NullAway" })
	public <R> R call(String method, @Nullable Object argument, Class<R> reply) {
		return (R) this.invoker.call(this.namedMethods.plan(method, argument, reply), RpcOptions.NONE, argument);
	}

	/**
	 * Calls a method whose reply has a generic type, by its name, and waits for the
	 * reply.
	 * @param <R> the type of the reply
	 * @param method the name, sent as it is
	 * @param argument the argument, as for {@link #call(String, Object, Class)}
	 * @param reply the type of the reply
	 * @return the reply
	 * @throws RpcException if the call failed; with {@code FAILED_PRECONDITION} at once
	 * on an I/O thread, also one of a server, which must not wait
	 * @throws IllegalArgumentException if the argument is a collection or a map
	 */
	@SuppressWarnings({ "unchecked", "NullAway" })
	public <R> R call(String method, @Nullable Object argument, TypeRef<R> reply) {
		return (R) this.invoker.call(this.namedMethods.plan(method, argument, reply), RpcOptions.NONE, argument);
	}

	/**
	 * Calls a method by its name with options, and waits for the reply.
	 * @param <R> the type of the reply
	 * @param method the name, sent as it is
	 * @param argument the argument, as for {@link #call(String, Object, Class)}
	 * @param reply the type of the reply; {@code Void.class} skips whatever it is
	 * @param options what is chosen for this call
	 * @return the reply, null for {@code Void.class}
	 * @throws RpcException if the call failed; with {@code FAILED_PRECONDITION} at once
	 * on an I/O thread, also one of a server, which must not wait
	 * @throws IllegalArgumentException if the argument is a collection or a map
	 */
	@SuppressWarnings({ "unchecked", "NullAway" })
	public <R> R call(String method, @Nullable Object argument, Class<R> reply, RpcOptions options) {
		return (R) this.invoker.call(this.namedMethods.plan(method, argument, reply), options, argument);
	}

	/**
	 * Calls a method by its name without waiting: Go's {@code client.Go}. Two calls may
	 * reach the node in either order, also if one thread makes them: to have an order,
	 * begin the second when the first has completed.
	 * @param <R> the type of the reply
	 * @param method the name, sent as it is
	 * @param argument the argument, not to be changed until the future is complete; null
	 * is an empty struct
	 * @param reply the type of the reply; {@code Void.class} skips whatever it is
	 * @return completes with the reply or an {@link RpcException}, on the callback
	 * executor; cancelling it gives the call up
	 * @throws IllegalArgumentException if the argument is a collection or a map: use
	 * {@link #method(String, TypeRef, TypeRef)}
	 */
	public <R> CompletableFuture<R> callAsync(String method, @Nullable Object argument, Class<R> reply) {
		return this.invoker.callAsync(this.namedMethods.plan(method, argument, reply), RpcOptions.NONE, argument);
	}

	/**
	 * Calls a method by its name with options, without waiting.
	 * @param <R> the type of the reply
	 * @param method the name, sent as it is
	 * @param argument the argument, as for {@link #callAsync(String, Object, Class)}
	 * @param reply the type of the reply; {@code Void.class} skips whatever it is
	 * @param options what is chosen for this call
	 * @return completes with the reply or an {@link RpcException}, on the callback
	 * executor; cancelling it gives the call up
	 * @throws IllegalArgumentException if the argument is a collection or a map
	 */
	public <R> CompletableFuture<R> callAsync(String method, @Nullable Object argument, Class<R> reply,
			RpcOptions options) {
		return this.invoker.callAsync(this.namedMethods.plan(method, argument, reply), options, argument);
	}

	/**
	 * Calls a method whose reply has a generic type, by its name, without waiting. The
	 * order of two calls is not promised.
	 * @param <R> the type of the reply
	 * @param method the name, sent as it is
	 * @param argument the argument, not to be changed until the future is complete; null
	 * is an empty struct
	 * @param reply the type of the reply
	 * @return completes with the reply or an {@link RpcException}, on the callback
	 * executor; cancelling it gives the call up
	 * @throws IllegalArgumentException if the argument is a collection or a map: use
	 * {@link #method(String, TypeRef, TypeRef)}
	 */
	public <R> CompletableFuture<R> callAsync(String method, @Nullable Object argument, TypeRef<R> reply) {
		return this.invoker.callAsync(this.namedMethods.plan(method, argument, reply), RpcOptions.NONE, argument);
	}

	/**
	 * Looks a method up once, for many calls.
	 * @param <A> the type of the argument
	 * @param <R> the type of the reply
	 * @param method the name, sent as it is
	 * @param argument the type of the argument; {@code Void.class} for none
	 * @param reply the type of the reply; {@code Void.class} for none
	 * @return the method
	 */
	public <A, R> RemoteMethod<A, R> method(String method, Class<A> argument, Class<R> reply) {
		return new RemoteMethod<>(this.invoker,
				this.namedMethods.plan(method, TypeShapes.of(argument), TypeShapes.of(reply)));
	}

	/**
	 * Looks a method with generic types up once, for many calls.
	 * @param <A> the type of the argument
	 * @param <R> the type of the reply
	 * @param method the name, sent as it is
	 * @param argument the type of the argument
	 * @param reply the type of the reply
	 * @return the method
	 */
	public <A, R> RemoteMethod<A, R> method(String method, TypeRef<A> argument, TypeRef<R> reply) {
		return new RemoteMethod<>(this.invoker,
				this.namedMethods.plan(method, TypeShapes.of(argument), TypeShapes.of(reply)));
	}

	/**
	 * Makes an object whose methods call a service. <pre class="code">
	 * Arith arith = channel.proxy(Arith.class);
	 * </pre>
	 * @param <T> the interface
	 * @param type the interface, also one that extends service interfaces; its own
	 * default methods run on this side
	 * @return a new proxy
	 * @throws RpcDefinitionException if the interface cannot be a client; lists all
	 * reasons
	 */
	public <T> T proxy(Class<T> type) {
		return this.proxies.create(type, null, this.invoker);
	}

	/**
	 * All nodes behind an interface: to call each of them, or the quickest of several.
	 * <pre class="code">
	 * ClusterResult&lt;Reply&gt; all = channel.cluster(Arith.class).broadcast((arith) -&gt; arith.multiply(6, 7));
	 * </pre>
	 * @param <T> the interface
	 * @param type the interface, as for {@link #proxy}
	 * @return a new cluster
	 * @throws RpcDefinitionException if the interface cannot be a client; lists all
	 * reasons
	 */
	public <T> RpcCluster<T> cluster(Class<T> type) {
		BiFunction<Invoker, RpcOptions, T> proxies = ProxyFactory.variants(proxy(type));
		return RpcCluster.of(type.getSimpleName(), new ClusterContext<>(this.name, this.target, this.timeoutNanos,
				this.nodes.listedNodes(), this.resources.timer(), this.operations, this.resources::execute,
				this.resources::executeInternal, this.lambdas, this.resources::inIoThread, this.clusterRecorder,
				this.resources::report, jobContext(), this.jobLease,
				(scope, options) -> proxies.apply(new ScopedInvoker(this.invoker, scope), scope.bind(options))));
	}

	private JobContext jobContext() {
		return new JobContext(this.resources.timer(), this.resources::executeInternal, this.resources::inIoThread,
				new JobIds(this.resources.random()), this.jobs);
	}

	/**
	 * The jobs that this channel hands to its nodes.
	 * @return those that go on, in the order of their beginning
	 */
	public List<RpcJob<?>> jobs() {
		return this.jobs.jobs();
	}

	/**
	 * What is known of the jobs of this channel, also of those that have ended.
	 * @return tells, and adds up what they have come to
	 */
	public JobRegistry jobRegistry() {
		return this.jobs;
	}

	/**
	 * What is known of each node now.
	 * @return a snapshot of each node, in the order of the list, then of those that are
	 * no longer listed and whose calls have not ended; none while there is no list
	 */
	public List<NodeSnapshot> nodes() {
		return this.nodes.snapshots();
	}

	/**
	 * What the nodes have counted since the channel was built.
	 * @return the sums, nodes that are no longer listed included
	 */
	public ChannelCounts counts() {
		return this.nodes.counts();
	}

	/**
	 * What is known of the list of nodes now.
	 * @return its age, and how often it could not be found out
	 */
	public DirectorySnapshot directory() {
		return this.nodes.directory();
	}

	/**
	 * How many attempts were sent to a node that was chosen among others.
	 * @return attempts since the channel was built; 0 if its target is one node
	 */
	public long picks() {
		return this.nodes.picks();
	}

	/**
	 * How many times a node was left out because it failed.
	 * @return ejections since the channel was built
	 */
	public long ejections() {
		return this.nodes.ejections();
	}

	/**
	 * How many times a call was tried again because it had failed.
	 * @return retries since the channel was built
	 */
	public long retries() {
		return this.retries.count();
	}

	/**
	 * What is known of the second attempts that are made beside calls that take long.
	 * @return a snapshot, or null if that is not switched on
	 */
	public @Nullable HedgingSnapshot hedging() {
		return this.retries.hedging();
	}

	/**
	 * How many calls have begun and not ended.
	 * @return calls in flight, calls that wait for a connection, and calls that wait to
	 * be tried again
	 */
	public int inFlight() {
		return nodes().stream().mapToInt((node) -> node.inFlight() + node.waiting()).sum() + this.nodes.held()
				+ this.retries.pausing();
	}

	/**
	 * How many calls wait for the list of nodes, for a connection, or for room on one.
	 * @return the calls of {@link #inFlight} that were not sent
	 */
	public int pending() {
		return nodes().stream().mapToInt(NodeSnapshot::waiting).sum() + this.nodes.held();
	}

	/**
	 * Closes all connections. Calls that have not ended fail.
	 */
	@Override
	public void close() {
		this.jobs.close();
		this.nodes.close();
		this.lookups.close();
		this.retries.close();
		this.operations.close();
		this.resources.close();
		if (this.ownTransport != null) {
			this.ownTransport.close();
		}
	}

	@Override
	public String toString() {
		return "RpcChannel " + this.name + " " + this.nodes;
	}

}
