package io.github.netrpc.autoconfigure.client;

import org.jspecify.annotations.Nullable;
import org.springframework.core.env.PropertyResolver;
import org.springframework.util.StringUtils;

import io.github.netrpc.context.RpcServerPortPublisher;

/**
 * Targets from the properties. Those with <code>${local.rpc.server.port}</code> are not
 * known before the application's own server listens.
 */
class PropertiesRpcClientConnectionDetails implements RpcClientConnectionDetails {

	private static final String OWN_PORT = "${" + RpcServerPortPublisher.PROPERTY + "}";

	private final RpcClientProperties properties;

	private final PropertyResolver environment;

	PropertiesRpcClientConnectionDetails(RpcClientProperties properties, PropertyResolver environment) {
		this.properties = properties;
		this.environment = environment;
	}

	@Override
	public @Nullable String getTarget(String channel) {
		RpcClientProperties.Channel found = this.properties.channel().get(channel);
		return (found != null && StringUtils.hasText(found.target())) ? withOwnPort(found.target()) : null;
	}

	// Binding leaves a placeholder as it is that nothing resolves so early.
	private String withOwnPort(String target) {
		return target.contains(OWN_PORT)
				? target.replace(OWN_PORT, this.environment.getRequiredProperty(RpcServerPortPublisher.PROPERTY))
				: target;
	}

}
