package io.github.netrpc.autoconfigure.security;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.AuthenticationEventPublisher;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.password.PasswordEncoder;

import io.github.netrpc.security.AuthenticationExpiry;
import io.github.netrpc.security.RpcAuthenticationExtractor;
import io.github.netrpc.security.SpringSecurityAuthenticator;
import io.github.netrpc.server.CallAuthenticator;

/**
 * Has Spring Security say who calls.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(OnCallerKnownCondition.class)
@ConditionalOnMissingBean(CallAuthenticator.class)
class RpcAuthenticatorConfiguration {

	@Bean
	SpringSecurityAuthenticator rpcCallAuthenticator(ObjectProvider<RpcAuthenticationExtractor> own,
			ObjectProvider<TokenReader> tokens, ObjectProvider<AuthenticationManager> manager,
			AuthenticationProviders providers, ObjectProvider<AuthenticationExpiry> expiry) {
		TokenReader reader = tokens.getIfAvailable();
		List<RpcAuthenticationExtractor> extractors = new ArrayList<>(own.orderedStream().toList());
		if (reader != null) {
			extractors.add(reader.extractor());
		}
		return new SpringSecurityAuthenticator(extractors, manager.getIfAvailable(providers::manager),
				expiry.getIfAvailable(() -> expiry(reader)));
	}

	private static AuthenticationExpiry expiry(@Nullable TokenReader reader) {
		return (reader != null) ? reader.expiry() : AuthenticationExpiry.NEVER;
	}

	@Bean
	AuthenticationProviders rpcAuthenticationProviders(ObjectProvider<AuthenticationProvider> own,
			ObjectProvider<TokenProvider> tokenProviders, ObjectProvider<TokenReader> tokens,
			ObjectProvider<UserDetailsService> users, ObjectProvider<PasswordEncoder> encoder,
			ObjectProvider<AuthenticationEventPublisher> events) {
		return new AuthenticationProviders(own.orderedStream().toList(), tokenProviders.orderedStream().toList(),
				tokens.getIfAvailable(), users.getIfUnique(), encoder.getIfUnique(), events.getIfAvailable());
	}

}
