package io.github.netrpc.discovery.etcd;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.cluster.TargetUri;

/**
 * Where etcd is and how it is used. Immutable. <pre class="code">
 * EtcdSettings.DEFAULT.withEndpoints(List.of("10.0.0.1:2379", "10.0.0.2:2379")).withLogin("rpc", "secret")
 * </pre>
 *
 * @param endpoints the members of etcd as {@code host:port}; may be empty where a target
 * names them
 * @param prefix what all keys begin with; the service and the node's id follow
 * @param user the user, or null for none
 * @param password the password, or null for none
 * @param tls how connections are secured, or null for plain ones
 * @param timeout how long etcd may take to answer
 * @param refreshInterval how often a directory asks for the whole list, beside watching
 * @param leaseTime how long a registration outlives its server, whole seconds
 * @since 0.1.0
 */
public record EtcdSettings(List<String> endpoints, String prefix, @Nullable String user, @Nullable String password,
		@Nullable Tls tls, Duration timeout, Duration refreshInterval, Duration leaseTime) {

	// Before the settings that are checked by them.
	private static final Duration SHORTEST_LEASE = Duration.ofSeconds(2);

	private static final Duration SHORTEST_TIME = Duration.ofMillis(100);

	/** No endpoints, no login, no TLS; a lease of 10 seconds. */
	public static final EtcdSettings DEFAULT = new EtcdSettings(List.of(), "/netrpc/", null, null, null,
			Duration.ofSeconds(3), Duration.ofSeconds(3), Duration.ofSeconds(10));

	/**
	 * Checks the settings.
	 * @throws IllegalArgumentException if one cannot be used
	 */
	public EtcdSettings {
		endpoints = List.copyOf(endpoints);
		if (!endpoints.isEmpty()) {
			addresses(endpoints);
		}
		if (!prefix.endsWith("/")) {
			throw new IllegalArgumentException("prefix: \"" + prefix + "\" (expected: a text that ends with a slash)");
		}
		if ((user == null) != (password == null)) {
			throw new IllegalArgumentException("user without password, or password without user (expected: both)");
		}
		check("timeout", timeout, SHORTEST_TIME);
		check("refresh interval", refreshInterval, SHORTEST_TIME);
		check("lease time", leaseTime, SHORTEST_LEASE);
	}

	private static void check(String name, Duration value, Duration least) {
		if (value.compareTo(least) < 0) {
			throw new IllegalArgumentException(
					name + ": " + value.toMillis() + " ms (expected: " + least.toMillis() + " ms or more)");
		}
	}

	private static List<InetSocketAddress> addresses(List<String> endpoints) {
		String all = String.join(",", endpoints);
		return new TargetUri(all, "etcd", all, Map.of()).addresses();
	}

	List<InetSocketAddress> addresses() {
		return addresses(this.endpoints);
	}

	/**
	 * Other members.
	 * @param others the members of etcd as {@code host:port}
	 * @return the same settings but for the members
	 */
	public EtcdSettings withEndpoints(List<String> others) {
		return new EtcdSettings(others, this.prefix, this.user, this.password, this.tls, this.timeout,
				this.refreshInterval, this.leaseTime);
	}

	/**
	 * Another beginning of all keys.
	 * @param other the prefix, which ends with a slash
	 * @return the same settings but for the prefix
	 */
	public EtcdSettings withPrefix(String other) {
		return new EtcdSettings(this.endpoints, other, this.user, this.password, this.tls, this.timeout,
				this.refreshInterval, this.leaseTime);
	}

	/**
	 * A login.
	 * @param name the user
	 * @param secret the password
	 * @return the same settings but for the login
	 */
	public EtcdSettings withLogin(String name, String secret) {
		return new EtcdSettings(this.endpoints, this.prefix, name, secret, this.tls, this.timeout, this.refreshInterval,
				this.leaseTime);
	}

	/**
	 * Secured connections.
	 * @param other how connections are secured
	 * @return the same settings but for TLS
	 */
	public EtcdSettings withTls(Tls other) {
		return new EtcdSettings(this.endpoints, this.prefix, this.user, this.password, other, this.timeout,
				this.refreshInterval, this.leaseTime);
	}

	/**
	 * Leaves the password out.
	 */
	@Override
	public String toString() {
		return "etcd at " + String.join(",", this.endpoints) + ((this.tls != null) ? " (TLS)" : "");
	}

	/**
	 * How connections are secured. The name or address of each endpoint is checked
	 * against its certificate.
	 *
	 * @param keys the client's certificate, or null for none
	 * @param trust whose certificates are trusted, or null for the JDK's
	 * @param protocols the versions of TLS, empty for the defaults
	 * @param ciphers the cipher suites, empty for the defaults
	 */
	public record Tls(@Nullable KeyManagerFactory keys, @Nullable TrustManagerFactory trust, List<String> protocols,
			List<String> ciphers) {

		/**
		 * Keeps copies of the lists.
		 */
		public Tls {
			protocols = List.copyOf(protocols);
			ciphers = List.copyOf(ciphers);
		}

	}

}
