package io.github.netrpc.discovery.cloud;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;

import io.github.netrpc.cluster.DirectoryContext;
import io.github.netrpc.cluster.NodeEndpoint;
import io.github.netrpc.cluster.NodeMetadata;
import io.github.netrpc.cluster.PolledDirectory;
import io.github.netrpc.exec.LogThrottle;

/**
 * Asks a {@link DiscoveryClient} for the instances of a service. Instances that can be no
 * nodes are left out; if none can be one, the look-up has failed, since a list of them is
 * not the same as no instances.
 */
final class CloudLookup implements PolledDirectory.Lookup {

	private static final Logger logger = LoggerFactory.getLogger(CloudLookup.class);

	private final String service;

	private final Supplier<? extends @Nullable DiscoveryClient> client;

	private final DirectoryContext context;

	private final LogThrottle problems = new LogThrottle(1, Duration.ofSeconds(10));

	CloudLookup(String service, Supplier<? extends @Nullable DiscoveryClient> client, DirectoryContext context) {
		this.service = service;
		this.client = client;
		this.context = context;
	}

	@Override
	public List<NodeEndpoint> nodes() throws IOException {
		DiscoveryClient client = this.client.get();
		if (client == null) {
			throw new IOException("there is no DiscoveryClient (expected: the starter of a registry, such as "
					+ "spring-cloud-starter-consul-discovery, on the class path and enabled)");
		}
		List<ServiceInstance> instances = client.getInstances(this.service);
		List<NodeEndpoint> nodes = new ArrayList<>();
		List<String> problems = new ArrayList<>();
		for (ServiceInstance instance : (instances != null) ? instances : List.<ServiceInstance>of()) {
			try {
				nodes.add(endpoint(instance));
			}
			catch (IllegalArgumentException ex) {
				problems.add(String.valueOf(ex.getMessage()));
			}
		}
		if (!problems.isEmpty()) {
			if (nodes.isEmpty()) {
				throw new IOException(
						"none of " + problems.size() + " instances can be a node, such as " + problems.get(0));
			}
			warn(problems);
		}
		return nodes;
	}

	private static NodeEndpoint endpoint(ServiceInstance instance) {
		Map<String, String> metadata = metadata(instance);
		Integer port = NodeMetadata.port(metadata);
		String host = (instance.getHost() != null) ? instance.getHost() : "";
		// Some registries write IPv6 addresses as URLs do.
		String bare = (host.startsWith("[") && host.endsWith("]")) ? host.substring(1, host.length() - 1) : host;
		int chosen = (port != null) ? port : instance.getPort();
		String id = instance.getInstanceId();
		return new NodeEndpoint((id != null && !id.isBlank()) ? id : NodeEndpoint.of(bare, chosen).id(), bare, chosen,
				metadata);
	}

	private static Map<String, String> metadata(ServiceInstance instance) {
		Map<String, String> metadata = new LinkedHashMap<>();
		if (instance.getMetadata() != null) {
			instance.getMetadata().forEach((key, value) -> {
				if (key != null && value != null) {
					metadata.put(key, value);
				}
			});
		}
		return metadata;
	}

	private void warn(List<String> problems) {
		long left = this.problems.admit(this.context.timer().nanoTime());
		if (left >= 0) {
			logger.warn("Channel {}: discovery://{} lists instances that can be no nodes: {}{}{}",
					this.context.channel(), this.service, problems.get(0),
					(problems.size() > 1) ? ", and " + (problems.size() - 1) + " more" : "", LogThrottle.leftOut(left));
		}
	}

}
