package io.github.netrpc.observation;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;

import io.github.netrpc.cluster.DirectorySnapshot;
import io.github.netrpc.cluster.RpcChannel;

/**
 * What each channel knows of its list of nodes, by the tag {@code channel}:
 * {@code rpc.directory.age} in seconds, NaN while there is no list, and
 * {@code rpc.directory.answers} by {@code outcome}. A list that never changes has none of
 * them. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ChannelGauges {

	private final MeterRegistry registry;

	/**
	 * Creates what registers the meters of channels.
	 * @param registry takes them
	 */
	public ChannelGauges(MeterRegistry registry) {
		this.registry = registry;
	}

	/**
	 * Registers the meters of a channel.
	 * @param channel the channel
	 */
	public void bind(RpcChannel channel) {
		if (!channel.directory().fixed()) {
			TimeGauge.builder("rpc.directory.age", channel, TimeUnit.SECONDS, ChannelGauges::age)
				.tag("channel", channel.name())
				.description("Time since the list of nodes was known to be up to date")
				.register(this.registry);
			count(channel, "good", DirectorySnapshot::answers);
			count(channel, "empty", DirectorySnapshot::emptyAnswers);
			count(channel, "failed", DirectorySnapshot::failures);
		}
	}

	private static double age(RpcChannel channel) {
		Duration age = channel.directory().age();
		return (age != null) ? age.toNanos() / 1e9 : Double.NaN;
	}

	private void count(RpcChannel channel, String outcome, ToDoubleFunction<DirectorySnapshot> count) {
		FunctionCounter.builder("rpc.directory.answers", channel, (counted) -> count.applyAsDouble(counted.directory()))
			.tag("channel", channel.name())
			.tag("outcome", outcome)
			.description("Answers of the directory that knows the nodes")
			.register(this.registry);
	}

}
