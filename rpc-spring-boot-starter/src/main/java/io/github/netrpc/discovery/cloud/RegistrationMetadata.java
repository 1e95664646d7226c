package io.github.netrpc.discovery.cloud;

import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.cloud.client.serviceregistry.Registration;
import org.springframework.util.ClassUtils;

/**
 * Adds to the metadata of an entry before it is written. That of ZooKeeper does not exist
 * then if a web server runs, and what is seen of it cannot be changed: it is made of a
 * map of the properties, which can. Thread-safe.
 */
final class RegistrationMetadata {

	private static final Logger logger = LoggerFactory.getLogger(RegistrationMetadata.class);

	static final String ZOOKEEPER_PROPERTIES = "org.springframework.cloud.zookeeper.discovery."
			+ "ZookeeperDiscoveryProperties";

	private final ListableBeanFactory beans;

	RegistrationMetadata(ListableBeanFactory beans) {
		this.beans = beans;
	}

	void add(Registration registration, Map<String, String> metadata) {
		if (!addTo(registration.getMetadata(), metadata) && !addToZooKeeper(metadata)) {
			logger.warn(
					"{} takes no metadata when it is registered, so callers will not know the RPC port. "
							+ "Set it where the registry is configured, such as {}",
					registration.getClass().getName(),
					metadata.entrySet()
						.stream()
						.map((entry) -> "spring.cloud.zookeeper.discovery.metadata." + entry)
						.collect(Collectors.joining(", ")));
		}
	}

	@SuppressWarnings("unchecked")
	private static boolean addTo(@Nullable Object map, Map<String, String> metadata) {
		if (!(map instanceof Map<?, ?>)) {
			return false;
		}
		try {
			((Map<String, String>) map).putAll(metadata);
			return true;
		}
		catch (UnsupportedOperationException ex) {
			return false;
		}
	}

	private boolean addToZooKeeper(Map<String, String> metadata) {
		ClassLoader classes = getClass().getClassLoader();
		if (!ClassUtils.isPresent(ZOOKEEPER_PROPERTIES, classes)) {
			return false;
		}
		Object properties = this.beans.getBeanProvider(ClassUtils.resolveClassName(ZOOKEEPER_PROPERTIES, classes))
			.getIfUnique();
		return properties != null && addTo(
				PropertyAccessorFactory.forBeanPropertyAccess(properties).getPropertyValue("metadata"), metadata);
	}

}
