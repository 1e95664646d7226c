package io.github.netrpc.benchmarks.peer;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.FixedLengthFrameDecoder;

/**
 * A server that sends every byte back: what Netty can do when nobody reads the messages,
 * and so the upper bound of every RPC on it. All that was read leaves in one flush. With
 * {@code --unit=message} every message is a frame of its own, sent back by a write of its
 * own.
 */
public final class EchoServer {

	private EchoServer() {
	}

	public static void main(String[] args) throws Exception {
		boolean messages = Flags.parse(args).get("unit", "bytes").equals("message");
		EventLoopGroup group = EventLoops.newGroup();
		try {
			Channel server = new ServerBootstrap().group(group)
				.channel(EventLoops.serverChannel())
				.childOption(ChannelOption.TCP_NODELAY, true)
				.childHandler(new ChannelInitializer<>() {

					@Override
					protected void initChannel(Channel channel) {
						if (messages) {
							channel.pipeline().addLast(new FixedLengthFrameDecoder(EchoClient.REQUEST.length));
						}
						channel.pipeline().addLast(new Echo());
					}

				})
				.bind("127.0.0.1", 0)
				.sync()
				.channel();
			new Console().serve(((InetSocketAddress) server.localAddress()).getPort());
		}
		finally {
			group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
		}
	}

	// A failed write closes the connection, which is what the void promise is for
	@SuppressWarnings("FutureReturnValueIgnored")
	private static final class Echo extends ChannelInboundHandlerAdapter {

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			context.write(message, context.voidPromise());
		}

		@Override
		public void channelReadComplete(ChannelHandlerContext context) {
			context.flush();
		}

	}

}
