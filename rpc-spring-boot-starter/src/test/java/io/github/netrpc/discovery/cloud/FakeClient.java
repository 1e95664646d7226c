package io.github.netrpc.discovery.cloud;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;

/**
 * Lists what a test says.
 */
final class FakeClient implements DiscoveryClient {

	final List<ServiceInstance> instances = new ArrayList<>();

	@Nullable RuntimeException failure;

	int lookups;

	FakeClient with(@Nullable String id, String host, int port, Map<String, String> metadata) {
		this.instances.add(new DefaultServiceInstance(id, "arith", host, port, false, metadata));
		return this;
	}

	@Override
	public String description() {
		return "fake";
	}

	@Override
	public List<ServiceInstance> getInstances(String service) {
		this.lookups++;
		if (this.failure != null) {
			throw this.failure;
		}
		return service.equals("arith") ? List.copyOf(this.instances) : List.of();
	}

	@Override
	public List<String> getServices() {
		return List.of("arith");
	}

}
