package io.github.netrpc.actuate;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

import io.github.netrpc.context.RpcServerLifecycle;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.server.ServiceSnapshot;

/**
 * Adds the port and the names of the services to {@code /actuator/info}.
 *
 * @since 0.1.0
 */
public class RpcInfoContributor implements InfoContributor {

	private final @Nullable RpcServerLifecycle lifecycle;

	/**
	 * Creates the contributor.
	 * @param lifecycle has the server, or null if the application offers nothing
	 */
	public RpcInfoContributor(@Nullable RpcServerLifecycle lifecycle) {
		this.lifecycle = lifecycle;
	}

	@Override
	public void contribute(Info.Builder builder) {
		RpcServer server = (this.lifecycle != null) ? this.lifecycle.server() : null;
		if (server != null) {
			Map<String, Object> rpc = new LinkedHashMap<>();
			rpc.put("port", server.port());
			rpc.put("services", server.services().stream().map(ServiceSnapshot::name).toList());
			builder.withDetail("rpc", rpc);
		}
	}

}
