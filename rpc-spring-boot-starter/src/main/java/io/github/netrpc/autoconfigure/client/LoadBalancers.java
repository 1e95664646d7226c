package io.github.netrpc.autoconfigure.client;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import io.github.netrpc.cluster.LoadBalancer;
import io.github.netrpc.cluster.RpcChannelBuilder;

/**
 * The load balancers of the application: beans that are one, by the names of the beans,
 * and beans that make one for each channel, by their own names.
 */
class LoadBalancers {

	private final Map<String, LoadBalancer> beans;

	private final List<LoadBalancer.Provider> providers;

	LoadBalancers(Map<String, LoadBalancer> beans, List<LoadBalancer.Provider> providers) {
		this.beans = beans;
		this.providers = providers;
	}

	/**
	 * Gives a channel the balancer of a name.
	 * @param property the property that has the name
	 * @throws InvalidConfigurationPropertyValueException if there is none
	 */
	void apply(String property, String name, RpcChannelBuilder builder) {
		this.providers.forEach(builder::loadBalancerProvider);
		LoadBalancer bean = this.beans.get(name);
		if (bean != null) {
			builder.loadBalancer(bean);
			return;
		}
		TreeSet<String> names = new TreeSet<>(LoadBalancer.builtIn());
		this.providers.forEach((provider) -> names.add(provider.name()));
		names.addAll(this.beans.keySet());
		if (!names.contains(name)) {
			throw new InvalidConfigurationPropertyValueException(property, name,
					"no load balancer has this name (expected: one of " + String.join(", ", names) + ")");
		}
		builder.loadBalancer(name);
	}

}
