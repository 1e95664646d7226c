package io.github.netrpc.autoconfigure.client;

import java.util.List;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import io.github.netrpc.autoconfigure.WireFormats;
import io.github.netrpc.client.ClientInterceptor;
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

	private final LoadBalancers loadBalancers;

	private final List<ClientInterceptor> interceptors;

	private final List<RpcChannelCustomizer> customizers;

	RpcChannelFactory(RpcClientProperties properties, RpcClientConnectionDetails connectionDetails, Transport transport,
			WireFormats formats, LoadBalancers loadBalancers, List<ClientInterceptor> interceptors,
			List<RpcChannelCustomizer> customizers) {
		this.properties = properties;
		this.connectionDetails = connectionDetails;
		this.transport = transport;
		this.formats = formats;
		this.loadBalancers = loadBalancers;
		this.interceptors = interceptors;
		this.customizers = customizers;
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
			.format(this.formats.create(channel.codec(), channel.limits(prefix)))
			.http(channel.transport() == RpcClientProperties.Transport.HTTP)
			.path(channel.httpPath())
			.timeout(channel.timeout())
			.retryLimits(channel.retry().limits())
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
		this.loadBalancers.apply(prefix + ".load-balancer", channel.loadBalancer(), builder);
		this.interceptors.forEach(builder::interceptor);
		this.customizers.forEach((customizer) -> customizer.customize(name, builder));
		try {
			return builder.build();
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException(prefix + ".target", target,
					String.valueOf(ex.getMessage()), ex);
		}
	}

}
