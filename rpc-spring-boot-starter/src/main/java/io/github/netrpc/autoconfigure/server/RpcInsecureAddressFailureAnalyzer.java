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
		String missing = cause.hasTls() ? "over TLS, but without authentication" : "without TLS and authentication";
		String mend = cause.hasTls() ? "set 'rpc.server.ssl.client-auth=need', with a trust store in the SSL bundle"
				: "set 'rpc.server.ssl.bundle' to an SSL bundle with a trust store, and 'rpc.server.ssl.client-auth=need'";
		return new FailureAnalysis(
				"The property 'rpc.server.address' is '" + cause.address().getAddress().getHostAddress()
						+ "', which is not a loopback address: " + missing
						+ ", everybody who reaches it could call every service.",
				"Use a loopback address, or let only clients with certificates in: " + mend
						+ ". If the network itself is protected, set 'rpc.server.insecure=true'.",
				cause);
	}

}
