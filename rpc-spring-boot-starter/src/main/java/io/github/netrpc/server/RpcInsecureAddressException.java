package io.github.netrpc.server;

import java.net.InetSocketAddress;

/**
 * The server would be reachable from other machines without protection, and nobody wrote
 * down that this is meant.
 *
 * @since 0.1.0
 */
public class RpcInsecureAddressException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	private final transient InetSocketAddress address;

	/**
	 * Creates the exception.
	 * @param address the address that is no loopback address
	 */
	public RpcInsecureAddressException(InetSocketAddress address) {
		super("Address " + address.getHostString() + " can be reached from other machines, and anybody there could call"
				+ " every method. Use a loopback address (rpc.server.address=127.0.0.1), or say that this is meant:"
				+ " rpc.server.insecure=true");
		this.address = address;
	}

	/**
	 * The address.
	 * @return the address that was refused
	 */
	public InetSocketAddress address() {
		return this.address;
	}

}
