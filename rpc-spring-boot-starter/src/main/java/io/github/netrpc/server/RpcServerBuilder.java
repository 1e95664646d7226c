package io.github.netrpc.server;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.annotation.RpcExceptionHandler;
import io.github.netrpc.exec.Unflushed;
import io.github.netrpc.exec.VirtualThreads;
import io.github.netrpc.method.AsyncAdapter;
import io.github.netrpc.method.RpcDefinitionException;
import io.github.netrpc.transport.Listener;
import io.github.netrpc.transport.TlsSettings;
import io.github.netrpc.transport.Transport;
import io.github.netrpc.wire.BufferPool;
import io.github.netrpc.wire.WireFormat;
import io.github.netrpc.wire.WireLimits;
import io.github.netrpc.wire.http.ConnectPath;

/**
 * Collects what a server needs. Not thread-safe; each builder starts one server.
 *
 * @since 0.1.0
 */
public final class RpcServerBuilder {

	private static final String UNKNOWN = "unknown";

	private static final int HIGHEST_PORT = 65_535;

	private static final int POOL_THREADS = 200;

	private static final int VIRTUAL_THREADS = 1000;

	private static final long IDLE_THREAD_SECONDS = 30;

	private final List<Bean> beans = new ArrayList<>();

	private final List<WireFormat> formats = new ArrayList<>();

	private final List<AsyncAdapter> adapters = new ArrayList<>();

	private final List<ServerInterceptor> interceptors = new ArrayList<>();

	private static final Duration LONGEST = Duration.ofDays(36_500);

	private final List<Bean> advice = new ArrayList<>();

