package io.github.netrpc.transport.netty;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import javax.net.ssl.SSLHandshakeException;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.ConnectionHandler;
import io.github.netrpc.transport.TlsSettings;

/**
 * Opens one connection: resolves the name, then tries its addresses in the order of an
 * {@link AddressRace}. Everything after resolving runs on the connection's I/O thread.
 * Each address has a channel of its own; the one that wins becomes a
 * {@link NettyConnection}, and the handler learns of that one only.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class ConnectAttempt {

	private final Bootstrap bootstrap;

	private final EventLoop loop;

	private final InetSocketAddress target;

	private final Duration timeout;

	private final ConnectionHandler handler;

	private final FailureLog failures;

	private final ChannelGroup channels;

	private final @Nullable Supplier<TlsSettings> tls;

	private final Executor tlsTasks;

	private final InstantSource clock;

	private final CompletableFuture<Connection> result = new CompletableFuture<>();

	private @Nullable AddressRace race;

	private @Nullable Future<?> timer;

	private @Nullable IOException failure;

	/** Has a channel that is open, but in its handshake. */
	private @Nullable TlsHandler shakingHands;

	ConnectAttempt(Bootstrap bootstrap, EventLoop loop, InetSocketAddress target, Duration timeout,
			ConnectionHandler handler, FailureLog failures, ChannelGroup channels, @Nullable Supplier<TlsSettings> tls,
			Executor tlsTasks, InstantSource clock) {
		this.channels = channels;
		this.tls = tls;
		this.tlsTasks = tlsTasks;
		this.clock = clock;
		this.bootstrap = bootstrap;
		this.loop = loop;
		this.target = target;
		this.timeout = timeout;
		this.handler = handler;
		this.failures = failures;
	}

	/**
	 * Begins.
	 * @param resolver runs what may block
	 * @param names finds the addresses of a name
	 */
	CompletableFuture<Connection> start(Executor resolver, NameLookup names) {
		try {
			this.timer = this.loop.schedule(this::timeOut, Math.max(1, this.timeout.toMillis()), TimeUnit.MILLISECONDS);
			if (this.target.isUnresolved()) {
				// The JDK's resolver blocks.
				resolver.execute(() -> resolve(names));
			}
			else {
				this.loop.execute(() -> connectTo(this.target));
			}
		}
		catch (RejectedExecutionException ex) {
			fail(closed(ex));
		}
		return this.result;
	}

	private void resolve(NameLookup names) {
		if (this.result.isDone()) {
			// Timed out in the queue: the threads are for those that still wait.
			return;
		}
		try {
			InetAddress[] found = names.find(this.target.getHostString());
			InetSocketAddress[] all = new InetSocketAddress[found.length];
			for (int i = 0; i < found.length; i++) {
				all[i] = new InetSocketAddress(found[i], this.target.getPort());
			}
			this.handler.resolved();
			this.loop.execute(() -> connectTo(all));
		}
		catch (UnknownHostException ex) {
			UnknownHostException named = new UnknownHostException(
					"host name of " + describe(this.target) + " is not known");
			named.initCause(ex);
			fail(named);
		}
		catch (RejectedExecutionException ex) {
			fail(closed(ex));
		}
	}

	private void connectTo(InetSocketAddress... addresses) {
		if (this.result.isDone()) {
			return;
		}
		AddressRace race = new AddressRace(List.of(addresses), TimeUnit.MILLISECONDS.toNanos(this.timeout.toMillis()),
				this::connect, this::schedule, this::allFailed);
		this.race = race;
		race.next();
	}

	private Runnable schedule(Runnable task, long delayNanos) {
		Future<?> scheduled = this.loop.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
		return () -> scheduled.cancel(false);
	}

	private Runnable connect(InetSocketAddress address, AddressRace.Attempt attempt) {
		ChannelFuture opening = this.bootstrap.clone()
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(this.timeout.toMillis(), Integer.MAX_VALUE))
			.handler(new Pipeline(attempt))
			.connect(address);
		opening.addListener((done) -> {
			Throwable cause = done.cause();
			if (cause != null) {
				addFailure(cause);
				attempt.failed();
			}
		});
		return () -> opening.channel().close();
	}

	private void allFailed() {
		fail((this.failure != null) ? this.failure : new IOException("no address for " + describe(this.target)));
	}

	private void addFailure(Throwable cause) {
		IOException named = (cause instanceof IOException io) ? io
				: new IOException("connect to " + describe(this.target) + ": " + cause, cause);
		if (this.failure == null) {
			this.failure = named;
		}
		else {
			this.failure.addSuppressed(named);
		}
	}

	private void timeOut() {
		TlsHandler open = this.shakingHands;
		String what = (open != null) ? "TLS handshake with " : "connect to ";
		fail(new SocketTimeoutException(what + describe(this.target) + ": no answer within " + this.timeout.toMillis()
				+ " ms" + ((open != null) ? hint(open) : "")));
		if (open != null) {
			open.closeChannel();
		}
		AddressRace race = this.race;
		if (race != null) {
			race.stop();
		}
	}

	private static String hint(TlsHandler tls) {
		return tls.hasMetTls() ? "" : " (does the node speak TLS? What is at that port has said nothing in it)";
	}

	private void succeed(Connection connection) {
		cancelTimer();
		this.result.complete(connection);
	}

	private boolean fail(IOException cause) {
		cancelTimer();
		return this.result.completeExceptionally(cause);
	}

	private void cancelTimer() {
		Future<?> timer = this.timer;
		if (timer != null) {
			timer.cancel(false);
		}
	}

	private static IOException closed(RejectedExecutionException cause) {
		return new IOException("transport is closed", cause);
	}

	private static String describe(InetSocketAddress address) {
		return address.getHostString() + ":" + address.getPort();
	}

	private final class Pipeline extends ChannelInitializer<Channel> {

		private final AddressRace.Attempt attempt;

		Pipeline(AddressRace.Attempt attempt) {
			this.attempt = attempt;
		}

		@Override
		protected void initChannel(Channel channel) {
			ConnectAttempt.this.channels.add(channel);
			if (ConnectAttempt.this.tls != null) {
				LoopBuffers.leaveTo(channel);
			}
			channel.pipeline().addLast(new Gate(this.attempt));
		}

	}

	/**
	 * Lets the winner become a connection, when it has shaken hands where there is TLS,
	 * and completes the result when its handler has been told.
	 */
	private final class Gate extends ChannelInboundHandlerAdapter {

		private final AddressRace.Attempt attempt;

		Gate(AddressRace.Attempt attempt) {
			this.attempt = attempt;
		}

		@Override
		public void channelActive(ChannelHandlerContext ctx) {
			if (!this.attempt.opened()) {
				ctx.close();
				return;
			}
			Supplier<TlsSettings> tls = ConnectAttempt.this.tls;
			if (tls == null) {
				become(ctx);
				return;
			}
			InetSocketAddress target = ConnectAttempt.this.target;
			TlsHandler handler = TlsHandler.ofClient(tls.get(), target.getHostString(), target.getPort(),
					ConnectAttempt.this.tlsTasks, ConnectAttempt.this.clock);
			ConnectAttempt.this.shakingHands = handler;
			ctx.pipeline().addFirst(handler);
		}

		@Override
		public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
			if (event instanceof SslHandshakeCompletionEvent handshake) {
				if (handshake.isSuccess()) {
					ConnectAttempt.this.shakingHands = null;
					// It may have been refused all the same.
					if (!ConnectAttempt.this.result.isDone()) {
						become(ctx);
					}
				}
				else {
					handshakeFailed(handshake.cause());
				}
			}
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
			if (ConnectAttempt.this.tls != null) {
				handshakeFailed(cause);
				ctx.close();
			}
			else {
				ctx.fireExceptionCaught(cause);
			}
		}

		private void handshakeFailed(Throwable cause) {
			TlsHandler handler = ConnectAttempt.this.shakingHands;
			SSLHandshakeException named = new SSLHandshakeException(
					"TLS handshake with " + describe(ConnectAttempt.this.target) + " failed: "
							+ TlsHandler.described(cause).getMessage() + ((handler != null) ? hint(handler) : ""));
			named.initCause(cause);
			fail(named);
		}

		private void become(ChannelHandlerContext ctx) {
			NettyConnection connection = new NettyConnection(ConnectAttempt.this.handler, ConnectAttempt.this.failures);
			ctx.pipeline().addLast(connection);
			if (ConnectAttempt.this.tls != null) {
				// If a write fails, why is still to be read: from TLS 1.3 on, the node
				// judges our certificate when this side's handshake is over.
				ctx.channel().config().setAutoClose(false);
			}
			ctx.pipeline().remove(this);
			ctx.fireChannelActive();
			if (ctx.channel().isActive()) {
				succeed(connection);
			}
			else {
				fail(new IOException("connection to " + describe(ConnectAttempt.this.target)
						+ " was closed by its own handler when it opened"));
			}
		}

	}

	/**
	 * Finds the addresses of a host name. Blocks.
	 */
	@FunctionalInterface
	interface NameLookup {

		InetAddress[] find(String host) throws UnknownHostException;

	}

}
