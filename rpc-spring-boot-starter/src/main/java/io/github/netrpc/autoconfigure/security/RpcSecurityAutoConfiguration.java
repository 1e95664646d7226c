package io.github.netrpc.autoconfigure.security;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;

import io.github.netrpc.security.SecurityContextInterceptor;
import io.github.netrpc.security.SecurityExceptionAdvice;

/**
 * Auto-configuration of Spring Security for the server: who calls is asked of it where it
 * can know, handlers find the caller in its context, and what it denies is answered as
 * such.
 *
 * @since 0.1.0
 */
@AutoConfiguration(beforeName = "io.github.netrpc.autoconfigure.server.RpcServerAutoConfiguration", afterName = {
		"org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration",
		"org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration",
		"org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
		"org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerAutoConfiguration" })
@ConditionalOnBooleanProperty(name = "rpc.server.enabled", matchIfMissing = true)
@ConditionalOnClass({ AuthenticationManager.class, SecurityContextHolder.class })
@Import({ BearerTokenConfiguration.class, JwtConfiguration.class, OpaqueTokenConfiguration.class,
		RpcAuthenticatorConfiguration.class, ReactiveSecurityConfiguration.class })
public final class RpcSecurityAutoConfiguration {

	@Bean
	SecurityContextInterceptor rpcSecurityContextInterceptor(ObjectProvider<SecurityContextHolderStrategy> holder) {
		return new SecurityContextInterceptor(strategy(holder), SecurityContextInterceptor.OUTERMOST);
	}

	@Bean
	SecurityContextInterceptor rpcHandlerSecurityContextInterceptor(
			ObjectProvider<SecurityContextHolderStrategy> holder) {
		return new SecurityContextInterceptor(strategy(holder), SecurityContextInterceptor.INNERMOST);
	}

	@Bean
	SecurityExceptionAdvice rpcSecurityExceptionAdvice() {
		return new SecurityExceptionAdvice();
	}

	static SecurityContextHolderStrategy strategy(ObjectProvider<SecurityContextHolderStrategy> bean) {
		return bean.getIfAvailable(SecurityContextHolder::getContextHolderStrategy);
	}

}
