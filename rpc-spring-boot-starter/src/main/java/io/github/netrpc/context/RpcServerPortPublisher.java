package io.github.netrpc.context;

import java.util.HashMap;
import java.util.Map;

import org.springframework.context.ApplicationListener;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;

/**
 * Makes the real port known as {@value #PROPERTY}, beside the web server's.
 *
 * @since 0.1.0
 */
public final class RpcServerPortPublisher implements ApplicationListener<RpcServerStartedEvent> {

	/** The property with the port. */
	public static final String PROPERTY = "local.rpc.server.port";

	private static final String SOURCE = "server.ports";

	private final ConfigurableEnvironment environment;

	/**
	 * Creates the listener.
	 * @param environment where the property is put
	 */
	public RpcServerPortPublisher(ConfigurableEnvironment environment) {
		this.environment = environment;
	}

	@Override
	@SuppressWarnings("unchecked")
	public void onApplicationEvent(RpcServerStartedEvent event) {
		MutablePropertySources sources = this.environment.getPropertySources();
		PropertySource<?> source = sources.get(SOURCE);
		if (source == null) {
			source = new MapPropertySource(SOURCE, new HashMap<>());
			sources.addFirst(source);
		}
		((Map<String, Object>) source.getSource()).put(PROPERTY, event.address().getPort());
	}

}
