package io.github.netrpc.cluster;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeSet;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the directory of a target by its scheme: among the providers that a channel was
 * given, then among those on the class path.
 */
final class DirectoryProviders {

	private static final Logger logger = LoggerFactory.getLogger(DirectoryProviders.class);

	/** Schemes that need more than this library on the class path. */
	private static final Map<String, String> ELSEWHERE = Map.of("discovery",
			"discovery:// needs Spring Cloud and the starter of a registry, such as "
					+ "spring-cloud-starter-netflix-eureka-client");

	private final List<NodeDirectory.Provider> providers;

	DirectoryProviders(List<NodeDirectory.Provider> given) {
		this.providers = new ArrayList<>(given);
		for (Iterator<ServiceLoader.Provider<NodeDirectory.Provider>> found = ServiceLoader
			.load(NodeDirectory.Provider.class, DirectoryProviders.class.getClassLoader())
			.stream()
			.iterator(); found.hasNext();) {
			try {
				this.providers.add(found.next().get());
			}
			catch (ServiceConfigurationError | LinkageError ex) {
				// What it needs is not on the class path, and perhaps nobody needs it.
				logger.debug("A directory provider cannot be used", ex);
			}
		}
	}

	/**
	 * Makes the directory of a target.
	 * @throws IllegalArgumentException if the target is malformed, or nothing has its
	 * scheme
	 */
	NodeDirectory create(String target, DirectoryContext context) {
		TargetUri uri = TargetUri.parse(target);
		return of(uri).create(uri, context);
	}

	/**
	 * Finds what makes the directory of a target.
	 * @throws IllegalArgumentException if nothing does
	 */
	NodeDirectory.Provider of(TargetUri target) {
		for (NodeDirectory.Provider provider : this.providers) {
			if (provider.scheme().equals(target.scheme())) {
				return provider;
			}
		}
		TreeSet<String> present = new TreeSet<>();
		this.providers.forEach((provider) -> present.add(provider.scheme() + "://"));
		List<String> others = ELSEWHERE.entrySet()
			.stream()
			.filter((other) -> !present.contains(other.getKey() + "://"))
			.map(Map.Entry::getValue)
			.sorted()
			.toList();
		throw new IllegalArgumentException("target \"" + target + "\": no directory has the scheme \"" + target.scheme()
				+ "\" (expected: " + String.join(", ", present)
				+ (others.isEmpty() ? "" : "; " + String.join("; ", others)) + ")");
	}

}
