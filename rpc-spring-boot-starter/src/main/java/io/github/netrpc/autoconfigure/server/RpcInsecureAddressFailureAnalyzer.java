package io.github.netrpc.autoconfigure.server;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

import io.github.netrpc.server.RpcInsecureAddressException;

/**
 * Names the property that lets a server be open to the network.
 */
class RpcInsecureAddressFailureAnalyzer extends AbstractFailureAnalyzer<RpcInsecureAddressException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, RpcInsecureAddressException cause) {
		return new FailureAnalysis(
				"The property 'rpc.server.address' is '" + cause.address().getAddress().getHostAddress()
						+ "', which is not a loopback address: " + threat(cause) + ".",
				"Use a loopback address, or " + mend(cause)
						+ ". If the network itself is protected, set 'rpc.server.insecure=true'.",
				cause);
	}

	private static String threat(RpcInsecureAddressException cause) {
		if (cause.hasAuthentication()) {
			return "without TLS, tokens and all that is sent could be read on the way";
		}
		return (cause.hasTls() ? "over TLS, but without authentication" : "without TLS and authentication")
				+ ", everybody who reaches it could call every service";
	}

	private static String mend(RpcInsecureAddressException cause) {
		if (cause.hasAuthentication()) {
			return "set 'rpc.server.ssl.bundle' to an SSL bundle with the server's key and certificate";
		}
		return "let only clients in that say who they are: "
				+ (cause.hasTls() ? "" : "set 'rpc.server.ssl.bundle' to an SSL bundle, and ")
				+ "either set 'rpc.server.ssl.client-auth=need', with a trust store in the bundle, or"
				+ " 'rpc.server.authentication.token'";
	}

}
