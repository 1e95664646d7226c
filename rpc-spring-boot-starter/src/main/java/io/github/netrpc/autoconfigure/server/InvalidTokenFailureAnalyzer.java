package io.github.netrpc.autoconfigure.server;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Names the property whose token cannot be one, and not the token.
 */
class InvalidTokenFailureAnalyzer extends AbstractFailureAnalyzer<InvalidTokenException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidTokenException cause) {
		return new FailureAnalysis(
				"The value of the property '" + cause.property() + "' cannot be a token: " + cause.reason() + ".",
				"Set a random text, such as 'openssl rand -hex 32' prints.", cause);
	}

}
