package io.github.netrpc.autoconfigure.actuate;

import java.util.Map;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

import io.github.netrpc.actuate.RpcHealthIndicator;
import io.github.netrpc.autoconfigure.TlsBundles;
import io.github.netrpc.autoconfigure.client.RpcClientAutoConfiguration;
import io.github.netrpc.autoconfigure.server.RpcServerAutoConfiguration;
import io.github.netrpc.context.RpcChannelRegistry;
import io.github.netrpc.context.RpcRegistrationLifecycle;
import io.github.netrpc.context.RpcServerLifecycle;

/**
 * Auto-configuration of the health indicator {@code rpc}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { RpcServerAutoConfiguration.class, RpcClientAutoConfiguration.class })
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnEnabledHealthIndicator("rpc")
@Conditional(OnServerOrChannelsCondition.class)
public final class RpcHealthAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "rpcHealthIndicator")
	RpcHealthIndicator rpcHealthIndicator(ObjectProvider<RpcServerLifecycle> lifecycle,
			ObjectProvider<RpcChannelRegistry> channels, ObjectProvider<RpcRegistrationLifecycle> registration,
			ObjectProvider<TlsBundles> bundles) {
		TlsBundles tls = bundles.getIfAvailable();
		return new RpcHealthIndicator(lifecycle.getIfAvailable(), channels.getIfAvailable(),
				registration.getIfAvailable(), (tls != null) ? tls::refused : Map::of);
	}

}
