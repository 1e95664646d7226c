package io.github.netrpc.autoconfigure.discovery.cloud;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

import io.github.netrpc.autoconfigure.PropertyRanges;

/**
 * Properties of discovery and registration through Spring Cloud.
 *
 * @param enabled Whether targets such as 'discovery://arith' are asked of Spring Cloud,
 * and what it registers is told the RPC port.
 * @param pollInterval Time from one look-up of the nodes to the next, plus or minus ten
 * percent. If a duration suffix is not specified, milliseconds will be used.
 * @param withdrawTimeout Time that withdrawing the server from its registry may take when
 * it stops. If a duration suffix is not specified, milliseconds will be used.
 * @since 0.1.0
 */
@ConfigurationProperties(CloudDiscoveryProperties.PREFIX)
public record CloudDiscoveryProperties(@DefaultValue("true") boolean enabled,
		@DefaultValue("3s") @DurationUnit(ChronoUnit.MILLIS) Duration pollInterval,
		@DefaultValue("5s") @DurationUnit(ChronoUnit.MILLIS) Duration withdrawTimeout) {

	static final String PREFIX = "rpc.discovery.cloud";

	private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);

	public CloudDiscoveryProperties {
		PropertyRanges.atLeast(PREFIX + ".poll-interval", pollInterval, SHORTEST_INTERVAL);
		PropertyRanges.positive(PREFIX + ".withdraw-timeout", withdrawTimeout);
	}

}
