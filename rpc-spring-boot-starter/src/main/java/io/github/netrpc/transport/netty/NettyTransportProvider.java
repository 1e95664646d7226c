package io.github.netrpc.transport.netty;

import io.github.netrpc.transport.Transport;

/**
 * Makes {@link NettyTransport}s for whoever asks the {@link java.util.ServiceLoader}.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class NettyTransportProvider implements Transport.Provider {

	@Override
	public Transport create(String threadNamePrefix, int ioThreads, boolean daemon) {
		return new NettyTransport(threadNamePrefix, ioThreads, daemon);
	}

}
