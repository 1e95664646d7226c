package io.github.netrpc.autoconfigure.security;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import reactor.core.publisher.Mono;

import io.github.netrpc.autoconfigure.server.RpcServerCustomizer;
import io.github.netrpc.security.SecurityMonoAdapter;

/**
 * Shows the caller to what handlers return as a {@link Mono}.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(Mono.class)
class ReactiveSecurityConfiguration {

	// First, so that an adapter of the application's own counts.
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	RpcServerCustomizer rpcReactiveSecurityCustomizer(ObjectProvider<SecurityContextHolderStrategy> holder) {
		SecurityMonoAdapter adapter = new SecurityMonoAdapter(RpcSecurityAutoConfiguration.strategy(holder));
		return (builder) -> builder.asyncAdapter(adapter);
	}

}
