package io.github.netrpc.autoconfigure.server;

import java.time.Duration;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnThreading;
import org.springframework.boot.task.SimpleAsyncTaskExecutorBuilder;
import org.springframework.boot.task.ThreadPoolTaskExecutorBuilder;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * The threads that handlers run on. Not built from the application's own executor
 * settings: the server bounds the number of handlers itself and must never be made to
 * wait, and a decorator would wrap many calls at once. The application's own executor
 * stays what is injected by type.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(name = RpcServerExecutorConfiguration.BEAN_NAME)
class RpcServerExecutorConfiguration {

	static final String BEAN_NAME = "rpcServerTaskExecutor";

	private static final String THREAD_NAME_PREFIX = "rpc-handler-";

	static final int DEFAULT_MAX_VIRTUAL = 1000;

	static final int DEFAULT_MAX_POOLED = 200;

	@Bean(name = BEAN_NAME, defaultCandidate = false)
	@ConditionalOnThreading(Threading.VIRTUAL)
	SimpleAsyncTaskExecutor rpcServerVirtualThreads() {
		return new SimpleAsyncTaskExecutorBuilder().threadNamePrefix(THREAD_NAME_PREFIX).virtualThreads(true).build();
	}

	@Bean(name = BEAN_NAME, defaultCandidate = false)
	@ConditionalOnThreading(Threading.PLATFORM)
	ThreadPoolTaskExecutor rpcServerThreadPool(RpcServerProperties properties) {
		int max = properties.concurrency().maxOr(DEFAULT_MAX_POOLED);
		// Handlers that are on their way out are counted no more, so a few may overlap.
		return new ThreadPoolTaskExecutorBuilder().threadNamePrefix(THREAD_NAME_PREFIX)
			.corePoolSize(max)
			.maxPoolSize(max)
			.queueCapacity(max)
			.allowCoreThreadTimeOut(true)
			.keepAlive(Duration.ofSeconds(60))
			.acceptTasksAfterContextClose(true)
			.build();
	}

}
