package io.github.netrpc.server;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * The server cannot listen on its address, though nobody else does: no address of this
 * machine, or a port that needs more rights. If the port is taken it is a
 * {@link RpcPortInUseException} instead.
 *
 * @since 0.1.0
 */
public class RpcListenException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	private final InetSocketAddress address;

	private final String reason;

	/**
	 * Creates the exception.
	 * @param address the address that could not be bound
	 * @param cause what the transport said
	 */
	public RpcListenException(InetSocketAddress address, IOException cause) {
		super("Cannot listen on " + address.getHostString() + ":" + address.getPort() + ": " + reasonOf(cause)
				+ ". Expected: rpc.server.address is an address of this machine, and this process may open rpc.server.port",
				cause);
		this.address = address;
		this.reason = reasonOf(cause);
	}

	/**
	 * The address.
	 * @return the address that could not be bound
	 */
	public InetSocketAddress address() {
		return this.address;
	}

	/**
	 * Why it cannot be bound.
	 * @return the system's text
	 */
	public String reason() {
		return this.reason;
	}

	private static String reasonOf(Throwable cause) {
		Throwable root = cause;
		while (root.getCause() != null) {
			root = root.getCause();
		}
		return String.valueOf(root.getMessage());
	}

}
