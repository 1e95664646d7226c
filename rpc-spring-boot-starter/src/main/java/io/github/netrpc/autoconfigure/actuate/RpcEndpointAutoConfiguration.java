package io.github.netrpc.autoconfigure.actuate;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

import io.github.netrpc.actuate.RpcEndpoint;
import io.github.netrpc.autoconfigure.client.RpcClientAutoConfiguration;
import io.github.netrpc.autoconfigure.server.RpcServerAutoConfiguration;
import io.github.netrpc.context.RpcChannelRegistry;
import io.github.netrpc.context.RpcRegistrationLifecycle;
import io.github.netrpc.context.RpcServerLifecycle;

/**
 * Auto-configuration of {@code /actuator/rpc}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { RpcServerAutoConfiguration.class, RpcClientAutoConfiguration.class })
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnAvailableEndpoint(RpcEndpoint.class)
@Conditional(OnServerOrChannelsCondition.class)
public final class RpcEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	RpcEndpoint rpcEndpoint(ObjectProvider<RpcServerLifecycle> lifecycle, ObjectProvider<RpcChannelRegistry> channels,
			ObjectProvider<RpcRegistrationLifecycle> registration) {
		return new RpcEndpoint(lifecycle.getIfAvailable(), channels.getIfAvailable(), registration.getIfAvailable());
	}

}
