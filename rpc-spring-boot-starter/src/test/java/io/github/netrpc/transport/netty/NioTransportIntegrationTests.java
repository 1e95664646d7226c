package io.github.netrpc.transport.netty;

import io.github.netrpc.transport.Transport;

class NioTransportIntegrationTests extends NettyTransportContract {

	@Override
	protected Transport createTransport() {
		return new NettyTransport("test-nio-", 2, true, false);
	}

}
