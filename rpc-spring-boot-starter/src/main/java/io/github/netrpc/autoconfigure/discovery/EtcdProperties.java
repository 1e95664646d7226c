package io.github.netrpc.autoconfigure.discovery;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.convert.DurationUnit;

import io.github.netrpc.autoconfigure.PropertyRanges;

/**
 * Properties of etcd.
 *
 * @param endpoints Members of etcd as 'host:port'. Where they are set, servers register
 * themselves.
 * @param prefix What all keys begin with. Ends with a slash.
 * @param username User to log in as.
 * @param password Password of the user.
 * @param timeout Time that etcd may take to answer. If a duration suffix is not
 * specified, milliseconds will be used.
 * @param refreshInterval How often a client asks for the whole list, beside watching it.
 * If a duration suffix is not specified, milliseconds will be used.
 * @param leaseTime Time that a registration outlives a server that did not withdraw, in
 * whole seconds. If a duration suffix is not specified, seconds will be used.
 * @param ssl TLS properties.
 * @since 0.1.0
 */
@ConfigurationProperties(EtcdProperties.PREFIX)
public record EtcdProperties(@DefaultValue List<String> endpoints, @DefaultValue("/netrpc/") String prefix,
		@Nullable String username, @Nullable String password,
		@DefaultValue("3s") @DurationUnit(ChronoUnit.MILLIS) Duration timeout,
		@DefaultValue("3s") @DurationUnit(ChronoUnit.MILLIS) Duration refreshInterval,
		@DefaultValue("10s") @DurationUnit(ChronoUnit.SECONDS) Duration leaseTime, @DefaultValue Ssl ssl) {

	static final String PREFIX = "rpc.discovery.etcd";

	private static final Duration SHORTEST_TIME = Duration.ofMillis(100);

	private static final Duration SHORTEST_LEASE = Duration.ofSeconds(2);

	public EtcdProperties {
		endpoints = List.copyOf(endpoints);
		if (!prefix.endsWith("/")) {
			throw new InvalidConfigurationPropertyValueException(PREFIX + ".prefix", prefix, "must end with a slash");
		}
		if ((username == null) != (password == null)) {
			throw new InvalidConfigurationPropertyValueException(PREFIX + ".username", username,
					"must be set together with 'password'");
		}
		PropertyRanges.atLeast(PREFIX + ".timeout", timeout, SHORTEST_TIME);
		PropertyRanges.atLeast(PREFIX + ".refresh-interval", refreshInterval, SHORTEST_TIME);
		PropertyRanges.atLeast(PREFIX + ".lease-time", leaseTime, SHORTEST_LEASE);
	}

	/**
	 * Leaves the password out.
	 */
	@Override
	public String toString() {
		return PREFIX + this.endpoints;
	}

	/**
	 * TLS properties.
	 *
	 * @param bundle SSL bundle to secure connections with. By default they are plain.
	 */
	public record Ssl(@Nullable String bundle) {

	}

}
