package io.github.netrpc.autoconfigure.server;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

import io.github.netrpc.server.RpcListenException;

/**
 * Names the properties of an address that cannot be bound, and what the system said.
 */
class RpcListenFailureAnalyzer extends AbstractFailureAnalyzer<RpcListenException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, RpcListenException cause) {
		String host = cause.address().getHostString();
		int port = cause.address().getPort();
		return new FailureAnalysis("The RPC server could not listen on " + host + ":" + port + ": " + cause.reason(),
				"Set the property 'rpc.server.address' ('" + host + "') to an address of this machine, and "
						+ "'rpc.server.port' ('" + port + "') to a port that this process may open.",
				cause);
	}

}
