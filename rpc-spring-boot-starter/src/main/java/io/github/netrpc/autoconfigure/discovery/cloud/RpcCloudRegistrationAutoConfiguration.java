package io.github.netrpc.autoconfigure.discovery.cloud;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cloud.client.serviceregistry.ServiceRegistry;
import org.springframework.context.annotation.Bean;

import io.github.netrpc.autoconfigure.server.RpcRegistrationAutoConfiguration;
import io.github.netrpc.context.RpcServerRegistration;
import io.github.netrpc.discovery.cloud.CloudRegistrar;

/**
 * Auto-configuration of the RPC server's part in what Spring Cloud registers.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = RpcRegistrationAutoConfiguration.class)
@ConditionalOnClass(ServiceRegistry.class)
@ConditionalOnBooleanProperty(name = "rpc.discovery.cloud.enabled", matchIfMissing = true)
@ConditionalOnBean(RpcServerRegistration.class)
@EnableConfigurationProperties(CloudDiscoveryProperties.class)
public final class RpcCloudRegistrationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	CloudRegistrar rpcCloudRegistrar(RpcServerRegistration registration, ListableBeanFactory beans,
			CloudDiscoveryProperties properties) {
		return new CloudRegistrar(registration::current, beans, properties.withdrawTimeout());
	}

}
