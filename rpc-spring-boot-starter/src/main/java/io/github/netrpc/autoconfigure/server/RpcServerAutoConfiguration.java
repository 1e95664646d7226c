package io.github.netrpc.autoconfigure.server;

import java.util.List;
import java.util.concurrent.Executor;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.thread.Threading;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.ConfigurableEnvironment;

import io.github.netrpc.autoconfigure.Codec;
import io.github.netrpc.autoconfigure.RpcWireAutoConfiguration;
import io.github.netrpc.autoconfigure.TlsBundles;
import io.github.netrpc.autoconfigure.WireFormats;
import io.github.netrpc.context.RpcAdviceBeans;
import io.github.netrpc.context.RpcServerDrainLifecycle;
import io.github.netrpc.context.RpcServerDrainedLifecycle;
import io.github.netrpc.context.RpcServerLifecycle;
import io.github.netrpc.context.RpcServerPortPublisher;
import io.github.netrpc.context.RpcServiceBeans;
import io.github.netrpc.server.CallAuthenticator;
import io.github.netrpc.server.CallAuthorizer;
import io.github.netrpc.server.ServerInterceptor;
import io.github.netrpc.transport.Transport;
import io.github.netrpc.transport.netty.NettyTransport;

/**
 * Auto-configuration of the RPC server, which offers the {@code @RpcService} beans. Backs
 * off where there are none.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = RpcWireAutoConfiguration.class,
		afterName = "io.github.netrpc.autoconfigure.client.RpcClientAutoConfiguration")
@ConditionalOnBooleanProperty(name = "rpc.server.enabled", matchIfMissing = true)
@Conditional(OnRpcServiceCondition.class)
@EnableConfigurationProperties(RpcServerProperties.class)
@Import({ RpcServerExecutorConfiguration.class, RpcServerValidationConfiguration.class })
public final class RpcServerAutoConfiguration {

	@Bean(name = "rpcServerTransport", defaultCandidate = false)
	@ConditionalOnMissingBean(name = "rpcServerTransport")
	NettyTransport rpcServerTransport(RpcServerProperties properties) {
		return new NettyTransport("rpc-server-", properties.ioThreads(), false);
	}

	@Bean
	@ConditionalOnMissingBean
	RpcServerLifecycle rpcServerLifecycle(RpcServerProperties properties, ConfigurableListableBeanFactory beanFactory,
			ConfigurableEnvironment environment, @Qualifier("rpcServerTransport") Transport transport,
			@Qualifier(RpcServerExecutorConfiguration.BEAN_NAME) Executor executor, WireFormats formats,
			TlsBundles tlsBundles, ObjectProvider<CallAuthenticator> authenticator,
			ObjectProvider<CallAuthorizer> authorizer, ObjectProvider<ServerInterceptor> interceptors,
			ObjectProvider<RpcServerCustomizer> customizers, ApplicationEventPublisher events) {
		int defaultMax = Threading.VIRTUAL.isActive(environment) ? RpcServerExecutorConfiguration.DEFAULT_MAX_VIRTUAL
				: RpcServerExecutorConfiguration.DEFAULT_MAX_POOLED;
		ServerAccess access = new ServerAccess(properties, authenticator.getIfAvailable(), authorizer.getIfAvailable());
		RpcServerFactory factory = new RpcServerFactory(properties, tlsBundles, access,
				new RpcServiceBeans(beanFactory), new RpcAdviceBeans(beanFactory), interceptors, transport, executor,
				properties.concurrency().maxOr(defaultMax), formats, customizers);
		List<String> names = properties.codecs().stream().map(Codec::formatName).toList();
		return new RpcServerLifecycle(factory::builder, names, events);
	}

	@Bean
	@ConditionalOnMissingBean
	RpcServerDrainedLifecycle rpcServerDrainedLifecycle(BeanFactory beanFactory, RpcServerProperties properties) {
		return new RpcServerDrainedLifecycle(beanFactory, properties.shutdown().gracePeriod());
	}

	@Bean
	@ConditionalOnMissingBean
	RpcServerDrainLifecycle rpcServerDrainLifecycle(RpcServerLifecycle lifecycle, RpcServerDrainedLifecycle drained,
			RpcServerProperties properties) {
		return new RpcServerDrainLifecycle(lifecycle, drained, properties.shutdown().gracePeriod());
	}

	@Bean
	@ConditionalOnMissingBean
	RpcServerPortPublisher rpcServerPortPublisher(ConfigurableEnvironment environment) {
		return new RpcServerPortPublisher(environment);
	}

}
