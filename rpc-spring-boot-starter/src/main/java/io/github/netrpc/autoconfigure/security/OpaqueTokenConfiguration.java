package io.github.netrpc.autoconfigure.security;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.server.resource.authentication.OpaqueTokenAuthenticationProvider;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;

/**
 * Checks tokens that only their issuer can read by asking it.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(OpaqueTokenAuthenticationProvider.class)
@ConditionalOnBean(OpaqueTokenIntrospector.class)
class OpaqueTokenConfiguration {

	@Bean
	TokenProvider rpcOpaqueTokenProvider(OpaqueTokenIntrospector introspector,
			ObjectProvider<OpaqueTokenAuthenticationConverter> converter) {
		OpaqueTokenAuthenticationProvider provider = new OpaqueTokenAuthenticationProvider(introspector);
		converter.ifAvailable(provider::setAuthenticationConverter);
		return new TokenProvider(provider);
	}

}
