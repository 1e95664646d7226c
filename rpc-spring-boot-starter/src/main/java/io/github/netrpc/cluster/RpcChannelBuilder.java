package io.github.netrpc.cluster;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.client.ClientInterceptor;
import io.github.netrpc.client.ClientLimits;
import io.github.netrpc.client.ClientResources;
import io.github.netrpc.client.ClientTimer;
import io.github.netrpc.client.ConnectionPolicy;
import io.github.netrpc.client.HedgingPolicy;
import io.github.netrpc.client.Retries;
import io.github.netrpc.client.RetryLimits;
import io.github.netrpc.transport.TlsSettings;
import io.github.netrpc.transport.Transport;
import io.github.netrpc.wire.WireFormat;
import io.github.netrpc.wire.WireLimits;

/**
 * Collects what a channel needs; only the target is required. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class RpcChannelBuilder {

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

	private @Nullable Supplier<TlsSettings> tls;

	private @Nullable Supplier<String> token;

	private boolean insecure;

	private @Nullable Executor callbackExecutor;

	private final List<ClientInterceptor> interceptors = new ArrayList<>();

	private CallRecorder.Factory recorders = CallRecorder.Factory.NONE;

	private ClusterRecorder clusterRecorder = ClusterRecorder.NONE;

	private ClientLimits nodeLimits = ClientLimits.DEFAULT;

	private ConnectionPolicy connectionPolicy = ConnectionPolicy.DEFAULT;

	private Duration deadlineGrace = ClientResources.DEFAULT_DEADLINE_GRACE;

	private boolean extensions = true;

	private JobLease jobLease = JobLease.DEFAULT;

	private @Nullable ClientTimer sharedTimer;

	private @Nullable ClientTimer timer;

	private Executor spare = Runnable::run;

	private DoubleSupplier random = () -> 0;

	private String loadBalancerName = LeastLoadedBalancer.NAME;

	private @Nullable LoadBalancer loadBalancer;

	private final List<LoadBalancer.Provider> loadBalancerProviders = new ArrayList<>();

	private OutlierPolicy outlierPolicy = OutlierPolicy.DEFAULT;

	private Duration slowStart = Balancing.SLOW_START;

	RpcChannelBuilder() {
	}

	/**
	 * Names the channel, for threads, messages and pages.
	 * @param name the name
	 * @return this
	 */
	public RpcChannelBuilder name(String name) {
		this.name = name;
		return this;
	}

	/**
	 * Says where the nodes are.
	 * @param target {@code static://host:port,host:port}, or that without the scheme;
	 * IPv6 addresses in brackets; or with another scheme that a directory knows, such as
	 * {@code dns://name:port}
	 * @return this
	 */
	public RpcChannelBuilder target(String target) {
		this.target = target;
		this.lateTarget = null;
		return this;
	}

	/**
	 * Says where it will be known where the nodes are. It is asked when the first call
	 * comes, and again every quarter of a second while it throws; calls wait as they do
	 * for any directory.
	 * @param shown what pages and messages show as the target
	 * @param target returns what {@link #target(String)} takes, or throws; may block
	 * @return this
	 */
	public RpcChannelBuilder lateTarget(String shown, Supplier<String> target) {
		this.target = shown;
		this.lateTarget = target;
		return this;
	}

	/**
	 * Gives the directory that knows the nodes, instead of a target. The channel closes
	 * it. A builder with a directory builds one channel.
	 * @param directory the directory, which nobody watches yet
	 * @return this
	 */
	public RpcChannelBuilder directory(NodeDirectory directory) {
		this.directory = directory;
		return this;
	}

	/**
	 * Adds what makes the directories of targets with one scheme. It goes before those on
	 * the class path.
	 * @param provider makes directories
	 * @return this
	 */
	public RpcChannelBuilder directoryProvider(NodeDirectory.Provider provider) {
		this.directoryProviders.add(provider);
		return this;
	}

	/**
	 * How often a directory that has to ask for the nodes does.
	 * @param interval from one look-up to the next, 100 ms or more; null, the default,
	 * for what the directory thinks best, which is 3 s for DNS
	 * @return this
	 */
	public RpcChannelBuilder directoryRefresh(@Nullable Duration interval) {
		this.directoryRefresh = interval;
		return this;
	}

	/**
	 * Chooses the wire format by its name.
	 * @param codec {@code gob} (default) or {@code json}
	 * @return this
	 */
	public RpcChannelBuilder codec(String codec) {
		this.codec = codec;
		return this;
	}

	/**
	 * Gives the wire format, instead of its name and limits.
	 * @param format the format
	 * @return this
	 */
	public RpcChannelBuilder format(WireFormat format) {
		this.format = format;
		return this;
	}

	/**
	 * Bounds what replies may hold.
	 * @param limits the limits
	 * @return this
	 */
	public RpcChannelBuilder limits(WireLimits limits) {
		this.limits = limits;
		return this;
	}

	/**
	 * Opens each connection with HTTP's {@code CONNECT}, as Go's {@code DialHTTP}.
	 * @param http whether to
	 * @return this
	 */
	public RpcChannelBuilder http(boolean http) {
		this.http = http;
		return this;
	}

	/**
	 * The path of that {@code CONNECT}.
	 * @param path the path, {@code /_goRPC_} by default
	 * @return this
	 */
	public RpcChannelBuilder path(String path) {
		this.path = path;
		return this;
	}

	/**
	 * How long a call may take if nothing else is said.
	 * @param timeout the time, more than 0; 10 s by default
	 * @return this
	 */
	public RpcChannelBuilder timeout(Duration timeout) {
		this.timeout = timeout;
		return this;
	}

	/**
	 * How long the calls of one method may take.
	 * @param method its whole name ({@code Arith.Add}), its own ({@code Add}), or that as
	 * Java writes it ({@code add})
	 * @param timeout the time, more than 0
	 * @return this
	 */
	public RpcChannelBuilder methodTimeout(String method, Duration timeout) {
		this.methodTimeouts.put(method, timeout);
		return this;
	}

	/**
	 * Declares that calling a method twice does no more than calling it once, as the
	 * annotation {@code @Idempotent} does where there is an interface.
	 * @param method its whole name ({@code Arith.Add}), its own ({@code Add}), or that as
	 * Java writes it ({@code add})
	 * @return this
	 */
	public RpcChannelBuilder idempotent(String method) {
		this.idempotent.add(method);
		return this;
	}

	/**
	 * How often, and how soon, calls that failed are tried again.
	 * @param limits the limits
	 * @return this
	 */
	public RpcChannelBuilder retryLimits(RetryLimits limits) {
		this.retryLimits = limits;
		return this;
	}

	/**
	 * Has calls of idempotent methods that take long made at a second node as well; the
	 * first good answer is taken, the other attempt cancelled.
	 * @param policy when, or null, the default, for never
	 * @return this
	 */
	public RpcChannelBuilder hedging(@Nullable HedgingPolicy policy) {
		this.hedging = policy;
		return this;
	}

	/**
	 * Gives the transport, which stays the caller's to close.
	 * @param transport the transport
	 * @return this
	 */
	public RpcChannelBuilder transport(Transport transport) {
		this.transport = transport;
		return this;
	}

	/**
	 * Speaks TLS with the nodes, and nothing else. Their certificates have to name the
	 * hosts that are connected to, and with a target of the scheme {@code dns} the name
	 * that DNS is asked for.
	 * @param tls asked for each connection, so that new ones may have new certificates
	 * @return this
	 */
	public RpcChannelBuilder tls(Supplier<TlsSettings> tls) {
		this.tls = tls;
		return this;
	}

	/**
	 * Says to the nodes who calls. Each call has the token along with it, and each
	 * connection logs in with it, in JSON before it takes calls. It is sent over TLS
	 * only, or to loopback addresses, unless {@link #insecure} says otherwise.
	 * <p>
	 * The token says who the channel is, not who uses it: a supplier that goes by the
	 * calling thread is a mistake, since calls may be sent by other threads. For a token
	 * of a call's own there is {@link RpcOptions#metadata(String, String)
	 * metadata("authorization", token)}. What holds nevertheless: a node never takes a
	 * call for that of somebody for whom the supplier was not asked when that very call
	 * was sent. One of this project goes by the token that came along with the call.
	 * Where the node does not read that, or extensions are off, the connection logs in
	 * again whenever the token has become another one, and nothing comes between the
	 * login and the call.
	 * @param token asked for each call by the thread that sends it, perhaps more than
	 * once, so that it may become another one; must not block
	 * @return this
	 */
	public RpcChannelBuilder token(Supplier<String> token) {
		this.token = token;
		return this;
	}

	/**
	 * Lets tokens be sent without TLS.
	 * @param insecure whether it is meant that others may read it on the way
	 * @return this
	 */
	public RpcChannelBuilder insecure(boolean insecure) {
		this.insecure = insecure;
		return this;
	}

	/**
	 * Gives the timer, which stays the caller's to close: several channels that share it
	 * have one thread for all their deadlines. By default a channel has its own.
	 * @param timer the timer, such as {@link ClientTimer#create}
	 * @return this
	 */
	public RpcChannelBuilder timer(ClientTimer timer) {
		this.sharedTimer = timer;
		return this;
	}

	/**
	 * Where futures complete and their callbacks run; what it refuses runs on a thread of
	 * the channel's own. {@code Runnable::run} is the I/O thread, which callbacks must
	 * not block; those of calls whose time is over have a thread of their own then. By
	 * default, daemon threads: one platform thread, and virtual ones while it is busy,
	 * where there are any.
	 * @param executor the executor, which stays the caller's to close
	 * @return this
	 */
	public RpcChannelBuilder callbackExecutor(Executor executor) {
		this.callbackExecutor = executor;
		return this;
	}

	/**
	 * Adds an interceptor, inside those that were added before.
	 * @param interceptor runs around the calls of the methods that it is for
	 * @return this
	 */
	public RpcChannelBuilder interceptor(ClientInterceptor interceptor) {
		this.interceptors.add(interceptor);
		return this;
	}

	/**
	 * How many connections each node has, and bounds on what it may hold.
	 * @param limits the limits
	 * @return this
	 */
	public RpcChannelBuilder nodeLimits(ClientLimits limits) {
		this.nodeLimits = limits;
		return this;
	}

	/**
	 * How long after its deadline a call is waited for that an extended node has: the
	 * node ends it at its deadline too, and tells what it was doing.
	 * @param grace 25 ms by default; zero for no wait
	 * @return this
	 */
	public RpcChannelBuilder deadlineGrace(Duration grace) {
		this.deadlineGrace = grace;
		return this;
	}

	/**
	 * When connections are checked, closed and opened again.
	 * @param policy the policy
	 * @return this
	 */
	public RpcChannelBuilder connectionPolicy(ConnectionPolicy policy) {
		this.connectionPolicy = policy;
		return this;
	}

	/**
	 * Chooses, by its name, what decides which node takes a call.
	 * @param name {@code least-loaded} (default), {@code round-robin}, {@code random},
	 * {@code weighted}, {@code consistent-hash}, or that of a provider
	 * @return this
	 */
	public RpcChannelBuilder loadBalancer(String name) {
		this.loadBalancerName = name;
		this.loadBalancer = null;
		return this;
	}

	/**
	 * Gives what decides which node takes a call, instead of a name.
	 * @param balancer the balancer
	 * @return this
	 */
	public RpcChannelBuilder loadBalancer(LoadBalancer balancer) {
		this.loadBalancer = balancer;
		return this;
	}

	/**
	 * Adds a balancer that can be chosen by its name. One with the name of a built-in one
	 * replaces it.
	 * @param provider makes the balancer
	 * @return this
	 */
	public RpcChannelBuilder loadBalancerProvider(LoadBalancer.Provider provider) {
		this.loadBalancerProviders.add(provider);
		return this;
	}

	/**
	 * When a node that fails is left out for a while.
	 * @param policy the policy
	 * @return this
	 */
	public RpcChannelBuilder outlierPolicy(OutlierPolicy policy) {
		this.outlierPolicy = policy;
		return this;
	}

	/**
	 * How long a node that joins others, or is back after it was left out, takes to have
	 * its share of the calls.
	 * @param slowStart the time, 30 s by default; 0 for no time
	 * @return this
	 */
	public RpcChannelBuilder slowStart(Duration slowStart) {
		this.slowStart = slowStart;
		return this;
	}

	/**
	 * Whether to send what a stock peer ignores: the time left, metadata, the first ping
	 * of a connection, and cancels. Without it deadlines, cancelling and draining work on
	 * this side only.
	 * @param extensions true by default
	 * @return this
	 */
	public RpcChannelBuilder extensions(boolean extensions) {
		this.extensions = extensions;
		return this;
	}

	/**
	 * How nodes learn that this process is gone though its connections are open, so that
	 * nobody waits for the items of its jobs. Only with {@link #extensions}.
	 * @param lease the lease, {@link JobLease#DEFAULT} if nothing is said
	 * @return this
	 */
	public RpcChannelBuilder jobLease(JobLease lease) {
		this.jobLease = lease;
		return this;
	}

	/**
	 * Where calls are recorded.
	 * @param recorders makes the recorder of each method
	 * @return this
	 */
	public RpcChannelBuilder recorders(CallRecorder.Factory recorders) {
		this.recorders = recorders;
		return this;
	}

	/**
	 * Where operations on the cluster are recorded.
	 * @param recorder is told of the end of each
	 * @return this
	 */
	public RpcChannelBuilder clusterRecorder(ClusterRecorder recorder) {
		this.clusterRecorder = recorder;
		return this;
	}

	/**
	 * Replaces real time, chance and threads, for tests that decide all of them.
	 */
	RpcChannelBuilder time(ClientTimer timer, Executor spare, DoubleSupplier random) {
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

	String target() {
		if (this.target != null) {
			return this.target;
		}
		if (this.directory == null) {
			throw new IllegalArgumentException("channel " + this.name + " has no target");
		}
		return this.directory.toString();
	}

	NodeDirectory directory(ClientResources resources, Executor lookups) {
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

	Balancing balancing(ClientResources resources) {
		LoadBalancer balancer = this.loadBalancer;
		if (balancer == null) {
			balancer = new BalancerTable(this.loadBalancerProviders).create(this.loadBalancerName, resources.random());
		}
		return new Balancing(balancer, this.outlierPolicy, this.slowStart);
	}

	ClientResources resources(Transport transport, WireFormat format) {
		ClientResources.Builder resources = ClientResources.builder(this.name, transport, format)
			.limits(this.nodeLimits)
			.policy(this.connectionPolicy)
			.extensions(this.extensions)
			.deadlineGrace(this.deadlineGrace)
			.insecure(this.insecure || this.tls != null)
			.callbackExecutor(this.callbackExecutor);
		if (this.token != null) {
			resources.token(this.token);
		}
		if (this.sharedTimer != null) {
			resources.timer(this.sharedTimer);
		}
		if (this.timer != null) {
			resources.time(this.timer, this.spare, this.random);
		}
		return (this.http ? resources.httpPath(this.path) : resources).build();
	}

	WireFormat wireFormat() {
		if (this.format != null) {
			return this.format;
		}
		return ServiceLoader.load(WireFormat.Provider.class, RpcChannel.class.getClassLoader())
			.stream()
			.map(ServiceLoader.Provider::get)
			.filter((provider) -> provider.name().equals(this.codec))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("codec: \"" + this.codec + "\" (expected: gob or json)"))
			.create(this.limits);
	}

	String channelName() {
		return this.name;
	}

	MethodSettings settings() {
		return new MethodSettings(this.timeout, this.methodTimeouts, this.idempotent);
	}

	/**
	 * The transport that was given, or null.
	 */
	@Nullable Transport givenTransport() {
		return this.transport;
	}

	/**
	 * The transport as the channel uses it.
	 * @param transport the one that was given or loaded
	 */
	Transport secured(Transport transport) {
		Supplier<TlsSettings> source = this.tls;
		if (source == null) {
			return transport;
		}
		String name = nameInDns();
		return transport.secured((name != null) ? () -> source.get().withServerNameIfAbsent(name) : source);
	}

	// Nodes that DNS knows are connected to by their addresses, which no certificate has.
	private @Nullable String nameInDns() {
		if (this.directory != null || this.lateTarget != null || this.target == null) {
			return null;
		}
		TargetUri uri = TargetUri.parse(this.target);
		if (!uri.scheme().equals("dns") || uri.location().startsWith("_")) {
			return null;
		}
		List<String> names = uri.addresses().stream().map(InetSocketAddress::getHostString).distinct().toList();
		return (names.size() == 1) ? names.get(0) : null;
	}

	Transport loadTransport() {
		return ServiceLoader.load(Transport.Provider.class, RpcChannel.class.getClassLoader())
			.findFirst()
			.orElseThrow(() -> new IllegalStateException(
					"no " + Transport.Provider.class.getName() + " on the class path, and no transport was given"))
			.create("rpc-client-" + this.name, 0, true);
	}

	Retries retries(ClientResources resources, NodeGroup nodes) {
		return new Retries(this.retryLimits, this.hedging, resources, nodes.otherNodes());
	}

	ChannelInvoker invoker(WireFormat format, NodeGroup nodes, ClientResources resources, Retries retries,
			MethodSettings settings) {
		return new ChannelInvoker(this.name, format, nodes, resources, retries, settings, this.interceptors,
				this.recorders);
	}

	JobLease leaseOfJobs() {
		return this.extensions ? this.jobLease : JobLease.OFF;
	}

	ClusterRecorder operationRecorder() {
		return this.clusterRecorder;
	}

}
