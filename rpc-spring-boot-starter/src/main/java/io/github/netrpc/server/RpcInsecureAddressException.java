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

	private final boolean authentication;

	/**
	 * Creates the exception. Not both of TLS and authentication are there.
	 * @param address the address that is no loopback address
	 * @param tls whether the server speaks TLS, but not every client has to say who it is
	 * @param authentication whether clients have to say who they are, but without TLS
	 */
	public RpcInsecureAddressException(InetSocketAddress address, boolean tls, boolean authentication) {
		super("Address " + address.getHostString() + " can be reached from other machines, and "
				+ (authentication ? "others could read tokens on the way, and what is sent with them"
						: "anybody there could call every method" + (tls ? ", though over TLS" : ""))
				+ ". Use a loopback address (rpc.server.address=127.0.0.1), " + mend(tls, authentication)
				+ ", or say that this is meant: rpc.server.insecure=true");
		this.address = address;
		this.tls = tls;
		this.authentication = authentication;
	}

	private static String mend(boolean tls, boolean authentication) {
		if (authentication) {
			return "TLS (rpc.server.ssl.bundle)";
		}
		return tls
				? "ask every client for a certificate (rpc.server.ssl.client-auth=need) or a token"
						+ " (rpc.server.authentication.token)"
				: "TLS with certificates of clients (rpc.server.ssl.bundle, rpc.server.ssl.client-auth=need) or with a"
						+ " token (rpc.server.authentication.token)";
	}

	/**
	 * Whether the server speaks TLS.
	 * @return false if it does not, true if not every client has to say who it is
	 */
	public boolean hasTls() {
		return this.tls;
	}

	/**
	 * Whether clients have to say who they are.
	 * @return false if they need not, true if there is no TLS
	 */
	public boolean hasAuthentication() {
		return this.authentication;
	}

	/**
	 * The address.
	 * @return the address that was refused
	 */
	public InetSocketAddress address() {
		return this.address;
	}

}
