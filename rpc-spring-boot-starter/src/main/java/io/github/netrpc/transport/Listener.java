package io.github.netrpc.transport;

import java.net.SocketAddress;

/**
 * A bound address. Thread-safe.
 *
 * @since 0.1.0
 */
public interface Listener extends AutoCloseable {

	/**
	 * Where it listens, with the real port.
	 * @return the bound address
	 */
	SocketAddress localAddress();

	/**
	 * How often a connection could not be accepted, for want of file descriptors, say.
	 * @return the number of failures since it listens
	 */
	default long acceptFailures() {
		return 0;
	}

	/**
	 * Stops accepting and releases the port before it returns. Accepted connections go
	 * on.
	 */
	@Override
	void close();

}
