package io.github.netrpc.autoconfigure.batch;

import org.springframework.batch.core.repository.JobRepository;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;

import io.github.netrpc.batch.PartitionHints;
import io.github.netrpc.batch.RpcPartitionHandler;
import io.github.netrpc.context.RpcChannelRegistry;

/**
 * The side that splits steps.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("rpc.batch.channel")
@ConditionalOnBean(RpcChannelRegistry.class)
@ImportRuntimeHints(PartitionHints.class)
class RpcPartitionHandlerConfiguration {

	@Bean
	@ConditionalOnMissingBean
	RpcPartitionHandler rpcPartitionHandler(RpcBatchProperties properties, RpcChannelRegistry channels,
			JobRepository repository) {
		return RpcPartitionHandler.builder(channels.channel(String.valueOf(properties.channel())), repository)
			.tags(properties.tags())
			.gridSize(properties.gridSize())
			.partitionTimeout(properties.partitionTimeout())
			.attempts(properties.attempts())
			.window(properties.window())
			.build();
	}

}
