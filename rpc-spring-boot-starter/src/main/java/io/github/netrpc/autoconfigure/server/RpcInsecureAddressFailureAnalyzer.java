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
						+ "', which is not a loopback address: without TLS and authentication, everybody who "
						+ "reaches it could call every service.",
				"Use a loopback address, or, if the network itself is protected, set 'rpc.server.insecure=true'.",
				cause);
	}

}
