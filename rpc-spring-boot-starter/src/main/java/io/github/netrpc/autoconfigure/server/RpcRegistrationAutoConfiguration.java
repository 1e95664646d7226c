package io.github.netrpc.autoconfigure.server;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

import io.github.netrpc.autoconfigure.Codec;
import io.github.netrpc.cluster.NodeEndpoint;
import io.github.netrpc.cluster.NodeMetadata;
import io.github.netrpc.cluster.NodeRegistrar;
import io.github.netrpc.cluster.NodeRegistration;
import io.github.netrpc.context.RpcRegistrationLifecycle;
import io.github.netrpc.context.RpcServerLifecycle;
import io.github.netrpc.context.RpcServerRegistration;

/**
 * Auto-configuration of the RPC server's registration: with every {@link NodeRegistrar}
 * bean.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = RpcServerAutoConfiguration.class)
@ConditionalOnBean(RpcServerLifecycle.class)
@ConditionalOnBooleanProperty(name = "rpc.server.registration.enabled", matchIfMissing = true)
public final class RpcRegistrationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	RpcServerRegistration rpcServerRegistration(RpcServerLifecycle lifecycle, RpcServerProperties server,
			Environment environment, ObjectProvider<BuildProperties> build) {
		RpcServerProperties.Registration properties = server.registration();
		Map<String, String> metadata = new LinkedHashMap<>();
		metadata.put(NodeMetadata.CODEC,
				server.codecs().stream().map(Codec::formatName).collect(Collectors.joining(",")));
		metadata.put(NodeMetadata.CAPACITY,
				String.valueOf(server.concurrency()
					.maxOr(Threading.VIRTUAL.isActive(environment) ? RpcServerExecutorConfiguration.DEFAULT_MAX_VIRTUAL
							: RpcServerExecutorConfiguration.DEFAULT_MAX_POOLED)));
		metadata.put(NodeMetadata.CPUS, String.valueOf(Runtime.getRuntime().availableProcessors()));
		build.ifAvailable((each) -> {
			if (each.getVersion() != null) {
				metadata.put(NodeMetadata.VERSION, each.getVersion());
			}
		});
		String name = (properties.name() != null) ? properties.name()
				: environment.getProperty("spring.application.name", "application");
		return new RpcServerRegistration(lifecycle,
				(address) -> new NodeRegistration(checked(name), node(address, properties, metadata)));
	}

	private static String checked(String name) {
		if (!NodeRegistration.isService(name)) {
			throw new InvalidConfigurationPropertyValueException("rpc.server.registration.name", name,
					"must be 1 to 200 letters, digits, '.', '-' and '_' (it comes from 'spring.application.name')");
		}
		return name;
	}

	private static NodeEndpoint node(InetSocketAddress address, RpcServerProperties.Registration properties,
			Map<String, String> server) {
		String host = (properties.host() != null) ? properties.host() : AdvertisedAddress.of(address.getAddress());
		int port = (properties.port() != null) ? properties.port() : address.getPort();
		Map<String, String> metadata = new LinkedHashMap<>(server);
		metadata.put(NodeMetadata.PORT, String.valueOf(port));
		String id = (properties.id() != null) ? properties.id() : NodeEndpoint.of(host, port).id();
		return new NodeEndpoint(id, host, port, properties.metadata(metadata));
	}

	@Bean
	@ConditionalOnMissingBean
	RpcRegistrationLifecycle rpcRegistrationLifecycle(RpcServerRegistration registration,
			ObjectProvider<NodeRegistrar> registrars) {
		return new RpcRegistrationLifecycle(registration, registrars.orderedStream().toList());
	}

}
