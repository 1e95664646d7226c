package io.github.netrpc.transport.netty;

import io.netty.channel.epoll.Epoll;
import org.junit.jupiter.api.Assumptions;

/**
 * TLS on epoll, where connections write directly without it.
 */
class TlsEpollTransportIntegrationTests extends TlsTransportContract {

	@Override
	NettyTransport createPlain() {
		Assumptions.assumeTrue(Epoll.isAvailable(), "skipped: epoll is not available here");
		return new NettyTransport("test-tls-epoll-", 2, true, true);
	}

}
