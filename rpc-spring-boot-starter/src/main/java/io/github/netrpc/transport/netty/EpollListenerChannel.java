package io.github.netrpc.transport.netty;

import java.io.IOException;
import java.net.SocketAddress;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.epoll.AbstractEpollServerChannel;
import io.netty.channel.epoll.EpollChannelConfig;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.NativeInetAddress;

/**
 * A listening TCP socket on epoll that accepts {@link EpollConnectionChannel}s, which
 * Netty's own class cannot.
 */
final class EpollListenerChannel extends AbstractEpollServerChannel {

	private final Config config = new Config(this);

	EpollListenerChannel() {
		super(LinuxSocket.newSocketStream(), false);
	}

	@Override
	public EpollChannelConfig config() {
		return this.config;
	}

	@Override
	protected void doBind(SocketAddress local) throws Exception {
		super.doBind(local);
		this.socket.listen(this.config.backlog);
		// Reading, which begins now that it is active, registers for what arrives.
		this.active = true;
	}

	@Override
	protected Channel newChildChannel(int fileDescriptor, byte[] address, int offset, int length) {
		return new EpollConnectionChannel(this, fileDescriptor, NativeInetAddress.address(address, offset, length));
	}

	/**
	 * The options that {@link NettyTransport} sets.
	 */
	private static final class Config extends EpollChannelConfig {

		private volatile int backlog = 128;

		Config(EpollListenerChannel channel) {
			super(channel, new ServerChannelRecvByteBufAllocator());
		}

		@Override
		public <T> boolean setOption(ChannelOption<T> option, T value) {
			validate(option, value);
			if (ChannelOption.SO_BACKLOG.equals(option)) {
				this.backlog = (Integer) value;
				return true;
			}
			if (ChannelOption.SO_REUSEADDR.equals(option)) {
				try {
					socket().setReuseAddress((Boolean) value);
					return true;
				}
				catch (IOException ex) {
					throw new ChannelException(ex);
				}
			}
			return super.setOption(option, value);
		}

	}

}
