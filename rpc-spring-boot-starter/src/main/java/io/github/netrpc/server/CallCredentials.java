package io.github.netrpc.server;

import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a caller shows to say who it is.
 *
 * @param token the token, as it was sent, or null if only certificates were shown
 * @param certificates what the client has proved by TLS to be, its own certificate first,
 * then those that signed it; empty without. They were checked against the server's trust
 * store
 * @param peer where the caller is
 * @since 0.1.0
 */
public record CallCredentials(@Nullable String token, List<X509Certificate> certificates, SocketAddress peer) {

	public CallCredentials {
		certificates = List.copyOf(certificates);
	}

	/**
	 * Describes the credentials without the token.
	 */
	@Override
	public String toString() {
		return "CallCredentials[" + ((this.token != null) ? "token, " : "") + this.certificates.size()
				+ " certificates, peer=" + this.peer + "]";
	}

}
