package io.github.netrpc.observation;

import java.util.Collection;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import io.github.netrpc.client.ConnectionState;
import io.github.netrpc.cluster.ChannelCounts;
import io.github.netrpc.cluster.RpcChannel;

/**
 * What the channels have at the moment: {@code rpc.client.in.flight},
 * {@code rpc.client.pending} and {@code rpc.client.connections}; and what they have lost:
 * {@code rpc.client.pings.missed} and {@code rpc.client.connections.dead}. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ClientGauges implements MeterBinder {

	private final Supplier<? extends Collection<RpcChannel>> channels;

	/**
	 * Creates the gauges.
	 * @param channels gives the channels of the moment
	 */
	public ClientGauges(Supplier<? extends Collection<RpcChannel>> channels) {
		this.channels = channels;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge
			.builder("rpc.client.in.flight", this,
					(gauges) -> gauges.channels.get().stream().mapToInt(RpcChannel::inFlight).sum())
			.description("Calls of clients that have begun and not ended")
			.register(registry);
		Gauge
			.builder("rpc.client.pending", this,
					(gauges) -> gauges.channels.get().stream().mapToInt(RpcChannel::pending).sum())
			.description("Calls of clients that wait to be sent")
			.register(registry);
		for (ConnectionState state : ConnectionState.values()) {
			Gauge.builder("rpc.client.connections", this, (gauges) -> gauges.connections(state))
				.tag("state", state.name().toLowerCase(Locale.ROOT))
				.description("Connections of clients")
				.register(registry);
		}
		FunctionCounter.builder("rpc.client.pings.missed", this, (gauges) -> gauges.sum(ChannelCounts::missedPings))
			.description("Pings that were not answered in time")
			.register(registry);
		FunctionCounter
			.builder("rpc.client.connections.dead", this, (gauges) -> gauges.sum(ChannelCounts::deadConnections))
			.description("Connections that were given up because the node was silent")
			.register(registry);
	}

	private long connections(ConnectionState state) {
		return this.channels.get()
			.stream()
			.flatMap((channel) -> channel.nodes().stream())
			.flatMap((node) -> node.connections().stream())
			.filter((connection) -> connection.state() == state)
			.count();
	}

	private long sum(ToLongFunction<ChannelCounts> count) {
		return this.channels.get().stream().map(RpcChannel::counts).mapToLong(count).sum();
	}

}
