package io.github.netrpc.autoconfigure.client;

import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/**
 * Targets from the properties.
 */
class PropertiesRpcClientConnectionDetails implements RpcClientConnectionDetails {

	private final RpcClientProperties properties;

	PropertiesRpcClientConnectionDetails(RpcClientProperties properties) {
		this.properties = properties;
	}

	@Override
	public @Nullable String getTarget(String channel) {
		RpcClientProperties.Channel found = this.properties.channel().get(channel);
		return (found != null && StringUtils.hasText(found.target())) ? found.target() : null;
	}

}
