package io.github.netrpc.transport.netty;

import java.io.IOException;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelConfig;
import io.netty.channel.socket.SocketChannelConfig;
import org.jspecify.annotations.Nullable;

/**
 * The options of an {@link EpollConnectionChannel}: those that {@link NettyTransport}
 * sets, and buffer sizes. Netty asks only a {@link SocketChannelConfig} whether half a
 * connection may be closed; most of what that interface demands is here for no other
 * reason.
 */
final class EpollConnectionConfig extends EpollChannelConfig implements SocketChannelConfig {

	private volatile boolean allowHalfClosure;

	EpollConnectionConfig(EpollConnectionChannel channel) {
		super(channel);
		// As in Netty's own class: twice of what a socket takes at once.
		setMaxBytesPerGatheringWrite(2L * getSendBufferSize());
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> @Nullable T getOption(ChannelOption<T> option) {
		if (ChannelOption.ALLOW_HALF_CLOSURE.equals(option)) {
			return (T) Boolean.valueOf(isAllowHalfClosure());
		}
		if (ChannelOption.TCP_NODELAY.equals(option)) {
			return (T) Boolean.valueOf(isTcpNoDelay());
		}
		if (ChannelOption.SO_KEEPALIVE.equals(option)) {
			return (T) Boolean.valueOf(isKeepAlive());
		}
		if (ChannelOption.SO_SNDBUF.equals(option)) {
			return (T) Integer.valueOf(getSendBufferSize());
		}
		if (ChannelOption.SO_RCVBUF.equals(option)) {
			return (T) Integer.valueOf(getReceiveBufferSize());
		}
		return super.getOption(option);
	}

	@Override
	public <T> boolean setOption(ChannelOption<T> option, T value) {
		validate(option, value);
		if (ChannelOption.ALLOW_HALF_CLOSURE.equals(option)) {
			setAllowHalfClosure((Boolean) value);
		}
		else if (ChannelOption.TCP_NODELAY.equals(option)) {
			setTcpNoDelay((Boolean) value);
		}
		else if (ChannelOption.SO_KEEPALIVE.equals(option)) {
			setKeepAlive((Boolean) value);
		}
		else if (ChannelOption.SO_SNDBUF.equals(option)) {
			setSendBufferSize((Integer) value);
		}
		else if (ChannelOption.SO_RCVBUF.equals(option)) {
			setReceiveBufferSize((Integer) value);
		}
		else {
			return super.setOption(option, value);
		}
		return true;
	}

	@Override
	public boolean isAllowHalfClosure() {
		return this.allowHalfClosure;
	}

	@Override
	public EpollConnectionConfig setAllowHalfClosure(boolean allow) {
		this.allowHalfClosure = allow;
		return this;
	}

	@Override
	public boolean isTcpNoDelay() {
		return get(() -> socket().isTcpNoDelay());
	}

	@Override
	public EpollConnectionConfig setTcpNoDelay(boolean noDelay) {
		return set(() -> socket().setTcpNoDelay(noDelay));
	}

	@Override
	public boolean isKeepAlive() {
		return get(() -> socket().isKeepAlive());
	}

	@Override
	public EpollConnectionConfig setKeepAlive(boolean keepAlive) {
		return set(() -> socket().setKeepAlive(keepAlive));
	}

	@Override
	public int getSendBufferSize() {
		return get(() -> socket().getSendBufferSize());
	}

	@Override
	public EpollConnectionConfig setSendBufferSize(int bytes) {
		return set(() -> socket().setSendBufferSize(bytes));
	}

	@Override
	public int getReceiveBufferSize() {
		return get(() -> socket().getReceiveBufferSize());
	}

	@Override
	public EpollConnectionConfig setReceiveBufferSize(int bytes) {
		return set(() -> socket().setReceiveBufferSize(bytes));
	}

	@Override
	public int getSoLinger() {
		return get(() -> socket().getSoLinger());
	}

	/**
	 * Always fails: a close that lingers blocks, and Netty's own channel class has to run
	 * it on another thread therefore.
	 */
	@Override
	public EpollConnectionConfig setSoLinger(int seconds) {
		throw new UnsupportedOperationException("SO_LINGER: " + seconds + " (expected: not set)");
	}

	@Override
	public int getTrafficClass() {
		return get(() -> socket().getTrafficClass());
	}

	@Override
	public EpollConnectionConfig setTrafficClass(int trafficClass) {
		return set(() -> socket().setTrafficClass(trafficClass));
	}

	@Override
	public boolean isReuseAddress() {
		return get(() -> socket().isReuseAddress());
	}

	@Override
	public EpollConnectionConfig setReuseAddress(boolean reuse) {
		return set(() -> socket().setReuseAddress(reuse));
	}

	@Override
	public EpollConnectionConfig setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
		return this;
	}

	// The same as inherited, with the type that both supertypes accept.

	@Override
	public EpollConnectionConfig setConnectTimeoutMillis(int millis) {
		super.setConnectTimeoutMillis(millis);
		return this;
	}

	@Override
	@Deprecated
	public EpollConnectionConfig setMaxMessagesPerRead(int messages) {
		super.setMaxMessagesPerRead(messages);
		return this;
	}

	@Override
	public EpollConnectionConfig setWriteSpinCount(int count) {
		super.setWriteSpinCount(count);
		return this;
	}

	@Override
	public EpollConnectionConfig setAllocator(ByteBufAllocator allocator) {
		super.setAllocator(allocator);
		return this;
	}

	@Override
	public EpollConnectionConfig setRecvByteBufAllocator(RecvByteBufAllocator allocator) {
		super.setRecvByteBufAllocator(allocator);
		return this;
	}

	@Override
	public EpollConnectionConfig setAutoRead(boolean autoRead) {
		super.setAutoRead(autoRead);
		return this;
	}

	@Override
	public EpollConnectionConfig setAutoClose(boolean autoClose) {
		super.setAutoClose(autoClose);
		return this;
	}

	@Override
	public EpollConnectionConfig setMessageSizeEstimator(MessageSizeEstimator estimator) {
		super.setMessageSizeEstimator(estimator);
		return this;
	}

	@Override
	public EpollConnectionConfig setWriteBufferWaterMark(WriteBufferWaterMark mark) {
		super.setWriteBufferWaterMark(mark);
		return this;
	}

	private <T> T get(Reader<T> reader) {
		try {
			return reader.read();
		}
		catch (IOException ex) {
			throw new ChannelException(ex);
		}
	}

	private EpollConnectionConfig set(Writer writer) {
		try {
			writer.write();
			return this;
		}
		catch (IOException ex) {
			throw new ChannelException(ex);
		}
	}

	@FunctionalInterface
	private interface Reader<T> {

		T read() throws IOException;

	}

	@FunctionalInterface
	private interface Writer {

		void write() throws IOException;

	}

}
