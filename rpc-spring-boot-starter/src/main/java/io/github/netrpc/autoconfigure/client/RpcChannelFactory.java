package io.github.netrpc.autoconfigure.client;

import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import io.github.netrpc.autoconfigure.TlsBundles;
import io.github.netrpc.autoconfigure.WireFormats;
import io.github.netrpc.client.ClientInterceptor;
import io.github.netrpc.client.ClientTimer;
import io.github.netrpc.cluster.NodeDirectory;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcChannelBuilder;
import io.github.netrpc.transport.Transport;

/**
 * Makes channels as the properties say.
 */
class RpcChannelFactory {

	private static final Logger logger = LoggerFactory.getLogger(RpcChannelFactory.class);

	private final RpcClientProperties properties;

	private final RpcClientConnectionDetails connectionDetails;

	private final Transport transport;

	private final ClientTimer timer;

	private final WireFormats formats;

	private final TlsBundles tlsBundles;

	private final List<NodeDirectory.Provider> directoryProviders;

	private final LoadBalancers loadBalancers;

	private final List<ClientInterceptor> interceptors;

	private final List<RpcChannelCustomizer> customizers;

	private final List<RpcChannelListener> listeners;

	RpcChannelFactory(RpcClientProperties properties, RpcClientConnectionDetails connectionDetails, Transport transport,
			ClientTimer timer, WireFormats formats, TlsBundles tlsBundles,
			List<NodeDirectory.Provider> directoryProviders, LoadBalancers loadBalancers,
			List<ClientInterceptor> interceptors, List<RpcChannelCustomizer> customizers,
			List<RpcChannelListener> listeners) {
		this.properties = properties;
		this.connectionDetails = connectionDetails;
		this.transport = transport;
		this.timer = timer;
		this.formats = formats;
		this.tlsBundles = tlsBundles;
		this.directoryProviders = directoryProviders;
		this.loadBalancers = loadBalancers;
		this.interceptors = interceptors;
		this.customizers = customizers;
		this.listeners = listeners;
	}

	RpcChannel create(String name) {
		RpcClientProperties.Channel channel = this.properties.channel()
			.getOrDefault(name, RpcClientProperties.Channel.DEFAULT);
		String prefix = RpcClientProperties.prefix(name);
		RpcChannelBuilder builder = RpcChannel.builder()
			.name(name)
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
			.deadlineGrace(channel.deadlineGrace())
			.slowStart(channel.slowStart())
			.outlierPolicy(channel.outlier().policy())
			.jobLease(channel.job().policy())
			.transport(this.transport)
			.timer(this.timer)
			.insecure(channel.insecure());
		String token = channel.token();
		if (token != null) {
			builder.token(() -> token);
		}
		if (channel.ssl().isOn()) {
			builder.tls(this.tlsBundles.ofChannel(prefix + ".ssl.bundle", channel.ssl().bundle(),
					channel.ssl().verifyHostName(), channel.ssl().serverName()));
		}
		String target = target(name, prefix, builder);
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

	/**
	 * Gives the builder the target.
	 * @return the target, or what is shown instead while it is not known
	 */
	private String target(String name, String prefix, RpcChannelBuilder builder) {
		String target;
		try {
			target = required(name);
		}
		catch (IllegalStateException ex) {
			logger.debug("The target of the RPC channel {} will be asked for when it is called", name, ex);
			String shown = prefix + ".target";
			builder.lateTarget(shown, () -> required(name));
			return shown;
		}
		builder.target(target);
		return target;
	}

	private String required(String name) {
		String target = this.connectionDetails.getTarget(name);
		if (target == null) {
			throw new MissingTargetException(name);
		}
		return target;
	}

	private static RpcChannel build(RpcChannelBuilder builder, String prefix, String target) {
		try {
			return builder.build();
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException(prefix + ".target", target,
					String.valueOf(ex.getMessage()), ex);
		}
	}

}
