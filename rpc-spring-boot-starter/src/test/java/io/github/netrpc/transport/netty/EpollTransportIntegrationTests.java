package io.github.netrpc.transport.netty;

import io.netty.channel.epoll.Epoll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.condition.OS;

import io.github.netrpc.transport.Transport;

/**
 * The transport on epoll. Where there is none the tests are skipped, except for a CI on
 * Linux: it fails.
 */
class EpollTransportIntegrationTests extends NettyTransportContract {

	@Override
	protected Transport createTransport() {
		if (OS.LINUX.isCurrentOs() && "true".equals(System.getenv("CI"))) {
			Epoll.ensureAvailability();
		}
		Assumptions.assumeTrue(Epoll.isAvailable(), "skipped: epoll is not available here");
		return new NettyTransport("test-epoll-", 2, true, true);
	}

}
