package io.github.netrpc.autoconfigure.security;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

import io.github.netrpc.security.BearerTokens;

/**
 * Takes tokens for those of OAuth 2 where its resource server is there.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(BearerTokenAuthenticationToken.class)
class BearerTokenConfiguration {

	@Bean
	TokenReader rpcBearerTokenReader() {
		BearerTokens tokens = new BearerTokens();
		return new TokenReader(tokens, tokens, BearerTokenAuthenticationToken.class);
	}

}
