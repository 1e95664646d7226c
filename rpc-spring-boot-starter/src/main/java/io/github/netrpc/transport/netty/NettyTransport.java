package io.github.netrpc.transport.netty;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Supplier;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.ImmediateEventExecutor;
import org.jspecify.annotations.Nullable;

import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.ConnectionHandler;
import io.github.netrpc.transport.IoThread;
import io.github.netrpc.transport.Listener;
import io.github.netrpc.transport.TlsSettings;
import io.github.netrpc.transport.Transport;

/**
 * TCP on Netty: epoll where the native library is available, else NIO. Thread-safe.
 *
 * <pre>{@code
 * Transport transport = new NettyTransport("rpc-server-", 0, false);
 * Listener listener = transport.listen(new InetSocketAddress("127.0.0.1", 1234), ArithHandler::new);
 * }</pre>
 *
 * @since 0.1.0
 */
@SuppressWarnings("FutureReturnValueIgnored")
public final class NettyTransport implements Transport {

	/**
	 * Most I/O threads unless told otherwise. One thread moves more than a million small
	 * messages in a second; more threads only spread many busy connections.
	 */
	private static final int DEFAULT_IO_THREADS_LIMIT = 2;

	private static final int BACKLOG = 4096;

	private static final int RESOLVER_THREADS = 4;

	private static final long CLOSE_SECONDS = 5;

	private final EventLoopGroup loops;

