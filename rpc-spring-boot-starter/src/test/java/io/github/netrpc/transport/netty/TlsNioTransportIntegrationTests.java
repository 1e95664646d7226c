package io.github.netrpc.transport.netty;

/**
 * TLS on the JDK's selectors.
 */
class TlsNioTransportIntegrationTests extends TlsTransportContract {

	@Override
	NettyTransport createPlain() {
		return new NettyTransport("test-tls-nio-", 2, true, false);
	}

}
