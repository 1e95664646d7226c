package io.github.netrpc.discovery.etcd;

import java.util.List;
import java.util.Set;

import io.github.netrpc.cluster.NodeRegistration;
import io.github.netrpc.cluster.TargetUri;

/**
 * What a target asks of etcd: {@code etcd://host:port,host:port/service}, or
 * {@code etcd://service} where the endpoints are set elsewhere, and perhaps
 * {@code ?prefix=/keys/} behind either.
 *
 * @param settings the settings with the target's endpoints and prefix
 * @param service the service
 */
record EtcdTarget(EtcdSettings settings, String service) {

	private static final String PREFIX = "prefix";

	static EtcdTarget of(TargetUri target, EtcdSettings settings) {
		String location = target.location();
		int slash = location.indexOf('/');
		String service = location.substring(slash + 1);
		if (!NodeRegistration.isService(service) || !Set.of(PREFIX).containsAll(target.parameters().keySet())) {
			throw new IllegalArgumentException("target \"" + target
					+ "\": expected etcd://host:port,host:port/service or etcd://service, and perhaps ?prefix=/keys/");
		}
		EtcdSettings chosen = settings;
		try {
			if (slash >= 0) {
				chosen = chosen.withEndpoints(List.of(location.substring(0, slash).split(",", -1)));
			}
			String prefix = target.parameters().get(PREFIX);
			if (prefix != null) {
				chosen = chosen.withPrefix(prefix);
			}
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("target \"" + target + "\": " + ex.getMessage(), ex);
		}
		if (chosen.endpoints().isEmpty()) {
			throw new IllegalArgumentException("target \"" + target
					+ "\": it has no endpoints (expected: etcd://host:port/service, or rpc.discovery.etcd.endpoints)");
		}
		return new EtcdTarget(chosen, service);
	}

	/**
	 * What the keys of the service's nodes begin with.
	 */
	String keys() {
		return keys(this.settings, this.service);
	}

	static String keys(EtcdSettings settings, String service) {
		return settings.prefix() + service + "/";
	}

}