	private InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1234);

	private boolean insecure;

	private @Nullable Supplier<TlsSettings> tls;

	private @Nullable CallAuthenticator authenticator;

	private @Nullable CallAuthorizer authorizer;

	private @Nullable CertificateName certificateName;

	private LoginLimits loginLimits = LoginLimits.DEFAULT;

	private VerdictTimes verdictTimes = VerdictTimes.DEFAULT;

	private WireLimits limits = WireLimits.DEFAULT;

	private @Nullable Transport transport;

	private int ioThreads;

	private @Nullable Executor handlers;

	private int maxConcurrent;

	private boolean virtualThreads;

	private int queue = 1024;

	private int maxConnections = 10_000;

	private int maxAsyncCalls = AsyncCalls.DEFAULT_MAX;

	private long maxUnsentBytes = ByteTotal.DEFAULT;

	private long maxArgumentBytes = ByteTotal.DEFAULT;

	private OverloadLimits overload = OverloadLimits.DEFAULT;

	private ConnectionLimits connectionLimits = ConnectionLimits.DEFAULT;

	private ConnectPath path = ConnectPath.DEFAULT;

	private CallRecorder.Factory recorders = CallRecorder.Factory.NONE;

	private LongSupplier nanoTime = System::nanoTime;

	private Supplier<Instant> clock = Instant::now;

	private LongSupplier random = () -> ThreadLocalRandom.current().nextLong();

	RpcServerBuilder() {
	}

	/**
	 * Sets where to listen.
	 * @param address the address, by default {@code 127.0.0.1:1234}; port 0 picks a free
	 * one
	 * @return this builder
	 */
	public RpcServerBuilder address(InetSocketAddress address) {
		this.address = address;
		return this;
	}

	/**
	 * Sets the port, and leaves the rest of the address.
	 * @param port the port, by default 1234; 0 picks a free one, see
	 * {@link RpcServer#port}
	 * @return this builder
	 * @throws IllegalArgumentException if the port is not from 0 to 65535
	 */
	public RpcServerBuilder port(int port) {
		if (port < 0 || port > HIGHEST_PORT) {
			throw new IllegalArgumentException("port: " + port + " (expected: 0 to " + HIGHEST_PORT + ")");
		}
		InetAddress host = this.address.getAddress();
		this.address = (host != null) ? new InetSocketAddress(host, port)
				: InetSocketAddress.createUnresolved(this.address.getHostString(), port);
		return this;
	}

	/**
	 * Lets the server speak TLS, and nothing else. With certificates that every client
	 * {@linkplain io.github.netrpc.transport.TlsSettings.ClientAuth#NEED needs}, or an
	 * {@link #authenticator}, it may listen where other machines can reach it.
	 * @param tls asked for each connection, so that new ones may have new certificates
	 * @return this builder
	 */
	public RpcServerBuilder tls(Supplier<TlsSettings> tls) {
		this.tls = tls;
		return this;
	}

	/**
	 * Allows an address that other machines can reach without TLS, or without an
	 * {@link #authenticator} or certificates that every client needs.
	 * @param insecure whether it is meant that anybody can call, or read tokens on the
	 * way
	 * @return this builder
	 */
	public RpcServerBuilder insecure(boolean insecure) {
		this.insecure = insecure;
		return this;
	}

	/**
	 * Answers only callers that are known. Without, everybody who can connect may call,
	 * and tokens are not looked at.
	 * @param authenticator finds out who calls, by a token or a certificate
	 * @return this builder
	 */
	public RpcServerBuilder authenticator(CallAuthenticator authenticator) {
		this.authenticator = authenticator;
		return this;
	}

	/**
	 * Sets what in a client's certificate says who calls, where no token does.
	 * @param name what to look at; by default the subject, or nothing with an
	 * {@link #authenticator}, which is then asked about the certificate
	 * @return this builder
	 */
	public RpcServerBuilder certificateName(CertificateName name) {
		this.certificateName = name;
		return this;
	}

	/**
	 * Bounds connections until it is known for the first time who calls, where there is
	 * an {@link #authenticator}.
	 * @param messageBytes the size of a message, in bytes, by default 64 KiB
	 * @param connections how many such connections from one address, or one network of
	 * IPv6 ({@code /64}), by default 100
	 * @param timeout how long it may take, by default 30 s
	 * @return this builder
	 */
	public RpcServerBuilder loginLimits(int messageBytes, int connections, Duration timeout) {
		this.loginLimits = new LoginLimits((int) atLeastOne("message bytes", messageBytes),
				(int) atLeastOne("connections of an address", connections), nanos(positive("timeout", timeout)),
				this.loginLimits.refusals());
		return this;
	}

	/**
	 * Bounds the logins of a connection that may be refused before it is known for the
	 * first time who calls. It is closed at the bound. Calls count as logins if they show
	 * a token that is not the one refused last.
	 * @param logins how many logins, by default 5
	 * @return this builder
	 */
	public RpcServerBuilder maxRefusedLogins(int logins) {
		LoginLimits before = this.loginLimits;
		this.loginLimits = new LoginLimits(before.messageBytes(), before.connections(), before.nanos(),
				(int) atLeastOne("refused logins", logins));
		return this;
	}

	/**
	 * Sets after which time what the {@link #authenticator} has said of a caller is
	 * looked up again, at the caller's next call. While that cannot be answered the
	 * caller stays who it was.
	 * @param time the time, by default 5 minutes; zero for when it says itself
	 * ({@link Authenticated#validUntil})
	 * @return this builder
	 */
	public RpcServerBuilder maxValidity(Duration time) {
		this.verdictTimes = new VerdictTimes(atMostLongest(notNegative("time", time)), this.verdictTimes.refused());
		return this;
	}

	/**
	 * Sets for which time whoever shows on a connection what the {@link #authenticator}
	 * has refused is refused again without asking it.
	 * @param time the time, by default 5 s; zero for asking it each time
	 * @return this builder
	 */
	public RpcServerBuilder refusalValidity(Duration time) {
		this.verdictTimes = new VerdictTimes(this.verdictTimes.known(), atMostLongest(notNegative("time", time)));
		return this;
	}

	/**
	 * Answers only calls that their callers may make. Without, everybody who is let in
	 * may call every method.
	 * @param authorizer decides who may call what
	 * @return this builder
	 */
	public RpcServerBuilder authorizer(CallAuthorizer authorizer) {
		this.authorizer = authorizer;
		return this;
	}

	/**
	 * Adds the services of a bean.
	 * @param bean the bean, also a proxy that the JDK or CGLIB has made
	 * @return this builder
	 */
	public RpcServerBuilder service(Object bean) {
		return service(bean, targetClass(bean));
	}

	/**
	 * Adds the services of a bean behind a proxy.
	 * @param bean the proxy, on which methods are invoked
	 * @param targetClass the class of the bean itself, whose services are offered
	 * @return this builder
	 */
	public RpcServerBuilder service(Object bean, Class<?> targetClass) {
		this.beans.add(new Bean(bean, targetClass, null));
		return this;
	}

	/**
	 * Adds the one service of a bean under a name, as Go's {@code RegisterName} does.
	 * @param name the name on the wire
	 * @param bean the bean
	 * @return this builder
	 */
	public RpcServerBuilder service(String name, Object bean) {
		this.beans.add(new Bean(bean, targetClass(bean), name));
		return this;
	}

	/**
	 * Adds a format. Formats are tried in the order in which they were added. By default
	 * all those found by {@link ServiceLoader} are offered.
	 * @param format the format
	 * @return this builder
	 */
	public RpcServerBuilder format(WireFormat format) {
		this.formats.add(format);
		return this;
	}

	/**
	 * Sets bounds on what peers may send. Does not apply to formats given by
	 * {@link #format}, which have their own.
	 * @param limits the bounds
	 * @return this builder
	 */
	public RpcServerBuilder limits(WireLimits limits) {
		this.limits = limits;
		return this;
	}

	/**
	 * Sets the transport, which the server then does not close. By default the one found
	 * by {@link ServiceLoader}.
	 * @param transport the transport
	 * @return this builder
	 */
	public RpcServerBuilder transport(Transport transport) {
		this.transport = transport;
		return this;
	}

	/**
	 * Sets the number of I/O threads of a transport that the server makes itself.
	 * @param ioThreads how many threads, 0 for the transport's default
	 * @return this builder
	 */
	public RpcServerBuilder ioThreads(int ioThreads) {
		this.ioThreads = ioThreads;
		return this;
	}

	/**
	 * Sets where handlers run. The server does not end the executor.
	 * @param executor runs handlers, many in each task
	 * @param maxConcurrent how many handlers run at a time
	 * @return this builder
	 */
	public RpcServerBuilder handlers(Executor executor, int maxConcurrent) {
		this.handlers = executor;
		this.maxConcurrent = maxConcurrent;
		return this;
	}

	/**
	 * Lets handlers run on virtual threads, at most 1,000, instead of a pool of at most
	 * 200 threads.
	 * @param virtualThreads whether to, on Java 21 or newer
	 * @return this builder
	 */
	public RpcServerBuilder virtualThreads(boolean virtualThreads) {
		this.virtualThreads = virtualThreads;
		return this;
	}

	/**
	 * Bounds the calls that wait for a handler thread. Calls beyond are answered with an
	 * error at once.
	 * @param calls how many calls, by default 1,024
	 * @return this builder
	 */
	public RpcServerBuilder queue(int calls) {
		this.queue = calls;
		return this;
	}

	/**
	 * Bounds the calls whose handlers have returned a stage that is not complete, and
	 * which keep no handler thread. Calls of such methods beyond are answered with an
	 * error at once.
	 * @param calls how many calls, by default 10,000
	 * @return this builder
	 */
	public RpcServerBuilder maxAsyncCalls(int calls) {
		if (calls < 1) {
			throw new IllegalArgumentException("asynchronous calls: " + calls + " (expected: 1 or more)");
		}
		this.maxAsyncCalls = calls;
		return this;
	}

	/**
	 * Sets when the server is overloaded: when even the shortest wait for a handler has
	 * stayed above a target for an interval. While that lasts, only as many calls may
	 * wait as handlers take in half of the longest wait, and a call that waits longer all
	 * the same does not run.
	 * @param target how long calls may always wait, by default 5 ms
	 * @param interval for how long waits must stay above it, by default 100 ms
	 * @param maxWait how long a call may wait during overload, by default 100 ms
	 * @return this builder
	 */
	public RpcServerBuilder overload(Duration target, Duration interval, Duration maxWait) {
		this.overload = OverloadLimits.of(positive("target", target), positive("interval", interval),
				positive("maxWait", maxWait));
		return this;
	}

	/**
	 * Bounds the calls of one connection that are under way. At the bound a stock peer is
	 * not read, and an extended one is told for each call.
	 * @param calls how many calls, by default 1,024
	 * @return this builder
	 */
	public RpcServerBuilder maxConnectionCalls(int calls) {
		if (calls < 1) {
			throw new IllegalArgumentException("calls of a connection: " + calls + " (expected: 1 or more)");
		}
		this.connectionLimits = this.connectionLimits.withCalls(calls);
		return this;
	}

	/**
	 * Bounds the replies of one connection that wait for its peer. Beyond it the
	 * connection is not read, and none of its calls starts, until half of that is left.
	 * @param bytes how many bytes, by default 1 MiB
	 * @return this builder
	 */
	public RpcServerBuilder maxConnectionUnsentBytes(long bytes) {
		this.connectionLimits = this.connectionLimits.withUnread(atLeastOne("unsent bytes of a connection", bytes));
		return this;
	}

	/**
	 * Sets how long a request may take to be complete, counted from its first byte. Its
	 * connection is closed then. A connection that never says anything is not meant.
	 * @param first the time for the first request of a connection, by default 5 s
	 * @param other the time for any other one, by default 10 s
	 * @return this builder
	 */
	public RpcServerBuilder requestTimeouts(Duration first, Duration other) {
		this.connectionLimits = this.connectionLimits.withRequests(nanos(positive("first", first)),
				nanos(positive("other", other)));
		return this;
	}

	/**
	 * Sets for how long a peer that was told that the server stops has to be silent until
	 * its connection is closed: what it had sent before it knew is answered.
	 * @param time the time, by default 500 ms
	 * @return this builder
	 */
	public RpcServerBuilder drainQuietTime(Duration time) {
		this.connectionLimits = this.connectionLimits.withQuiet(nanos(positive("time", time)));
		return this;
	}

	// So that it can be added to a time without wrapping.
	private static long nanos(Duration time) {
		return atMostLongest(time).toNanos();
	}

	private static Duration atMostLongest(Duration time) {
		return (time.compareTo(LONGEST) < 0) ? time : LONGEST;
	}

	/**
	 * Sets how long a peer may take no bytes while too many of replies wait for it
	 * ({@link #maxConnectionUnsentBytes}). Its connection is closed then.
	 * @param timeout the time, by default 30 s
	 * @return this builder
	 */
	public RpcServerBuilder slowReaderTimeout(Duration timeout) {
		this.connectionLimits = this.connectionLimits.withStalled(nanos(positive("timeout", timeout)));
		return this;
	}

	/**
	 * Closes connections on which nothing is called. Off by default, since a stock Go
	 * client does not reconnect.
	 * @param timeout how long there must be no call, zero for ever
	 * @return this builder
	 */
	public RpcServerBuilder idleTimeout(Duration timeout) {
		this.connectionLimits = this.connectionLimits.withIdle(nanos(notNegative("timeout", timeout)));
		return this;
	}

	/**
	 * Closes connections that are old, after their calls were answered. Off by default,
	 * since a stock Go client does not reconnect.
	 * @param age how old a connection may become, give or take a tenth; zero for any age
	 * @return this builder
	 */
	public RpcServerBuilder maxAge(Duration age) {
		this.connectionLimits = this.connectionLimits.withMaxAge(nanos(notNegative("age", age)));
		return this;
	}

	private static Duration positive(String name, Duration value) {
		if (value.isZero() || value.isNegative()) {
			throw new IllegalArgumentException(name + ": " + value + " (expected: more than zero)");
		}
		return value;
	}

	private static Duration notNegative(String name, Duration value) {
		if (value.isNegative()) {
			throw new IllegalArgumentException(name + ": " + value + " (expected: zero or more)");
		}
		return value;
	}

	/**
	 * Bounds the connections. At the bound the oldest ones that never said anything, or
	 * not who calls where that has to be known, are closed for new ones.
	 * @param connections how many connections, by default 10,000
	 * @return this builder
	 */
	public RpcServerBuilder maxConnections(int connections) {
		this.maxConnections = connections;
		return this;
	}

	/**
	 * Bounds the replies that wait for all peers together. Beyond it, a connection with
	 * unsent replies is not read, and its calls do not start, until its peer has read
	 * them or half of the bound is left. Connections with 64 KiB or less are not counted.
	 * @param bytes how many bytes, by default 256 MiB
	 * @return this builder
	 */
	public RpcServerBuilder maxUnsentBytes(long bytes) {
		if (bytes < 1) {
			throw new IllegalArgumentException("unsent bytes: " + bytes + " (expected: 1 or more)");
		}
		this.maxUnsentBytes = bytes;
		return this;
	}

	/**
	 * Bounds the arguments of all calls that wait or run, as they were sent, together
	 * with requests that are partly here. Beyond it, further calls of a connection that
	 * has any wait (stock peers are not read) or are refused (others are told), until its
	 * calls have ended or half of the bound is left. They count with their headers and
	 * metadata; those of 1 KiB or less are not counted, unless they wait for their peer
	 * to read the replies of others: then with 512 bytes more. Beyond the bound, any
	 * connection may have four calls that are not counted. A quarter of the bound is for
	 * gob's definitions of types of the connections that have sent more than 16 KiB of
	 * them; beyond it, one of these that defines more is closed.
	 * @param bytes how many bytes, by default 256 MiB
	 * @return this builder
	 */
	public RpcServerBuilder maxArgumentBytes(long bytes) {
		this.maxArgumentBytes = atLeastOne("argument bytes", bytes);
		return this;
	}

	/**
	 * Bounds the arguments of one connection's calls like {@link #maxArgumentBytes}.
	 * @param bytes how many bytes, by default 64 MiB
	 * @return this builder
	 */
	public RpcServerBuilder maxConnectionArgumentBytes(long bytes) {
		this.connectionLimits = this.connectionLimits
			.withArgumentBytes(atLeastOne("argument bytes of a connection", bytes));
		return this;
	}

	private static long atLeastOne(String name, long bytes) {
		if (bytes < 1) {
			throw new IllegalArgumentException(name + ": " + bytes + " (expected: 1 or more)");
		}
		return bytes;
	}

	/**
	 * Sets the path of HTTP CONNECT, Go's {@code DialHTTPPath}.
	 * @param path the path, by default {@code /_goRPC_}
	 * @return this builder
	 */
	public RpcServerBuilder path(String path) {
		this.path = new ConnectPath(path);
		return this;
	}

	/**
	 * Bounds the head of an HTTP request. A longer one is answered with 431.
	 * @param bytes how many bytes, with the empty line behind it, by default 8 KiB
	 * @return this builder
	 */
	public RpcServerBuilder maxHttpHeadBytes(int bytes) {
		this.connectionLimits = this.connectionLimits.withHeadBytes((int) atLeastOne("bytes of an HTTP head", bytes));
		return this;
	}

	/**
	 * Sets where outcomes of calls are recorded.
	 * @param recorders makes a recorder for each method and format
	 * @return this builder
	 */
	public RpcServerBuilder recorders(CallRecorder.Factory recorders) {
		this.recorders = recorders;
		return this;
	}

	/**
	 * Adds a type that methods may return for asynchronous results.
	 * @param adapter knows the type
	 * @return this builder
	 */
	public RpcServerBuilder asyncAdapter(AsyncAdapter adapter) {
		this.adapters.add(adapter);
		return this;
	}

	/**
	 * Adds an interceptor, inside those that were added before.
	 * @param interceptor runs around the handlers of the methods that it is for
	 * @return this builder
	 */
	public RpcServerBuilder interceptor(ServerInterceptor interceptor) {
		this.interceptors.add(interceptor);
		return this;
	}

	/**
	 * Adds a bean whose {@link RpcExceptionHandler} methods apply to all services, after
	 * the services' own and those of advice that was added before.
	 * @param bean the bean, also a proxy that CGLIB has made
	 * @return this builder
	 */
	public RpcServerBuilder advice(Object bean) {
		return advice(bean, targetClass(bean));
	}

	/**
	 * Adds a bean behind a proxy whose {@link RpcExceptionHandler} methods apply to all
	 * services.
	 * @param bean the proxy, on which methods are invoked
	 * @param targetClass the class of the bean itself, whose methods are read
	 * @return this builder
	 */
	public RpcServerBuilder advice(Object bean, Class<?> targetClass) {
		this.advice.add(new Bean(bean, targetClass, null));
		return this;
	}

	/**
	 * Sets the clock.
	 * @param nanoTime nanoseconds from anywhere, as {@link System#nanoTime} gives them
	 * @return this builder
	 */
	RpcServerBuilder nanoTime(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
		return this;
	}

	/**
	 * Sets the wall clock, for which nothing but the validity of tokens matters.
	 * @param clock tells the time
	 * @return this builder
	 */
	RpcServerBuilder clock(Supplier<Instant> clock) {
		this.clock = clock;
		return this;
	}

	/**
	 * Sets the source of random numbers.
	 * @param random gives random numbers, all equally likely; thread-safe
	 * @return this builder
	 */
	RpcServerBuilder random(LongSupplier random) {
		this.random = random;
		return this;
	}

	/**
	 * Reads the services and starts to listen.
	 * @return the server, to be closed
	 * @throws RpcDefinitionException if a service has problems; lists all of them
	 * @throws RpcInsecureAddressException if the address is no loopback address, there is
	 * no TLS, or neither an {@link #authenticator} nor a certificate that everybody
	 * needs, and {@link #insecure} was not called
	 * @throws IllegalArgumentException if the settings for TLS have no key
	 * @throws RpcPortInUseException if the port is taken
	 * @throws RpcListenException if the address cannot be bound for another reason
	 */
	public RpcServer start() {
		if (this.address.isUnresolved()) {
			throw new IllegalArgumentException("unknown host in rpc.server.address: " + this.address.getHostString());
		}
		Supplier<TlsSettings> source = this.tls;
		TlsSettings tls = (source != null) ? source.get() : null;
		if (tls != null && !tls.hasKeys()) {
			throw new IllegalArgumentException("TLS: there is no key (expected: that of the server's certificate)");
		}
		boolean closed = tls != null && (this.authenticator != null || tls.clientAuth() == TlsSettings.ClientAuth.NEED);
		if (!this.insecure && !closed && !this.address.getAddress().isLoopbackAddress()) {
			throw new RpcInsecureAddressException(this.address, tls != null, this.authenticator != null);
		}
		List<ServedFormat> served = serve();
		MethodTableReader reader = new MethodTableReader(this.adapters, served, this.recorders);
		this.interceptors.forEach(reader::addInterceptor);
		this.advice.forEach((bean) -> reader.addAdvice(bean.instance(), bean.targetClass()));
		this.beans.forEach((bean) -> reader.add(bean.instance(), bean.targetClass(), bean.name()));
		MethodTable table = reader.read();
		ExecutorService owned = (this.handlers == null && !this.virtualThreads) ? pool() : null;
		Unflushed<ServerConnection> unflushed = new Unflushed<>();
		HandlerExecutor<HandlerWorker> executor = new HandlerExecutor<>(executor(owned), concurrency(), this.queue,
				() -> new HandlerWorker(served, unflushed, Thread.currentThread()), unflushed, this.overload,
				this.nanoTime);
		FailureLog failures = new FailureLog(this.nanoTime);
		AccessControl access = access(tls, failures);
		if (access != null) {
			access.starting(table.methods().stream().map(ServedMethod::name).toList());
		}
		ServerScope scope = new ServerScope(table, new BuiltInMethods(served), served, this.path, executor,
				new ConnectionRegistry(this.maxConnections), this.connectionLimits, new AsyncCalls(this.maxAsyncCalls),
				new ByteTotal(this.maxUnsentBytes), new ByteTotal(this.maxArgumentBytes),
				new ByteTotal(this.maxArgumentBytes / FlowControl.DEFINITIONS_PART), new RefusalCounts(),
				new LongAdder(), access, failures, this.nanoTime, this.random);
		boolean ownsTransport = this.transport == null;
		Transport used = (this.transport != null) ? this.transport : newTransport();
		try {
			return new RpcServer(scope, listen(used, scope), tls != null, used, ownsTransport, owned);
		}
		catch (RuntimeException ex) {
			if (ownsTransport) {
				used.close();
			}
			throw ex;
		}
	}

	private @Nullable AccessControl access(@Nullable TlsSettings tls, FailureLog failures) {
		boolean certified = tls != null && tls.clientAuth() != TlsSettings.ClientAuth.NONE;
		CertificateName name = this.certificateName;
		if (name == null) {
			boolean subject = certified && this.authenticator == null;
			name = subject ? CertificateName.SUBJECT : CertificateName.NONE;
		}
		boolean off = this.authenticator == null && this.authorizer == null && name == CertificateName.NONE;
		return off ? null : new AccessControl(this.authenticator, name, this.authorizer, this.loginLimits,
				this.verdictTimes, failures, this.clock);
	}

	private Listener listen(Transport used, ServerScope scope) {
		try {
			Supplier<TlsSettings> tls = this.tls;
			return ((tls != null) ? used.secured(tls) : used).listen(this.address, () -> new ServerConnection(scope));
		}
		catch (BindException ex) {
			throw new RpcPortInUseException(this.address, ex);
		}
		catch (IOException ex) {
			throw new RpcListenException(this.address, ex);
		}
	}

	private List<ServedFormat> serve() {
		List<WireFormat> offered = new ArrayList<>(this.formats);
		if (offered.isEmpty()) {
			ServiceLoader.load(WireFormat.Provider.class, getClass().getClassLoader())
				.forEach((provider) -> offered.add(provider.create(this.limits)));
		}
		if (offered.isEmpty()) {
			throw new IllegalStateException("no wire format was given, and none was found");
		}
		List<ServedFormat> served = new ArrayList<>();
		for (WireFormat format : offered) {
			served.add(new ServedFormat(served.size(), format, new BufferPool(format),
					this.recorders.recorder(UNKNOWN, UNKNOWN, format.name())));
		}
		return List.copyOf(served);
	}

	private Transport newTransport() {
		return ServiceLoader.load(Transport.Provider.class, getClass().getClassLoader())
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("no transport was given, and none was found"))
			.create("rpc-server-", this.ioThreads, false);
	}

	private int concurrency() {
		if (this.handlers != null) {
			return this.maxConcurrent;
		}
		return this.virtualThreads ? VIRTUAL_THREADS : POOL_THREADS;
	}

	private Executor executor(@Nullable ExecutorService owned) {
		if (this.handlers != null) {
			return this.handlers;
		}
		return (owned != null) ? owned : virtualThreadForEach();
	}

	private static Executor virtualThreadForEach() {
		ThreadFactory threads = VirtualThreads.factory("rpc-handler-");
		if (threads == null) {
			throw new IllegalStateException("virtual threads need Java 21 or newer, this is Java "
					+ Runtime.version().feature() + ": set spring.threads.virtual.enabled=false");
		}
		return (task) -> threads.newThread(task).start();
	}

	// The number of threads is bounded by the number of runners. The queue hands tasks to
	// the thread that has been idle for the shortest time, whose caches are warm.
	private static ExecutorService pool() {
		AtomicInteger number = new AtomicInteger();
		ThreadFactory factory = (task) -> new Thread(task, "rpc-handler-" + number.getAndIncrement());
		return new ThreadPoolExecutor(0, Integer.MAX_VALUE, IDLE_THREAD_SECONDS, TimeUnit.SECONDS,
				new SynchronousQueue<>(), factory);
	}

	// CGLIB and ByteBuddy proxies are subclasses with names like
	// ArithService$$SpringCGLIB$$0.
	private static Class<?> targetClass(Object bean) {
		Class<?> type = bean.getClass();
		while (!Proxy.isProxyClass(type) && type.getName().contains("$$") && !type.isHidden()
				&& type.getSuperclass() != Object.class) {
			type = type.getSuperclass();
		}
		return type;
	}

	private record Bean(Object instance, Class<?> targetClass, @Nullable String name) {

	}

}
