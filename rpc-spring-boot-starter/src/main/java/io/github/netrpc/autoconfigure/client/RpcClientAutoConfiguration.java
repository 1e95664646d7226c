package io.github.netrpc.autoconfigure.client;

import java.util.Map;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

import io.github.netrpc.autoconfigure.RpcWireAutoConfiguration;
import io.github.netrpc.autoconfigure.TlsBundles;
import io.github.netrpc.autoconfigure.WireFormats;
import io.github.netrpc.client.ClientInterceptor;
import io.github.netrpc.client.ClientTimer;
import io.github.netrpc.cluster.LoadBalancer;
import io.github.netrpc.cluster.NodeDirectory;
import io.github.netrpc.context.RpcChannelRegistry;
import io.github.netrpc.context.RpcClientFactory;
import io.github.netrpc.transport.Transport;
import io.github.netrpc.transport.netty.NettyTransport;

/**
 * Auto-configuration of RPC clients: registers the {@code @RpcClient} interfaces of the
 * application's packages, and makes their channels. Nothing is opened, and no thread
 * started, before a channel is asked for.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = RpcWireAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "rpc.client.enabled", matchIfMissing = true)
@EnableConfigurationProperties(RpcClientProperties.class)
@Import(AutoConfiguredRpcClientRegistrar.class)
public final class RpcClientAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(RpcClientConnectionDetails.class)
	PropertiesRpcClientConnectionDetails rpcClientConnectionDetails(RpcClientProperties properties,
			Environment environment) {
		return new PropertiesRpcClientConnectionDetails(properties, environment);
	}

	@Bean(name = "rpcClientTransport", defaultCandidate = false)
	@ConditionalOnMissingBean(name = "rpcClientTransport")
	NettyTransport rpcClientTransport(RpcClientProperties properties) {
		return new NettyTransport("rpc-client-", properties.ioThreads(), true);
	}

	@Bean(name = "rpcClientTimer", defaultCandidate = false)
	@ConditionalOnMissingBean(name = "rpcClientTimer")
	ClientTimer rpcClientTimer() {
		return ClientTimer.create("rpc-client-timer");
	}

	@Bean
	@ConditionalOnMissingBean(RpcClientFactory.class)
	RpcChannelRegistry rpcChannelRegistry(RpcClientProperties properties, RpcClientConnectionDetails connectionDetails,
			@Qualifier("rpcClientTransport") Transport transport, @Qualifier("rpcClientTimer") ClientTimer timer,
			WireFormats formats, TlsBundles tlsBundles, ObjectProvider<NodeDirectory.Provider> directoryProviders,
			ObjectProvider<Map<String, LoadBalancer>> loadBalancers,
			ObjectProvider<LoadBalancer.Provider> loadBalancerProviders, ObjectProvider<ClientInterceptor> interceptors,
			ObjectProvider<RpcChannelCustomizer> customizers, ObjectProvider<RpcChannelListener> listeners) {
		RpcChannelFactory factory = new RpcChannelFactory(properties, connectionDetails, transport, timer, formats,
				tlsBundles, directoryProviders.orderedStream().toList(),
				new LoadBalancers(loadBalancers.getIfAvailable(Map::of),
						loadBalancerProviders.orderedStream().toList()),
				interceptors.orderedStream().toList(), customizers.orderedStream().toList(),
				listeners.orderedStream().toList());
		return new RpcChannelRegistry(factory::create);
	}

}
