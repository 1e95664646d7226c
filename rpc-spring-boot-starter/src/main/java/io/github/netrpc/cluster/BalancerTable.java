package io.github.netrpc.cluster;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/**
 * The balancers that a channel can have, by name.
 */
final class BalancerTable {

	private final TreeMap<String, Function<DoubleSupplier, LoadBalancer>> byName = new TreeMap<>();

	/**
	 * Creates a table of the built-in balancers and others, which win.
	 */
	BalancerTable(List<LoadBalancer.Provider> providers) {
		this.byName.put(LeastLoadedBalancer.NAME, LeastLoadedBalancer::new);
		this.byName.put(RoundRobinBalancer.NAME, RoundRobinBalancer::new);
		this.byName.put(RandomBalancer.NAME, RandomBalancer::new);
		this.byName.put(WeightedBalancer.NAME, (random) -> new WeightedBalancer());
		this.byName.put(ConsistentHashBalancer.NAME, ConsistentHashBalancer::new);
		providers.forEach((provider) -> this.byName.put(provider.name(), provider::create));
	}

	/**
	 * Creates a balancer.
	 * @throws IllegalArgumentException if there is none of that name
	 */
	LoadBalancer create(String name, DoubleSupplier random) {
		Function<DoubleSupplier, LoadBalancer> create = this.byName.get(name);
		if (create == null) {
			throw new IllegalArgumentException(
					"load balancer: \"" + name + "\" (expected: one of " + String.join(", ", names()) + ")");
		}
		return create.apply(random);
	}

	Set<String> names() {
		return Collections.unmodifiableSet(this.byName.keySet());
	}

}
