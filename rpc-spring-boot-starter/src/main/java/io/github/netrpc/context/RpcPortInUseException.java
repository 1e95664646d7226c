package io.github.netrpc.context;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * The address that the server is to listen on belongs to somebody else.
 *
 * @since 0.1.0
 */
public class RpcPortInUseException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final transient InetSocketAddress address;

	/**
	 * Creates the exception.
	 * @param address the address
	 * @param cause what the system said
	 */
	public RpcPortInUseException(InetSocketAddress address, IOException cause) {
		super("port " + address.getPort() + " of " + address.getHostString() + " is in use", cause);
		this.address = address;
	}

	/**
	 * The address that is in use.
	 * @return the address
	 */
	public InetSocketAddress address() {
		return this.address;
	}

}
