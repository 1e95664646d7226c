package io.github.netrpc.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

import io.github.netrpc.type.UnsupportedTypeException;

/**
 * Says which type no wire format can express.
 */
class UnsupportedTypeFailureAnalyzer extends AbstractFailureAnalyzer<UnsupportedTypeException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnsupportedTypeException cause) {
		return new FailureAnalysis("A type of an RPC method cannot be sent: " + cause.getMessage(),
				"Use another type, or leave the format that cannot express it out of 'rpc.server.codecs' "
						+ "or choose another with 'rpc.client.channel.<name>.codec'.",
				cause);
	}

}
