package io.github.netrpc.autoconfigure.batch;

import org.springframework.batch.core.partition.PartitionHandler;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration of Spring Batch jobs whose partitions run on RPC nodes: the
 * coordinator's handler where a channel is named, the worker where it is enabled.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
		afterName = { "io.github.netrpc.autoconfigure.client.RpcClientAutoConfiguration",
				"org.springframework.boot.batch.autoconfigure.BatchAutoConfiguration",
				"org.springframework.boot.batch.jdbc.autoconfigure.BatchJdbcAutoConfiguration" },
		beforeName = "io.github.netrpc.autoconfigure.server.RpcServerAutoConfiguration")
@ConditionalOnClass({ PartitionHandler.class, JobRepository.class })
@ConditionalOnBean(JobRepository.class)
@EnableConfigurationProperties(RpcBatchProperties.class)
@Import({ RpcPartitionHandlerConfiguration.class, RpcPartitionWorkerConfiguration.class })
public final class RpcBatchAutoConfiguration {

}
