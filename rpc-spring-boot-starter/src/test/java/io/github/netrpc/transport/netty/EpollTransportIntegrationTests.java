package io.github.netrpc.transport.netty;

import io.netty.channel.epoll.Epoll;
import org.junit.jupiter.api.Assumptions;

import io.github.netrpc.transport.Transport;

class EpollTransportIntegrationTests extends NettyTransportContract {

	@Override
	protected Transport createTransport() {
		Assumptions.assumeTrue(Epoll.isAvailable(), "epoll is not available here");
		return new NettyTransport("test-epoll-", 2, true, true);
	}

}
