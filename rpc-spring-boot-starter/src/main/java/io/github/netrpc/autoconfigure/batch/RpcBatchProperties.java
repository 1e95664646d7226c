package io.github.netrpc.autoconfigure.batch;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

import io.github.netrpc.autoconfigure.PropertyRanges;

/**
 * Properties of Spring Batch jobs whose partitions run on RPC nodes.
 *
 * @param channel Name of the RPC channel whose nodes run partitions. Where it is set,
 * there is a partition handler.
 * @param tags Words that nodes must have in their metadata to be given partitions.
 * @param gridSize Number of partitions to ask a partitioner for.
 * @param partitionTimeout Time that an attempt at a partition may take, and for which a
 * step waits for nodes. If a duration suffix is not specified, seconds will be used.
 * @param attempts How often a partition may be lost with its node before it has failed.
 * @param window Partitions that each node has at a time. Use '0' for as many as its
 * processors by two at first, then more, up to the capacity that it advertises.
 * @param worker Properties of nodes that run partitions.
 * @since 0.1.0
 */
@ConfigurationProperties(RpcBatchProperties.PREFIX)
public record RpcBatchProperties(@Nullable String channel, @DefaultValue List<String> tags,
		@DefaultValue("6") int gridSize,
		@DefaultValue("1h") @DurationUnit(ChronoUnit.SECONDS) Duration partitionTimeout,
		@DefaultValue("3") int attempts, @DefaultValue("0") int window, @DefaultValue Worker worker) {

	static final String PREFIX = "rpc.batch";

	private static final int MOST = 1_000_000;

	public RpcBatchProperties {
		tags = List.copyOf(tags);
		PropertyRanges.between(PREFIX + ".grid-size", gridSize, 1, MOST);
		PropertyRanges.positive(PREFIX + ".partition-timeout", partitionTimeout);
		PropertyRanges.between(PREFIX + ".attempts", attempts, 1, MOST);
		PropertyRanges.between(PREFIX + ".window", window, 0, MOST);
	}

	/**
	 * Properties of nodes that run partitions.
	 *
	 * @param enabled Whether this node runs partitions of its steps for coordinators
	 * elsewhere.
	 */
	public record Worker(@DefaultValue("false") boolean enabled) {

	}

}
