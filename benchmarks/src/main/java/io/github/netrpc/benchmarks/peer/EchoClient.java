package io.github.netrpc.benchmarks.peer;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.FixedLengthFrameDecoder;
import org.jspecify.annotations.Nullable;

/**
 * The client of {@link EchoServer}: keeps messages of the same bytes as a gob request in
 * flight on one connection. Replies are counted by their bytes, and as many as one read
 * has brought leave again in one write, which is the least that can be done for a
 * message. With {@code --unit=message} every reply is a frame of its own and is answered
 * by a write of its own, all flushed together, which is the least that can be done for a
 * call.
 */
public final class EchoClient {

	/**
	 * A request of Go's client in mid-stream, its types already sent:
	 * {@code Request{ServiceMethod: "Arith.Add", Seq: 70000}} and {@code Args{A: 64, B:
	 * 100}}.
	 */
	static final byte[] REQUEST = HexFormat.of()
		.parseHex("13ff82010941726974682e41646401fd0111700009ff8401ff8001ffc800");

	private static final int MOST_IN_FLIGHT = 1 << 16;

	private EchoClient() {
	}

	public static void main(String[] args) throws Exception {
		Flags flags = Flags.parse(args);
		EventLoopGroup group = EventLoops.newGroup();
		try {
			boolean messages = flags.get("unit", "bytes").equals("message");
			Echoes echoes = new Echoes(!messages);
			Channel channel = new Bootstrap().group(group)
				.channel(EventLoops.channel())
				.option(ChannelOption.TCP_NODELAY, true)
				.handler(new ChannelInitializer<>() {

					@Override
					protected void initChannel(Channel channel) {
						if (messages) {
							channel.pipeline().addLast(new FixedLengthFrameDecoder(REQUEST.length));
						}
						channel.pipeline().addLast(echoes);
					}

				})
				.connect(flags.address())
				.sync()
				.channel();
			new Console().drive((inFlight) -> {
				LoadWindow window = new LoadWindow(inFlight, 1);
				channel.eventLoop().execute(() -> echoes.start(channel, inFlight, window));
				return window;
			});
		}
		finally {
			group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
		}
	}

	// A failed write reaches exceptionCaught, which is what the void promise is for
	@SuppressWarnings("FutureReturnValueIgnored")
	private static final class Echoes extends ChannelInboundHandlerAdapter {

		private final ByteBuf requests = Unpooled.directBuffer(REQUEST.length * MOST_IN_FLIGHT);

		private final boolean batch;

		// Replies come in the order of the requests, so a ring tells when each was sent
		private long[] sent = new long[0];

		private int next;

		private int bytes;

		private int again;

		private @Nullable LoadWindow window;

		Echoes(boolean batch) {
			this.batch = batch;
			while (this.requests.isWritable(REQUEST.length)) {
				this.requests.writeBytes(REQUEST);
			}
		}

		void start(Channel channel, int inFlight, LoadWindow window) {
			this.window = window;
			this.sent = new long[inFlight];
			this.next = 0;
			Arrays.fill(this.sent, System.nanoTime());
			channel.writeAndFlush(this.requests.retainedSlice(0, inFlight * REQUEST.length), channel.voidPromise());
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			ByteBuf replies = (ByteBuf) message;
			this.bytes += replies.readableBytes();
			replies.release();
			for (; this.bytes >= REQUEST.length; this.bytes -= REQUEST.length) {
				completed(context);
			}
		}

		private void completed(ChannelHandlerContext context) {
			LoadWindow window = this.window;
			if (window == null) {
				return;
			}
			long now = System.nanoTime();
			if (window.completed(0, now - this.sent[this.next])) {
				this.sent[this.next] = now;
				this.again++;
				if (!this.batch) {
					context.write(this.requests.retainedSlice(0, REQUEST.length), context.voidPromise());
				}
			}
			this.next = (this.next + 1 == this.sent.length) ? 0 : this.next + 1;
		}

		@Override
		public void channelReadComplete(ChannelHandlerContext context) {
			if (this.batch && this.again > 0) {
				context.write(this.requests.retainedSlice(0, this.again * REQUEST.length), context.voidPromise());
			}
			this.again = 0;
			context.flush();
		}

		@Override
		public void channelInactive(ChannelHandlerContext context) {
			exceptionCaught(context, new IOException("the server has closed the connection"));
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			if (this.window != null) {
				this.window.failed(cause);
			}
		}

	}

}
