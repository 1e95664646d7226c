package io.github.netrpc.server;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import javax.net.ssl.SSLSession;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.exec.Unflushed;
import io.github.netrpc.reactive.MonoAdapter;
import io.github.netrpc.wire.BufferPool;
import io.github.netrpc.wire.WireFormat;
import io.github.netrpc.wire.http.ConnectPath;

/**
 * The inside of a server without sockets and threads of its own: the test is the I/O
 * thread, moves the clock, and runs handlers when it likes.
 */
final class ManualServer {

	final AtomicLong nanoTime = new AtomicLong(1_000);

	final List<Runnable> handlers = new ArrayList<>();

	final List<String> records = new ArrayList<>();

	final List<ServerInterceptor> interceptors = new ArrayList<>();

	ConnectionRegistry registry = new ConnectionRegistry(10_000);

	private final Object bean;

	Executor executor = this.handlers::add;

	int maxHandlers = 200;

	int queue = 1024;

	boolean recorderFails;

	int maxAsync = AsyncCalls.DEFAULT_MAX;

	long maxUnsent = ByteTotal.DEFAULT;

	long maxArguments = ByteTotal.DEFAULT;

	ConnectionLimits limits = ConnectionLimits.DEFAULT;

	OverloadLimits overload = OverloadLimits.DEFAULT;

	@Nullable CallAuthenticator authenticator;

	@Nullable CallAuthorizer authorizer;

	CertificateName certificateName = CertificateName.NONE;

	LoginLimits loginLimits = LoginLimits.DEFAULT;

	Duration maxValidity = Duration.ZERO;

	Duration refusalValidity = VerdictTimes.DEFAULT.refused();

	Instant wallClock = Instant.parse("2026-11-23T12:00:00Z");

	/** How often it was read. */
	final AtomicLong wallClockReads = new AtomicLong();

	long random = 42;

	private final List<WireFormat> spoken;

	private @Nullable ServerScope scope;

	ManualServer(Object bean) {
		this(bean, List.of(new TextFormat()));
	}

	ManualServer(Object bean, List<WireFormat> spoken) {
		this.bean = bean;
		this.spoken = spoken;
	}

	FakeConnection open() {
		return new FakeConnection(new ServerConnection(scope()), this.nanoTime);
	}

	/**
	 * Accepts a connection whose TLS handshake is to come.
	 */
	FakeConnection open(SSLSession session) {
		return new FakeConnection(new ServerConnection(scope()), this.nanoTime,
				new InetSocketAddress("127.0.0.1", 4711), session);
	}

	/**
	 * Runs handlers on this thread until none is left.
	 */
	void runHandlers() {
		while (!this.handlers.isEmpty()) {
			this.handlers.remove(0).run();
		}
	}

	/**
	 * Moves the clock without anybody noticing.
	 */
	void pass(Duration time) {
		this.nanoTime.addAndGet(time.toNanos());
	}

	ServerScope scope() {
		if (this.scope == null) {
			CallRecorder.Factory recorders = (service, method, format) -> (code, nanos) -> {
				if (this.recorderFails) {
					throw new IllegalStateException("broken recorder");
				}
				synchronized (this.records) {
					this.records.add(method + " " + code);
				}
			};
			List<ServedFormat> formats = new ArrayList<>();
			for (WireFormat format : this.spoken) {
				formats.add(new ServedFormat(formats.size(), format, new BufferPool(format),
						recorders.recorder("unknown", "unknown", format.name())));
			}
			MethodTableReader reader = new MethodTableReader(List.of(new MonoAdapter()), formats, recorders);
			this.interceptors.forEach(reader::addInterceptor);
			reader.add(this.bean, this.bean.getClass(), null);
			HandlerExecutor<HandlerWorker> handlers = new HandlerExecutor<>((task) -> this.executor.execute(task),
					this.maxHandlers, this.queue, () -> new HandlerWorker(formats, null, Thread.currentThread()),
					new Unflushed<>(), this.overload, this.nanoTime::get);
			this.scope = new ServerScope(reader.read(), new BuiltInMethods(formats), formats, ConnectPath.DEFAULT,
					handlers, this.registry, this.limits, new AsyncCalls(this.maxAsync), new ByteTotal(this.maxUnsent),
					new ByteTotal(this.maxArguments), new ByteTotal(this.maxArguments / 4), new RefusalCounts(),
					new LongAdder(), access(), new FailureLog(this.nanoTime::get), this.nanoTime::get,
					() -> this.random);
		}
		return this.scope;
	}

	private @Nullable AccessControl access() {
		boolean off = this.authenticator == null && this.authorizer == null
				&& this.certificateName == CertificateName.NONE;
		return off ? null
				: new AccessControl(this.authenticator, this.certificateName, this.authorizer, this.loginLimits,
						new VerdictTimes(this.maxValidity, this.refusalValidity), new FailureLog(this.nanoTime::get),
						() -> {
							this.wallClockReads.incrementAndGet();
							return this.wallClock;
						});
	}

	long refused(RefusalReason reason) {
		return scope().refusals().of(reason);
	}

	long cutCalls() {
		return scope().cutCalls().sum();
	}

}
