package io.github.netrpc.autoconfigure.security;

import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationProvider;

import io.github.netrpc.security.RpcAuthenticationExtractor;

/**
 * Matches if something that callers can show can be made a request that somebody may
 * answer. Users alone do not suffice: nobody knows how they would log in, and a server
 * that lets in nobody would be no use to an application whose web pages are secured.
 */
class OnCallerKnownCondition extends AnyNestedCondition {

	OnCallerKnownCondition() {
		super(ConfigurationPhase.REGISTER_BEAN);
	}

	@ConditionalOnBean(RpcAuthenticationExtractor.class)
	static class OwnExtractor {

	}

	@ConditionalOnBean({ TokenReader.class, TokenProvider.class })
	static class Tokens {

	}

	@ConditionalOnBean({ TokenReader.class, AuthenticationManager.class })
	static class ManagedTokens {

	}

	@ConditionalOnBean({ TokenReader.class, AuthenticationProvider.class })
	static class ProvidedTokens {

	}

}
