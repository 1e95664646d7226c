package io.github.netrpc.autoconfigure.client;

import java.util.List;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import io.github.netrpc.autoconfigure.WireFormats;
import io.github.netrpc.client.ClientInterceptor;
import io.github.netrpc.cluster.NodeDirectory;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.transport.Transport;

/**
 * Makes channels as the properties say.
 */
class RpcChannelFactory {

	private final RpcClientProperties properties;

	private final RpcClientConnectionDetails connectionDetails;

	private final Transport transport;

	private final WireFormats formats;

	private final List<NodeDirectory.Provider> directoryProviders;

	private final LoadBalancers loadBalancers;

	private final List<ClientInterceptor> interceptors;

	private final List<RpcChannelCustomizer> customizers;

	private final List<RpcChannelListener> listeners;

	RpcChannelFactory(RpcClientProperties properties, RpcClientConnectionDetails connectionDetails, Transport transport,
			WireFormats formats, List<NodeDirectory.Provider> directoryProviders, LoadBalancers loadBalancers,
			List<ClientInterceptor> interceptors, List<RpcChannelCustomizer> customizers,
			List<RpcChannelListener> listeners) {
		this.properties = properties;
		this.connectionDetails = connectionDetails;
		this.transport = transport;
		this.formats = formats;
		this.directoryProviders = directoryProviders;
		this.loadBalancers = loadBalancers;
		this.interceptors = interceptors;
		this.customizers = customizers;
		this.listeners = listeners;
	}

	RpcChannel create(String name) {
		String target = this.connectionDetails.getTarget(name);
		if (target == null) {
			throw new MissingTargetException(name);
		}
		RpcClientProperties.Channel channel = this.properties.channel()
			.getOrDefault(name, RpcClientProperties.Channel.DEFAULT);
		String prefix = RpcClientProperties.prefix(name);
		RpcChannel.Builder builder = RpcChannel.builder()
			.name(name)
			.target(target)
			.directoryRefresh(channel.directory().refreshInterval())
			.format(this.formats.create(channel.codec(), channel.limits(prefix)))
			.http(channel.transport() == RpcClientProperties.Transport.HTTP)
			.path(channel.httpPath())
			.timeout(channel.timeout())
			.retryLimits(channel.retry().limits())
			.hedging(channel.hedging().policy())
			.extensions(channel.extensions() == RpcClientProperties.Extensions.AUTO)
			.nodeLimits(channel.nodeLimits())
			.connectionPolicy(channel.connectionPolicy())
			.slowStart(channel.slowStart())
			.outlierPolicy(channel.outlier().policy())
			.transport(this.transport);
		channel.method().forEach((method, properties) -> {
			if (properties.timeout() != null) {
				builder.methodTimeout(method, properties.timeout());
			}
			if (properties.idempotent()) {
				builder.idempotent(method);
			}
		});
		this.directoryProviders.forEach(builder::directoryProvider);
		this.loadBalancers.apply(prefix + ".load-balancer", channel.loadBalancer(), builder);
		this.interceptors.forEach(builder::interceptor);
		this.customizers.forEach((customizer) -> customizer.customize(name, builder));
		RpcChannel built = build(builder, prefix, target);
		this.listeners.forEach((listener) -> listener.created(built));
		return built;
	}

	private static RpcChannel build(RpcChannel.Builder builder, String prefix, String target) {
		try {
			return builder.build();
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException(prefix + ".target", target,
					String.valueOf(ex.getMessage()), ex);
		}
	}

}
