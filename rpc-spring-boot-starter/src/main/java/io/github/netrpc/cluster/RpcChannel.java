package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcException;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.client.ClientInterceptor;
import io.github.netrpc.client.ClientLimits;
import io.github.netrpc.client.ClientResources;
import io.github.netrpc.client.ClientTimer;
import io.github.netrpc.client.ConnectionPolicy;
import io.github.netrpc.client.HedgingPolicy;
import io.github.netrpc.client.HedgingSnapshot;
import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.client.ProxyFactory;
import io.github.netrpc.client.Retries;
import io.github.netrpc.client.RetryLimits;
import io.github.netrpc.method.MethodReader;
import io.github.netrpc.method.RpcDefinitionException;
import io.github.netrpc.transport.Transport;
import io.github.netrpc.type.TypeRef;
import io.github.netrpc.wire.WireFormat;
import io.github.netrpc.wire.WireLimits;
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

	private final long timeoutNanos;

	private final @Nullable Transport ownTransport;

	private RpcChannel(Builder builder) {
		this.name = builder.name;
		this.target = builder.target();
		MethodSettings settings = new MethodSettings(builder.timeout, builder.methodTimeouts, builder.idempotent);
		WireFormat format = builder.wireFormat();
		this.codec = format.name();
		Transport given = builder.transport;
		Transport transport = (given != null) ? given : loadTransport(this.name);
		this.ownTransport = (transport != given) ? transport : null;
		try {
			this.resources = builder.resources(transport, format);
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
		this.retries = new Retries(builder.retryLimits, builder.hedging, this.resources, this.nodes);
		this.invoker = new ChannelInvoker(this.name, format, this.nodes, this.resources, this.retries, settings,
				builder.interceptors, builder.recorders);
		this.namedMethods = new NamedMethods(this.invoker);
		this.lambdas = new LambdaThreads("rpc-cluster-" + this.name + "-");
		this.clusterRecorder = builder.clusterRecorder;
		this.timeoutNanos = MethodSettings.nanos(builder.timeout);
	}

	private static Transport loadTransport(String name) {
		return ServiceLoader.load(Transport.Provider.class, RpcChannel.class.getClassLoader())
			.findFirst()
			.orElseThrow(() -> new IllegalStateException(
					"no " + Transport.Provider.class.getName() + " on the class path, and no transport was given"))
			.create("rpc-client-" + name, 0, true);
	}

	/**
	 * Begins a channel.
	 * @return a new builder
	 */
	public static Builder builder() {
		return new Builder();
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
		T proxy = proxy(type);
		return RpcCluster.of(type.getSimpleName(),
				new ClusterContext<>(this.name, this.target, this.timeoutNanos, this.nodes.listedNodes(),
						this.resources.timer(), this.operations, this.resources::execute,
						this.resources::executeInternal, this.lambdas, this.resources::inIoThread, this.clusterRecorder,
						this.resources::report, jobContext(), (scope, options) -> ProxyFactory.variant(proxy,
								new ScopedInvoker(this.invoker, scope), scope.bind(options))));
	}

	private JobContext jobContext() {
		return new JobContext(this.resources.timer(), this.resources::executeInternal, this.resources::inIoThread,
				() -> {
					RpcContext serving = RpcContext.current();
					return (serving != null) ? serving.callId() : randomId();
				}, this.jobs);
	}

	private String randomId() {
		DoubleSupplier random = this.resources.random();
		return "%08x%08x".formatted((long) (random.getAsDouble() * (1L << 32)),
				(long) (random.getAsDouble() * (1L << 32)));
	}

	/**
	 * The jobs that this channel hands to its nodes.
	 * @return those that go on, then the last ones that have ended
	 */
	public List<RpcJob<?>> jobs() {
		return this.jobs.jobs();
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
		this.nodes.close();
		this.lookups.close();
		this.retries.close();
		this.operations.close();
		this.jobs.close();
		this.resources.close();
		if (this.ownTransport != null) {
			this.ownTransport.close();
		}
	}

	@Override
	public String toString() {
		return "RpcChannel " + this.name + " " + this.nodes;
	}

	/**
	 * Collects what a channel needs; only the target is required. Not thread-safe.
	 */
	public static final class Builder {

		private String name = "default";

		private @Nullable String target;

		private @Nullable Supplier<String> lateTarget;

		private @Nullable NodeDirectory directory;

		private final List<NodeDirectory.Provider> directoryProviders = new ArrayList<>();

		private @Nullable Duration directoryRefresh;

		private String codec = "gob";

		private @Nullable WireFormat format;

		private WireLimits limits = WireLimits.DEFAULT;

		private boolean http;

		private String path = "/_goRPC_";

		private Duration timeout = Duration.ofSeconds(10);

		private final Map<String, Duration> methodTimeouts = new HashMap<>();

		private final Set<String> idempotent = new HashSet<>();

		private RetryLimits retryLimits = RetryLimits.DEFAULT;

		private @Nullable HedgingPolicy hedging;

		private @Nullable Transport transport;

		private @Nullable Executor callbackExecutor;

		private final List<ClientInterceptor> interceptors = new ArrayList<>();

		private CallRecorder.Factory recorders = CallRecorder.Factory.NONE;

		private ClusterRecorder clusterRecorder = ClusterRecorder.NONE;

		private ClientLimits nodeLimits = ClientLimits.DEFAULT;

		private ConnectionPolicy connectionPolicy = ConnectionPolicy.DEFAULT;

		private Duration deadlineGrace = ClientResources.DEFAULT_DEADLINE_GRACE;

		private boolean extensions = true;

		private @Nullable ClientTimer sharedTimer;

		private @Nullable ClientTimer timer;

		private Executor spare = Runnable::run;

		private DoubleSupplier random = () -> 0;

		private String loadBalancerName = LeastLoadedBalancer.NAME;

		private @Nullable LoadBalancer loadBalancer;

		private final List<LoadBalancer.Provider> loadBalancerProviders = new ArrayList<>();

		private OutlierPolicy outlierPolicy = OutlierPolicy.DEFAULT;

		private Duration slowStart = Balancing.SLOW_START;

		private Builder() {
		}

		/**
		 * Names the channel, for threads, messages and pages.
		 * @param name the name
		 * @return this
		 */
		public Builder name(String name) {
			this.name = name;
			return this;
		}

		/**
		 * Says where the nodes are.
		 * @param target {@code static://host:port,host:port}, or that without the scheme;
		 * IPv6 addresses in brackets; or with another scheme that a directory knows, such
		 * as {@code dns://name:port}
		 * @return this
		 */
		public Builder target(String target) {
			this.target = target;
			this.lateTarget = null;
			return this;
		}

		/**
		 * Says where it will be known where the nodes are. It is asked when the first
		 * call comes, and again every quarter of a second while it throws; calls wait as
		 * they do for any directory.
		 * @param shown what pages and messages show as the target
		 * @param target returns what {@link #target(String)} takes, or throws; may block
		 * @return this
		 */
		public Builder lateTarget(String shown, Supplier<String> target) {
			this.target = shown;
			this.lateTarget = target;
			return this;
		}

		/**
		 * Gives the directory that knows the nodes, instead of a target. The channel
		 * closes it. A builder with a directory builds one channel.
		 * @param directory the directory, which nobody watches yet
		 * @return this
		 */
		public Builder directory(NodeDirectory directory) {
			this.directory = directory;
			return this;
		}

		/**
		 * Adds what makes the directories of targets with one scheme. It goes before
		 * those on the class path.
		 * @param provider makes directories
		 * @return this
		 */
		public Builder directoryProvider(NodeDirectory.Provider provider) {
			this.directoryProviders.add(provider);
			return this;
		}

		/**
		 * How often a directory that has to ask for the nodes does.
		 * @param interval from one look-up to the next, 100 ms or more; null, the
		 * default, for what the directory thinks best, which is 5 s for DNS
		 * @return this
		 */
		public Builder directoryRefresh(@Nullable Duration interval) {
			this.directoryRefresh = interval;
			return this;
		}

		/**
		 * Chooses the wire format by its name.
		 * @param codec {@code gob} (default) or {@code json}
		 * @return this
		 */
		public Builder codec(String codec) {
			this.codec = codec;
			return this;
		}

		/**
		 * Gives the wire format, instead of its name and limits.
		 * @param format the format
		 * @return this
		 */
		public Builder format(WireFormat format) {
			this.format = format;
			return this;
		}

		/**
		 * Bounds what replies may hold.
		 * @param limits the limits
		 * @return this
		 */
		public Builder limits(WireLimits limits) {
			this.limits = limits;
			return this;
		}

		/**
		 * Opens each connection with HTTP's {@code CONNECT}, as Go's {@code DialHTTP}.
		 * @param http whether to
		 * @return this
		 */
		public Builder http(boolean http) {
			this.http = http;
			return this;
		}

		/**
		 * The path of that {@code CONNECT}.
		 * @param path the path, {@code /_goRPC_} by default
		 * @return this
		 */
		public Builder path(String path) {
			this.path = path;
			return this;
		}

		/**
		 * How long a call may take if nothing else is said.
		 * @param timeout the time, more than 0; 10 s by default
		 * @return this
		 */
		public Builder timeout(Duration timeout) {
			this.timeout = timeout;
			return this;
		}

		/**
		 * How long the calls of one method may take.
		 * @param method its whole name ({@code Arith.Add}), its own ({@code Add}), or
		 * that as Java writes it ({@code add})
		 * @param timeout the time, more than 0
		 * @return this
		 */
		public Builder methodTimeout(String method, Duration timeout) {
			this.methodTimeouts.put(method, timeout);
			return this;
		}

		/**
		 * Declares that calling a method twice does no more than calling it once, as the
		 * annotation {@code @Idempotent} does where there is an interface.
		 * @param method its whole name ({@code Arith.Add}), its own ({@code Add}), or
		 * that as Java writes it ({@code add})
		 * @return this
		 */
		public Builder idempotent(String method) {
			this.idempotent.add(method);
			return this;
		}

		/**
		 * How often, and how soon, calls that failed are tried again.
		 * @param limits the limits
		 * @return this
		 */
		public Builder retryLimits(RetryLimits limits) {
			this.retryLimits = limits;
			return this;
		}

		/**
		 * Has calls of idempotent methods that take long made at a second node as well;
		 * the first good answer is taken, the other attempt cancelled.
		 * @param policy when, or null, the default, for never
		 * @return this
		 */
		public Builder hedging(@Nullable HedgingPolicy policy) {
			this.hedging = policy;
			return this;
		}

		/**
		 * Gives the transport, which stays the caller's to close.
		 * @param transport the transport
		 * @return this
		 */
		public Builder transport(Transport transport) {
			this.transport = transport;
			return this;
		}

		/**
		 * Gives the timer, which stays the caller's to close: several channels that share
		 * it have one thread for all their deadlines. By default a channel has its own.
		 * @param timer the timer, such as {@link ClientTimer#create}
		 * @return this
		 */
		public Builder timer(ClientTimer timer) {
			this.sharedTimer = timer;
			return this;
		}

		/**
		 * Where futures complete and their callbacks run; what it refuses runs on a
		 * thread of the channel's own. {@code Runnable::run} is the I/O thread, which
		 * callbacks must not block; those of calls whose time is over have a thread of
		 * their own then. By default, daemon threads: one platform thread, and virtual
		 * ones while it is busy, where there are any.
		 * @param executor the executor, which stays the caller's to close
		 * @return this
		 */
		public Builder callbackExecutor(Executor executor) {
			this.callbackExecutor = executor;
			return this;
		}

		/**
		 * Adds an interceptor, inside those that were added before.
		 * @param interceptor runs around the calls of the methods that it is for
		 * @return this
		 */
		public Builder interceptor(ClientInterceptor interceptor) {
			this.interceptors.add(interceptor);
			return this;
		}

		/**
		 * How many connections each node has, and bounds on what it may hold.
		 * @param limits the limits
		 * @return this
		 */
		public Builder nodeLimits(ClientLimits limits) {
			this.nodeLimits = limits;
			return this;
		}

		/**
		 * How long after its deadline a call is waited for that an extended node has: the
		 * node ends it at its deadline too, and tells what it was doing.
		 * @param grace 25 ms by default; zero for no wait
		 * @return this
		 */
		public Builder deadlineGrace(Duration grace) {
			this.deadlineGrace = grace;
			return this;
		}

		/**
		 * When connections are checked, closed and opened again.
		 * @param policy the policy
		 * @return this
		 */
		public Builder connectionPolicy(ConnectionPolicy policy) {
			this.connectionPolicy = policy;
			return this;
		}

		/**
		 * Chooses, by its name, what decides which node takes a call.
		 * @param name {@code least-loaded} (default), {@code round-robin},
		 * {@code random}, {@code weighted}, {@code consistent-hash}, or that of a
		 * provider
		 * @return this
		 */
		public Builder loadBalancer(String name) {
			this.loadBalancerName = name;
			this.loadBalancer = null;
			return this;
		}

		/**
		 * Gives what decides which node takes a call, instead of a name.
		 * @param balancer the balancer
		 * @return this
		 */
		public Builder loadBalancer(LoadBalancer balancer) {
			this.loadBalancer = balancer;
			return this;
		}

		/**
		 * Adds a balancer that can be chosen by its name. One with the name of a built-in
		 * one replaces it.
		 * @param provider makes the balancer
		 * @return this
		 */
		public Builder loadBalancerProvider(LoadBalancer.Provider provider) {
			this.loadBalancerProviders.add(provider);
			return this;
		}

		/**
		 * When a node that fails is left out for a while.
		 * @param policy the policy
		 * @return this
		 */
		public Builder outlierPolicy(OutlierPolicy policy) {
			this.outlierPolicy = policy;
			return this;
		}

		/**
		 * How long a node that joins others, or is back after it was left out, takes to
		 * have its share of the calls.
		 * @param slowStart the time, 30 s by default; 0 for no time
		 * @return this
		 */
		public Builder slowStart(Duration slowStart) {
			this.slowStart = slowStart;
			return this;
		}

		/**
		 * Whether to send what a stock peer ignores: the time left, metadata, the first
		 * ping of a connection, and cancels. Without it deadlines, cancelling and
		 * draining work on this side only.
		 * @param extensions true by default
		 * @return this
		 */
		public Builder extensions(boolean extensions) {
			this.extensions = extensions;
			return this;
		}

		/**
		 * Where calls are recorded.
		 * @param recorders makes the recorder of each method
		 * @return this
		 */
		public Builder recorders(CallRecorder.Factory recorders) {
			this.recorders = recorders;
			return this;
		}

		/**
		 * Where operations on the cluster are recorded.
		 * @param recorder is told of the end of each
		 * @return this
		 */
		public Builder clusterRecorder(ClusterRecorder recorder) {
			this.clusterRecorder = recorder;
			return this;
		}

		/**
		 * Replaces real time, chance and threads, for tests that decide all of them.
		 */
		Builder time(ClientTimer timer, Executor spare, DoubleSupplier random) {
			this.timer = timer;
			this.spare = spare;
			this.random = random;
			return this;
		}

		/**
		 * Creates the channel. Does not connect.
		 * @return a new channel
		 * @throws IllegalArgumentException if the target, the codec or a timeout is not
		 * usable
		 */
		public RpcChannel build() {
			return new RpcChannel(this);
		}

		private String target() {
			if (this.target != null) {
				return this.target;
			}
			if (this.directory == null) {
				throw new IllegalArgumentException("channel " + this.name + " has no target");
			}
			return this.directory.toString();
		}

		private NodeDirectory directory(ClientResources resources, Executor lookups) {
			if (this.directory != null) {
				return this.directory;
			}
			DirectoryContext context = new DirectoryContext(this.name, resources.timer(), resources.random(), lookups,
					this.directoryRefresh);
			DirectoryProviders providers = new DirectoryProviders(this.directoryProviders);
			Supplier<String> late = this.lateTarget;
			return (late != null) ? new LateDirectory(() -> providers.create(late.get(), context), context)
					: providers.create(target(), context);
		}

		private Balancing balancing(ClientResources resources) {
			LoadBalancer balancer = this.loadBalancer;
			if (balancer == null) {
				balancer = new BalancerTable(this.loadBalancerProviders).create(this.loadBalancerName,
						resources.random());
			}
			return new Balancing(balancer, this.outlierPolicy, this.slowStart);
		}

		private ClientResources resources(Transport transport, WireFormat format) {
			ClientResources.Builder resources = ClientResources.builder(this.name, transport, format)
				.limits(this.nodeLimits)
				.policy(this.connectionPolicy)
				.extensions(this.extensions)
				.deadlineGrace(this.deadlineGrace)
				.callbackExecutor(this.callbackExecutor);
			if (this.sharedTimer != null) {
				resources.timer(this.sharedTimer);
			}
			if (this.timer != null) {
				resources.time(this.timer, this.spare, this.random);
			}
			return (this.http ? resources.httpPath(this.path) : resources).build();
		}

		private WireFormat wireFormat() {
			if (this.format != null) {
				return this.format;
			}
			return ServiceLoader.load(WireFormat.Provider.class, RpcChannel.class.getClassLoader())
				.stream()
				.map(ServiceLoader.Provider::get)
				.filter((provider) -> provider.name().equals(this.codec))
				.findFirst()
				.orElseThrow(
						() -> new IllegalArgumentException("codec: \"" + this.codec + "\" (expected: gob or json)"))
				.create(this.limits);
		}

	}

}
