package io.github.netrpc.server;

import java.net.InetSocketAddress;

import org.jspecify.annotations.Nullable;

/**
 * The server's port is taken by another process, or by another server of this one.
 *
 * @since 0.1.0
 */
public class RpcPortInUseException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	private final int port;

	/**
	 * Creates the exception.
	 * @param address the address that could not be bound
	 * @param cause what the system said, or null
	 */
	public RpcPortInUseException(InetSocketAddress address, @Nullable Throwable cause) {
		super("Port " + address.getPort() + " on " + address.getHostString()
				+ " is in use. Stop what listens there, or set another port: rpc.server.port", cause);
		this.port = address.getPort();
	}

	/**
	 * The port.
	 * @return the port
	 */
	public int port() {
		return this.port;
	}

}
