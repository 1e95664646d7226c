package io.github.netrpc.observation;

import java.util.Collection;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import io.github.netrpc.cluster.RpcChannel;

/**
 * What the channels have at the moment: {@code rpc.client.in.flight}. Thread-safe.
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
	}

}