	/**
	 * All open connections. Channels that open when this is closed are closed at once.
	 */
	private final ChannelGroup channels = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);

	private final ThreadPoolExecutor resolver;

	/** Runs the parts of TLS handshakes that take long or wait for others. */
	private final ThreadPoolExecutor tlsTasks;

	private final ConnectAttempt.NameLookup names;

	/** The wall clock, for certificates. */
	private final InstantSource clock;

	private final FailureLog failures = new FailureLog();

	private final ServerBootstrap serverBootstrap;

	private final Bootstrap bootstrap;

	/**
	 * Creates a transport and its I/O threads, which start when they are needed.
	 * @param threadNamePrefix begins the names of its threads
	 * @param ioThreads how many I/O threads, 0 for as many as there are processors, but
	 * at most 2
	 * @param daemon whether the threads let the JVM end
	 */
	public NettyTransport(String threadNamePrefix, int ioThreads, boolean daemon) {
		this(threadNamePrefix, ioThreads, daemon, Epoll.isAvailable());
	}

	NettyTransport(String threadNamePrefix, int ioThreads, boolean daemon, boolean epoll) {
		this(threadNamePrefix, ioThreads, daemon, epoll, InetAddress::getAllByName);
	}

	NettyTransport(String threadNamePrefix, int ioThreads, boolean daemon, boolean epoll,
			ConnectAttempt.NameLookup names) {
		this(threadNamePrefix, ioThreads, daemon, epoll, names, InstantSource.system());
	}

	NettyTransport(String threadNamePrefix, int ioThreads, boolean daemon, boolean epoll,
			ConnectAttempt.NameLookup names, InstantSource clock) {
		this.names = names;
		this.clock = clock;
		if (ioThreads < 0) {
			throw new IllegalArgumentException("ioThreads: " + ioThreads + " (expected: 0 or more)");
		}
		NettyVersions.check();
		int threads = (ioThreads != 0) ? ioThreads
				: Math.min(DEFAULT_IO_THREADS_LIMIT, Runtime.getRuntime().availableProcessors());
		IoHandlerFactory ioHandlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
		this.loops = new MultiThreadIoEventLoopGroup(threads,
				threadsNamed(threadNamePrefix + "io-", daemon, LoopThread::new), ioHandlers);
		this.resolver = pool(RESOLVER_THREADS, threadNamePrefix + "resolver-");
		this.tlsTasks = pool(Math.max(2, Runtime.getRuntime().availableProcessors()), threadNamePrefix + "tls-");
		ChannelFactory<? extends ServerChannel> listeners = epoll ? EpollListenerChannel::new
				: NioServerSocketChannel::new;
		ChannelFactory<? extends Channel> connections = epoll ? EpollConnectionChannel::new : NioSocketChannel::new;
		this.serverBootstrap = new ServerBootstrap().group(this.loops)
			.channelFactory(listeners)
			.option(ChannelOption.SO_BACKLOG, BACKLOG)
			.option(ChannelOption.SO_REUSEADDR, true)
			.childOption(ChannelOption.TCP_NODELAY, true)
			.childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
			.childOption(ChannelOption.RECVBUF_ALLOCATOR, new LoopBuffers.Receiver());
		TcpKeepalive.configure(this.serverBootstrap, epoll);
		this.bootstrap = new Bootstrap().channelFactory(connections)
			.resolver(NoopAddressResolverGroup.INSTANCE)
			.option(ChannelOption.TCP_NODELAY, true)
			.option(ChannelOption.SO_KEEPALIVE, true)
			.option(ChannelOption.ALLOW_HALF_CLOSURE, true)
			.option(ChannelOption.RECVBUF_ALLOCATOR, new LoopBuffers.Receiver());
	}

	private static ThreadPoolExecutor pool(int threads, String prefix) {
		ThreadPoolExecutor pool = new ThreadPoolExecutor(threads, threads, 10, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), threadsNamed(prefix, true, FastThreadLocalThread::new));
		pool.allowCoreThreadTimeOut(true);
		return pool;
	}

	@Override
	public Listener listen(SocketAddress address, Supplier<ConnectionHandler> handlers) throws IOException {
		return listen(address, handlers, null);
	}

	Listener listen(SocketAddress address, Supplier<ConnectionHandler> handlers, @Nullable Supplier<TlsSettings> tls)
			throws IOException {
		FailureLog failures = this.failures;
		ChannelGroup channels = this.channels;
		Executor tlsTasks = this.tlsTasks;
		InstantSource clock = this.clock;
		NettyListener.AcceptFailures acceptFailures = new NettyListener.AcceptFailures(failures);
		ChannelFuture bound = this.serverBootstrap.clone()
			.handler(acceptFailures)
			.childHandler(new ChannelInitializer<>() {

				@Override
				protected void initChannel(Channel channel) {
					channels.add(channel);
					if (tls != null) {
						LoopBuffers.leaveTo(channel);
						channel.pipeline().addLast(TlsHandler.ofServer(tls.get(), tlsTasks, clock));
					}
					channel.pipeline().addLast(new NettyConnection(handlers.get(), failures));
				}

			})
			.bind(address);
		CallerWait.until(bound);
		Throwable cause = bound.cause();
		if (cause != null) {
			throw listenFailure(address, cause);
		}
		return new NettyListener(bound.channel(), acceptFailures);
	}

	/*
	 * The system's text is all there is: the JDK has no type of its own for "in use", and
	 * throws a BindException for an address of another machine, too.
	 */
	private static IOException listenFailure(SocketAddress address, Throwable cause) {
		String reason = String.valueOf(cause.getMessage());
		String message = "cannot listen on " + address + ": " + reason;
		if (!reason.toLowerCase(Locale.ROOT).contains("in use")) {
			return new IOException(message, cause);
		}
		BindException inUse = new BindException(message);
		inUse.initCause(cause);
		return inUse;
	}

	@Override
	public Transport secured(Supplier<TlsSettings> tls) {
		return new TlsTransport(this, tls);
	}

	@Override
	public CompletionStage<Connection> connect(SocketAddress address, Duration timeout, ConnectionHandler handler) {
		return connect(address, timeout, handler, null);
	}

	CompletionStage<Connection> connect(SocketAddress address, Duration timeout, ConnectionHandler handler,
			@Nullable Supplier<TlsSettings> tls) {
		if (!(address instanceof InetSocketAddress target)) {
			return CompletableFuture
				.failedFuture(new IOException("address: " + address + " (expected: an internet address and a port)"));
		}
		if (timeout.isNegative() || timeout.isZero()) {
			throw new IllegalArgumentException("timeout: " + timeout + " (expected: more than 0)");
		}
		var loop = this.loops.next();
		return new ConnectAttempt(this.bootstrap.clone(loop), loop, target, timeout, handler, this.failures,
				this.channels, tls, this.tlsTasks, this.clock)
			.start(this.resolver, this.names);
	}

	@Override
	public void close() {
		this.resolver.shutdownNow();
		this.tlsTasks.shutdownNow();
		this.channels.close();
		var ended = this.loops.shutdownGracefully(0, CLOSE_SECONDS - 1, TimeUnit.SECONDS);
		if (!(Thread.currentThread() instanceof LoopThread thread && thread.transport() == this)) {
			CallerWait.until(ended, CLOSE_SECONDS);
		}
	}

	private static ThreadFactory threadsNamed(String prefix, boolean daemon,
			BiFunction<Runnable, String, Thread> threads) {
		AtomicInteger count = new AtomicInteger();
		return (task) -> {
			Thread thread = threads.apply(task, prefix + count.incrementAndGet());
			thread.setDaemon(daemon);
			return thread;
		};
	}

	/**
	 * A thread that knows whose connections it serves.
	 */
	private final class LoopThread extends FastThreadLocalThread implements IoThread {

		LoopThread(Runnable task, String name) {
			super(task, name);
		}

		NettyTransport transport() {
			return NettyTransport.this;
		}

	}

}
