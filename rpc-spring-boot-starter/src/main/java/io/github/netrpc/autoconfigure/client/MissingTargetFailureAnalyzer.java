package io.github.netrpc.autoconfigure.client;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Names the property that says where the nodes of a channel are.
 */
class MissingTargetFailureAnalyzer extends AbstractFailureAnalyzer<MissingTargetException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, MissingTargetException cause) {
		return new FailureAnalysis("The RPC channel '" + cause.channel() + "' is used, but has no target.",
				"Set the property '" + RpcClientProperties.prefix(cause.channel())
						+ ".target', for example to 'static://localhost:1234', "
						+ "or correct the name of the channel in @RpcClient.",
				cause);
	}

}
