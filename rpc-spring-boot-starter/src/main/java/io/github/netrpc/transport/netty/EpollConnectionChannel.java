package io.github.netrpc.transport.netty;

import java.io.IOException;
import java.net.SocketAddress;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.epoll.AbstractEpollStreamChannel;
import io.netty.channel.epoll.EpollChannelConfig;
import io.netty.channel.epoll.LinuxSocket;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection on epoll, with a lock between writes of other threads and the close of
 * the file descriptor. Netty's own class closes it without telling anybody, and the
 * system gives its number to the next socket at once.
 * <p>
 * In Netty 4.2.18 every way to the end of a descriptor (a close by the user, after a
 * failed read or write, after a failed connect or registration, at the end of the event
 * loop) leads through {@link #doClose}.
 */
final class EpollConnectionChannel extends AbstractEpollStreamChannel implements DirectChannel {

	private final EpollConnectionConfig config;

	private final Object closeLock = new Object();

	private final @Nullable SocketAddress acceptedFrom;

	private boolean closed;

	/**
	 * Creates a channel that is not connected.
	 */
	EpollConnectionChannel() {
		super(LinuxSocket.newSocketStream(), false);
		this.acceptedFrom = null;
		this.config = new EpollConnectionConfig(this);
	}

	/**
	 * Creates the channel of an accepted connection.
	 * @param parent who accepted it
	 * @param fileDescriptor the socket
	 * @param from the peer's address
	 */
	EpollConnectionChannel(Channel parent, int fileDescriptor, SocketAddress from) {
		super(parent, fileDescriptor);
		this.acceptedFrom = from;
		this.config = new EpollConnectionConfig(this);
	}

	@Override
	public EpollChannelConfig config() {
		return this.config;
	}

	// The system no longer knows the address of a peer that has reset the connection.
	@Override
	protected SocketAddress remoteAddress0() {
		SocketAddress from = this.acceptedFrom;
		return (from != null) ? from : super.remoteAddress0();
	}

	@Override
	public int writeDirectly(ByteBuf buffer) throws IOException {
		synchronized (this.closeLock) {
			if (this.closed) {
				return CLOSED;
			}
			return this.socket.sendAddress(buffer.memoryAddress(), buffer.readerIndex(), buffer.writerIndex());
		}
	}

	@Override
	protected void doClose() throws Exception {
		synchronized (this.closeLock) {
			this.closed = true;
		}
		super.doClose();
	}

}
