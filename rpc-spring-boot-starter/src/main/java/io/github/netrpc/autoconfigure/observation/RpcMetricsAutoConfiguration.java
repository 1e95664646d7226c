package io.github.netrpc.autoconfigure.observation;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

import io.github.netrpc.autoconfigure.TlsBundles;
import io.github.netrpc.autoconfigure.client.RpcChannelCustomizer;
import io.github.netrpc.autoconfigure.client.RpcChannelListener;
import io.github.netrpc.autoconfigure.client.RpcClientAutoConfiguration;
import io.github.netrpc.autoconfigure.server.RpcRegistrationAutoConfiguration;
import io.github.netrpc.autoconfigure.server.RpcServerAutoConfiguration;
import io.github.netrpc.autoconfigure.server.RpcServerCustomizer;
import io.github.netrpc.context.RpcChannelRegistry;
import io.github.netrpc.context.RpcRegistrationLifecycle;
import io.github.netrpc.context.RpcServerLifecycle;
import io.github.netrpc.observation.CallTimers;
import io.github.netrpc.observation.ChannelGauges;
import io.github.netrpc.observation.ClientGauges;
import io.github.netrpc.observation.ClusterTimers;
import io.github.netrpc.observation.JobMeters;
import io.github.netrpc.observation.NodeGauges;
import io.github.netrpc.observation.RegistrationGauges;
import io.github.netrpc.observation.ServerGauges;
import io.github.netrpc.observation.TlsGauges;

/**
 * Auto-configuration of the meters of server and clients.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
		after = { RpcServerAutoConfiguration.class, RpcRegistrationAutoConfiguration.class,
				RpcClientAutoConfiguration.class },
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(MeterRegistry.class)
public final class RpcMetricsAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean(RpcServerLifecycle.class)
	static class ServerMetrics {

		// First, so that a customizer of the application can replace the recorders.
		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		RpcServerCustomizer rpcServerTimersCustomizer(MeterRegistry registry) {
			return (builder) -> builder.recorders(CallTimers.ofServer(registry));
		}

		@Bean
		@ConditionalOnMissingBean
		ServerGauges rpcServerGauges(RpcServerLifecycle lifecycle) {
			return new ServerGauges(lifecycle::server);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean(TlsBundles.class)
	static class TlsMetrics {

		@Bean
		@ConditionalOnMissingBean
		TlsGauges rpcTlsGauges(TlsBundles bundles) {
			return new TlsGauges(() -> bundles.refused().size());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean(RpcRegistrationLifecycle.class)
	static class RegistrationMetrics {

		@Bean
		@ConditionalOnMissingBean
		RegistrationGauges rpcRegistrationGauges(RpcRegistrationLifecycle registration) {
			return new RegistrationGauges(registration::registrations);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean(RpcChannelRegistry.class)
	static class ClientMetrics {

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		RpcChannelCustomizer rpcClientTimersCustomizer(MeterRegistry registry) {
			return (name, builder) -> builder.recorders(CallTimers.ofClient(registry))
				.clusterRecorder(new ClusterTimers(registry));
		}

		@Bean
		RpcChannelListener rpcChannelGauges(MeterRegistry registry) {
			return new ChannelGauges(registry)::bind;
		}

		@Bean
		RpcChannelListener rpcNodeGauges(MeterRegistry registry) {
			return new NodeGauges(registry)::bind;
		}

		@Bean
		RpcChannelListener rpcJobMeters(MeterRegistry registry) {
			return new JobMeters(registry)::bind;
		}

		@Bean
		@ConditionalOnMissingBean
		ClientGauges rpcClientGauges(RpcChannelRegistry channels) {
			return new ClientGauges(channels::channels);
		}

	}

}
