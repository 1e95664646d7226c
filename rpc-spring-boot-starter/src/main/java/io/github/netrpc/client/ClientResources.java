package io.github.netrpc.client;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcOptions;
import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.Transport;
import io.github.netrpc.wire.BufferPool;
import io.github.netrpc.wire.WireFormat;
import io.github.netrpc.wire.http.ConnectPath;

/**
 * What all nodes of a channel share. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ClientResources implements AutoCloseable {

	/** How long after its deadline a call is waited for that an extended node has. */
	public static final Duration DEFAULT_DEADLINE_GRACE = Duration.ofMillis(25);

	/** The longest such time that may be chosen. */
	public static final Duration MOST_DEADLINE_GRACE = Duration.ofMinutes(1);

	private final Transport transport;

	private final WireFormat format;

	private final @Nullable ConnectPath connectPath;

	private final ClientLimits limits;

	private final ConnectionPolicy policy;

	private final boolean extensions;

	private final ControlCalls controlCalls;

	private final ClientTimer timer;

	private final DoubleSupplier random;

	private final Completions completions;

	private final BufferPool buffers;

	/** The calls with interceptors that have not ended. */
	private final Set<InterceptedCall<?>> intercepted = ConcurrentHashMap.newKeySet();

	private volatile boolean closed;

	/** Set before the resources are used. */
	private @Nullable CallToken token;

	/** Set before the resources are used. */
	private boolean insecure;

	/** Set before the resources are used. */
	private long deadlineGraceNanos = DEFAULT_DEADLINE_GRACE.toNanos();

	ClientResources(Transport transport, WireFormat format, @Nullable ConnectPath connectPath, ClientLimits limits,
			ConnectionPolicy policy, boolean extensions, Executor callbackExecutor, Executor internalExecutor,
			ClientTimer timer, DoubleSupplier random) {
		this.transport = transport;
		this.format = format;
		this.connectPath = connectPath;
		this.limits = limits;
		this.policy = policy;
		this.extensions = extensions;
		this.controlCalls = new ControlCalls(format);
		this.timer = timer;
		this.random = random;
		this.completions = new Completions(callbackExecutor, timer, internalExecutor, transport::inIoThread);
		this.buffers = new BufferPool(format);
	}

	/**
	 * Begins resources.
	 * @param name names the threads
	 * @param transport opens connections, and stays the caller's to close
	 * @param format puts calls into bytes
	 * @return a new builder
	 */
	public static Builder builder(String name, Transport transport, WireFormat format) {
		return new Builder(name, transport, format);
	}

	/**
	 * Begins a call that the current thread is going to {@link ClientCall#await}.
	 * @param <R> the type of the reply
	 * @param plan what is called
	 * @return the call, to be offered to a node
	 */
	public <R> ClientCall<R> awaited(CallPlan plan) {
		return ClientCall.awaited(plan, this.completions, this.timer.nanoTime());
	}

	/**
	 * Begins a call with options that the current thread is going to
	 * {@link ClientCall#await}.
	 * @param <R> the type of the reply
	 * @param plan what is called
	 * @param timeoutNanos how long the call may take
	 * @param options where it goes and what goes along; its timeout is not looked at
	 * @param retries decides whether it is tried again
	 * @param argument the argument
	 * @return the call, to be offered to a node
	 */
	public <R> ClientCall<R> awaited(CallPlan plan, long timeoutNanos, RpcOptions options, Retries retries,
			@Nullable Object argument) {
		return new ClientCall<>(plan, this.completions, Thread.currentThread(), this.timer.nanoTime(), timeoutNanos,
				options, retries, argument);
	}

	/**
	 * Begins a call that completes as a future.
	 * @param <R> the type of the reply
	 * @param plan what is called
	 * @return the call, to be offered to a node
	 */
	public <R> ClientCall<R> future(CallPlan plan) {
		return ClientCall.future(plan, this.completions, this.timer.nanoTime());
	}

	/**
	 * Begins a call with options that completes as a future.
	 * @param <R> the type of the reply
	 * @param plan what is called
	 * @param timeoutNanos how long the call may take
	 * @param options where it goes and what goes along; its timeout is not looked at
	 * @param retries decides whether it is tried again
	 * @param argument the argument
	 * @return the call, to be offered to a node
	 */
	public <R> ClientCall<R> future(CallPlan plan, long timeoutNanos, RpcOptions options, Retries retries,
			@Nullable Object argument) {
		return new ClientCall<>(plan, this.completions, null, this.timer.nanoTime(), timeoutNanos, options, retries,
				argument);
	}

	/**
	 * Begins a call that has interceptors around it.
	 * @param <R> the type of the reply
	 * @param plan what is called
	 * @param chain the interceptors
	 * @param timeoutNanos how long the call may take
	 * @param options what the caller has chosen
	 * @param argument the argument
	 * @param sender begins the calls behind the interceptors
	 * @return completes as a future, or is awaited
	 */
	public <R> InterceptedCall<R> intercepted(CallPlan plan, InterceptorChain chain, long timeoutNanos,
			RpcOptions options, @Nullable Object argument, InterceptedCall.Sender sender) {
		InterceptedCall<R> call = new InterceptedCall<>(plan, chain, this, timeoutNanos, sender);
		call.begin(options, argument);
		return call;
	}

	/**
	 * Whether the current thread must not wait for a reply, since it may be the one that
	 * is to read it, or serves the connections of a server, or keeps the deadlines.
	 * @return whether this is an I/O thread of any transport, or a timer's
	 */
	public boolean inIoThread() {
		return this.transport.inIoThread() || this.timer.inTimerThread();
	}

	Transport transport() {
		return this.transport;
	}

	WireFormat format() {
		return this.format;
	}

	ClientLimits limits() {
		return this.limits;
	}

	ConnectionPolicy policy() {
		return this.policy;
	}

	/**
	 * How long after its deadline a call ends by itself that was sent to a node which
	 * keeps deadlines too: its answer says more.
	 */
	long deadlineGraceNanos() {
		return this.deadlineGraceNanos;
	}

	/**
	 * What says to the nodes who calls, or null.
	 */
	@Nullable CallToken token() {
		return this.token;
	}

	/**
	 * Whether connections take calls only when the node has accepted the token. Else each
	 * call shows it before anything else of it is read.
	 */
	boolean loginComesFirst() {
		return this.token != null && !(this.extensions && this.format.headerComesFirst());
	}

	/**
	 * Whether tokens may be sent on a connection.
	 */
	boolean mayCarryTokens(Connection connection) {
		return this.insecure || CallToken.isSafeOn(connection);
	}

	/**
	 * Whether requests may carry fields that stock peers do not know.
	 */
	boolean extensions() {
		return this.extensions;
	}

	ControlCalls controlCalls() {
		return this.controlCalls;
	}

	/**
	 * A random name for a connection.
	 * @return 16 hexadecimal digits
	 */
	String newConnectionId() {
		long high = (long) (this.random.getAsDouble() * (1L << 32));
		long low = (long) (this.random.getAsDouble() * (1L << 32));
		return String.format(Locale.ROOT, "%08x%08x", high, low);
	}

	/**
	 * The time of the channel.
	 * @return tells the time and runs short tasks
	 */
	public ClientTimer timer() {
		return this.timer;
	}

	/**
	 * The chance of the channel.
	 * @return numbers from 0 to less than 1
	 */
	public DoubleSupplier random() {
		return this.random;
	}

	/**
	 * Runs a task that may take long or run code of the application, on the callback
	 * executor or, if that refuses it, on a spare thread.
	 * @param task never throws, and does no harm if it runs twice
	 */
	public void execute(Runnable task) {
		this.completions.execute(task);
	}

	/**
	 * Runs a task on a spare thread, which the callback executor cannot keep waiting.
	 * @param task never throws, and does no harm if it runs twice
	 */
	public void executeInternal(Runnable task) {
		this.completions.executeInternal(task);
	}

	/**
	 * Logs that code which is not the client's has failed, not too often.
	 * @param what what has failed
	 * @param cause the failure
	 */
	public void report(String what, Throwable cause) {
		this.completions.report(what, cause);
	}

	Completions completions() {
		return this.completions;
	}

	BufferPool buffers() {
		return this.buffers;
	}

	/**
	 * The path of the {@code CONNECT} that opens each connection, or null for none.
	 */
	@Nullable ConnectPath connectPath() {
		return this.connectPath;
	}

	/**
	 * Keeps a call that {@link #close} is to end.
	 */
	void opened(InterceptedCall<?> call) {
		this.intercepted.add(call);
	}

	void ended(InterceptedCall<?> call) {
		this.intercepted.remove(call);
	}

	boolean isClosed() {
		return this.closed;
	}

	/**
	 * Ends the calls that interceptors still have, and the timer. To be called when all
	 * nodes are closed.
	 */
	@Override
	public void close() {
		this.closed = true;
		this.completions.close();
		this.intercepted.forEach(InterceptedCall::closeLater);
		this.timer.close();
	}

	/**
	 * Collects what may be chosen. Not thread-safe.
	 */
	public static final class Builder {

		private final String name;

		private final Transport transport;

		private final WireFormat format;

		private @Nullable ConnectPath connectPath;

		private ClientLimits limits = ClientLimits.DEFAULT;

		private ConnectionPolicy policy = ConnectionPolicy.DEFAULT;

		private boolean extensions = true;

		private Duration deadlineGrace = DEFAULT_DEADLINE_GRACE;

		private @Nullable CallToken token;

		private boolean insecure;

		private @Nullable Executor callbackExecutor;

		private @Nullable ClientTimer timer;

		private @Nullable Executor spare;

		private DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();

		private Builder(String name, Transport transport, WireFormat format) {
			this.name = name;
			this.transport = transport;
			this.format = format;
		}

		/**
		 * Opens each connection with HTTP's {@code CONNECT}.
		 * @param path the path
		 * @return this
		 * @throws IllegalArgumentException if it is no path
		 */
		public Builder httpPath(String path) {
			this.connectPath = new ConnectPath(path);
			return this;
		}

		/**
		 * Bounds what each node may hold.
		 * @param limits the limits
		 * @return this
		 */
		public Builder limits(ClientLimits limits) {
			this.limits = limits;
			return this;
		}

		/**
		 * When connections are checked, closed and opened again.
		 * @param policy the policy
		 * @return this
		 */
		public Builder policy(ConnectionPolicy policy) {
			this.policy = policy;
			return this;
		}

		/**
		 * Whether requests carry fields that stock peers ignore, and nodes are told when
		 * nobody waits for a call any more.
		 * @param extensions true by default
		 * @return this
		 */
		public Builder extensions(boolean extensions) {
			this.extensions = extensions;
			return this;
		}

		/**
		 * How long after its deadline a call is waited for that an extended node has: the
		 * node ends it at its deadline too, and tells what it was doing.
		 * @param grace 25 ms by default; zero for no wait
		 * @return this
		 * @throws IllegalArgumentException if it is negative or more than a minute
		 */
		public Builder deadlineGrace(Duration grace) {
			if (grace.isNegative() || grace.compareTo(MOST_DEADLINE_GRACE) > 0) {
				throw new IllegalArgumentException("deadline grace: " + grace + " (expected: 0 to 1 minute)");
			}
			this.deadlineGrace = grace;
			return this;
		}

		/**
		 * Says to the nodes who calls: who the channel is, not who uses it.
		 * @param token asked for each call and each connection, by any thread and perhaps
		 * more than once; must not block
		 * @return this
		 */
		public Builder token(Supplier<String> token) {
			this.token = new CallToken(token);
			return this;
		}

		/**
		 * Whether tokens, that of the channel and those that calls have along, may be
		 * sent where others may read them on the way. Else they are sent over TLS and to
		 * loopback addresses only.
		 * @param insecure false by default
		 * @return this
		 */
		public Builder insecure(boolean insecure) {
			this.insecure = insecure;
			return this;
		}

		/**
		 * Where futures complete and their callbacks run.
		 * @param executor the executor, or null for the default: {@link CallbackThreads}
		 * @return this
		 */
		public Builder callbackExecutor(@Nullable Executor executor) {
			this.callbackExecutor = executor;
			return this;
		}

		/**
		 * Gives the timer, which stays the caller's to close. Several channels may share
		 * one.
		 * @param timer tells the time and runs tasks later
		 * @return this
		 */
		public Builder timer(ClientTimer timer) {
			this.timer = new TimerPart(timer);
			return this;
		}

		/**
		 * Replaces real time, chance and threads, for tests that decide all of them.
		 * @param timer tells the time and runs tasks later; closed with the resources
		 * @param spare runs work of the client's own
		 * @param random gives numbers from 0 (inclusive) to 1 (exclusive)
		 * @return this
		 */
		public Builder time(ClientTimer timer, Executor spare, DoubleSupplier random) {
			this.timer = timer;
			this.spare = spare;
			this.random = random;
			return this;
		}

		/**
		 * Creates the resources, with real time unless another one was given.
		 * @return new resources
		 */
		public ClientResources build() {
			Executor executor = (this.callbackExecutor != null) ? this.callbackExecutor
					: CallbackThreads.executor("rpc-callback-" + this.name + "-");
			ClientTimer timer = (this.timer != null) ? this.timer : ClientTimer.create("rpc-timer-" + this.name);
			Executor spare = (this.spare != null) ? this.spare : CallbackThreads.spare("rpc-spare-" + this.name + "-");
			ClientResources resources = new ClientResources(this.transport, this.format, this.connectPath, this.limits,
					this.policy, this.extensions, executor, spare, timer, this.random);
			resources.deadlineGraceNanos = this.deadlineGrace.toNanos();
			resources.token = this.token;
			resources.insecure = this.insecure;
			return resources;
		}

	}

}
