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

	private final boolean tls;

	/**
	 * Creates the exception.
	 * @param address the address that is no loopback address
	 * @param tls whether the server speaks TLS, but not every client needs a certificate
	 */
	public RpcInsecureAddressException(InetSocketAddress address, boolean tls) {
		super("Address " + address.getHostString() + " can be reached from other machines, and anybody there could call"
				+ " every method" + (tls ? ", though over TLS" : "")
				+ ". Use a loopback address (rpc.server.address=127.0.0.1), "
				+ (tls ? "ask every client for a certificate (rpc.server.ssl.client-auth=need)"
						: "TLS with certificates of clients (rpc.server.ssl.bundle, rpc.server.ssl.client-auth=need)")
				+ ", or say that this is meant: rpc.server.insecure=true");
		this.address = address;
		this.tls = tls;
	}

	/**
	 * Whether the server speaks TLS.
	 * @return false if it does not, true if not every client needs a certificate
	 */
	public boolean hasTls() {
		return this.tls;
	}

	/**
	 * The address.
	 * @return the address that was refused
	 */
	public InetSocketAddress address() {
		return this.address;
	}

}
