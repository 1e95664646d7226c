package io.github.netrpc.autoconfigure.batch;

import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.netrpc.batch.RpcPartitionWorker;

/**
 * The side that runs partitions. Only where it is asked for: a service opens a port, and
 * coordinators have steps, too.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("rpc.batch.worker.enabled")
class RpcPartitionWorkerConfiguration {

	@Bean
	@ConditionalOnMissingBean
	RpcPartitionWorker rpcPartitionWorker(JobRepository repository, ObjectProvider<Step> steps) {
		return new RpcPartitionWorker(repository, steps.stream().toList());
	}

}
