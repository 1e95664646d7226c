package io.github.netrpc.autoconfigure.actuate;

import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.autoconfigure.info.InfoContributorFallback;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

import io.github.netrpc.actuate.RpcInfoContributor;
import io.github.netrpc.autoconfigure.client.RpcClientAutoConfiguration;
import io.github.netrpc.autoconfigure.server.RpcServerAutoConfiguration;
import io.github.netrpc.context.RpcServerLifecycle;

/**
 * Auto-configuration of what {@code /actuator/info} says of the server.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { RpcServerAutoConfiguration.class, RpcClientAutoConfiguration.class })
@ConditionalOnClass({ InfoContributor.class, ConditionalOnEnabledInfoContributor.class })
@ConditionalOnEnabledInfoContributor(value = "rpc", fallback = InfoContributorFallback.USE_DEFAULTS_PROPERTY)
@ConditionalOnBean(RpcServerLifecycle.class)
public final class RpcInfoAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	RpcInfoContributor rpcInfoContributor(RpcServerLifecycle lifecycle) {
		return new RpcInfoContributor(lifecycle);
	}

}
