package io.github.netrpc.autoconfigure.discovery.cloud;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.context.annotation.Bean;

import io.github.netrpc.discovery.cloud.CloudDirectoryProvider;
import io.github.netrpc.discovery.cloud.CloudHeartbeatListener;

/**
 * Auto-configuration of targets such as {@code discovery://arith}, which Spring Cloud's
 * {@link DiscoveryClient} finds.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ConditionalOnClass(DiscoveryClient.class)
@ConditionalOnBooleanProperty(name = "rpc.discovery.cloud.enabled", matchIfMissing = true)
@EnableConfigurationProperties(CloudDiscoveryProperties.class)
public final class RpcCloudDiscoveryAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	CloudDirectoryProvider rpcCloudDirectoryProvider(ObjectProvider<DiscoveryClient> clients,
			CloudDiscoveryProperties properties) {
		return new CloudDirectoryProvider(clients::getIfAvailable, properties.pollInterval());
	}

	@Bean
	@ConditionalOnMissingBean
	CloudHeartbeatListener rpcCloudHeartbeatListener(CloudDirectoryProvider directories) {
		return new CloudHeartbeatListener(directories);
	}

}
