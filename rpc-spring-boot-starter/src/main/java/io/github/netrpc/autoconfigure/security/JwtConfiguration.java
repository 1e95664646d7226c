package io.github.netrpc.autoconfigure.security;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;

/**
 * Checks tokens that are JWTs with the application's decoder.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ JwtAuthenticationProvider.class, JwtDecoder.class })
@ConditionalOnBean(JwtDecoder.class)
class JwtConfiguration {

	@Bean
	TokenProvider rpcJwtProvider(JwtDecoder decoder, ObjectProvider<JwtAuthenticationConverter> converter) {
		JwtAuthenticationProvider provider = new JwtAuthenticationProvider(decoder);
		converter.ifAvailable(provider::setJwtAuthenticationConverter);
		return new TokenProvider(provider);
	}

}
