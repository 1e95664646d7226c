package io.github.netrpc.autoconfigure.server;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

import io.github.netrpc.server.RpcPortInUseException;

/**
 * Names the port that is in use, and the property to change it.
 */
class RpcPortInUseFailureAnalyzer extends AbstractFailureAnalyzer<RpcPortInUseException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, RpcPortInUseException cause) {
		int port = cause.port();
		return new FailureAnalysis("The RPC server could not listen on port " + port + ": it is in use.",
				"Stop the process that listens on port " + port
						+ ", or choose another port with the property 'rpc.server.port' ('0' for a free one).",
				cause);
	}

}
