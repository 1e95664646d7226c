package io.github.netrpc.transport.netty;

import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.Promise;

import io.github.netrpc.transport.Listener;

/**
 * A bound server channel.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class NettyListener implements Listener {

	private final Channel channel;

	private final SocketAddress address;

	private final AcceptFailures failures;

	NettyListener(Channel channel, AcceptFailures failures) {
		this.channel = channel;
		this.address = channel.localAddress();
		this.failures = failures;
	}

	@Override
	public long acceptFailures() {
		return this.failures.count();
	}

	@Override
	public SocketAddress localAddress() {
		return this.address;
	}

	@Override
	public void close() {
		this.channel.close();
		EventLoop loop = this.channel.eventLoop();
		if (loop.inEventLoop()) {
			return;
		}
		CallerWait.until(this.channel.closeFuture());
		if (this.channel instanceof NioServerSocketChannel && !loop.isShuttingDown()) {
			// The JDK frees the port when the selector runs next, which it does before a
			// timer that was set now.
			Promise<Void> selected = loop.newPromise();
			loop.schedule(() -> selected.trySuccess(null), 1, TimeUnit.MILLISECONDS);
			CallerWait.until(selected, 1);
		}
	}

	/**
	 * Waits when a connection cannot be accepted, because the process is out of file
	 * descriptors, say: trying again at once would only burn the processor.
	 */
	static final class AcceptFailures extends ChannelInboundHandlerAdapter {

		private static final long PAUSE_SECONDS = 1;

		private final FailureLog failures;

		private final AtomicLong count = new AtomicLong();

		AcceptFailures(FailureLog failures) {
			this.failures = failures;
		}

		long count() {
			return this.count.get();
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
			this.count.incrementAndGet();
			Channel server = ctx.channel();
			this.failures.warn(server.eventLoop(), "Cannot accept connections on " + server.localAddress()
					+ ", trying again each " + PAUSE_SECONDS + " s", cause);
			if (server.config().isAutoRead()) {
				server.config().setAutoRead(false);
				server.eventLoop().schedule(() -> server.config().setAutoRead(true), PAUSE_SECONDS, TimeUnit.SECONDS);
			}
		}

	}

}
