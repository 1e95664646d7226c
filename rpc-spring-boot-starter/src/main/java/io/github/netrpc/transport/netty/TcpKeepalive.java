package io.github.netrpc.transport.netty;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Set;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import jdk.net.ExtendedSocketOptions;

/**
 * Has the system ask a silent peer of an accepted connection every 15 seconds whether it
 * is there, as Go's listeners do: where its machine or the network has gone without a
 * word, the connection ends after ten questions (on Linux, two and a half minutes), not
 * after two hours. A server's own pings would be calls that stock clients have no answer
 * for.
 */
final class TcpKeepalive {

	static final int SECONDS = 15;

	private static final int IPPROTO_TCP = 6;

	private static final ChannelOption<Integer> EPOLL_IDLE = new IntegerUnixChannelOption("TCP_KEEPIDLE", IPPROTO_TCP,
			4);

	private static final ChannelOption<Integer> EPOLL_INTERVAL = new IntegerUnixChannelOption("TCP_KEEPINTVL",
			IPPROTO_TCP, 5);

	private TcpKeepalive() {
	}

	/**
	 * Sets the options of all connections that will be accepted.
	 * @param bootstrap makes them
	 * @param epoll whether they are on Linux's epoll
	 */
	static void configure(ServerBootstrap bootstrap, boolean epoll) {
		bootstrap.childOption(ChannelOption.SO_KEEPALIVE, true);
		if (epoll) {
			bootstrap.childOption(EPOLL_IDLE, SECONDS);
			bootstrap.childOption(EPOLL_INTERVAL, SECONDS);
		}
		else if (isSupported()) {
			bootstrap.childOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), SECONDS);
			bootstrap.childOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), SECONDS);
		}
	}

	private static boolean isSupported() {
		try (SocketChannel socket = SocketChannel.open()) {
			return socket.supportedOptions()
				.containsAll(Set.of(ExtendedSocketOptions.TCP_KEEPIDLE, ExtendedSocketOptions.TCP_KEEPINTERVAL));
		}
		catch (IOException ex) {
			// Without sockets there will be no connections either
			return false;
		}
	}

}
