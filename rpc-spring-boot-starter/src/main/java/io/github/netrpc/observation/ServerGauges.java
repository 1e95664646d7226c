package io.github.netrpc.observation;

import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

import io.github.netrpc.server.RpcServer;

/**
 * What a server has at the moment: {@code rpc.server.connections} and
 * {@code rpc.server.in.flight}. Both are 0 while it does not run. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ServerGauges implements MeterBinder {

	private final Supplier<? extends @Nullable RpcServer> server;

	/**
	 * Creates the gauges.
	 * @param server gives the server, or null while none runs
	 */
	public ServerGauges(Supplier<? extends @Nullable RpcServer> server) {
		this.server = server;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		gauge(registry, "rpc.server.connections", "Connections that are open", RpcServer::connectionCount);
		gauge(registry, "rpc.server.in.flight", "Calls that run or wait on the server", RpcServer::inFlight);
	}

	private void gauge(MeterRegistry registry, String name, String description, ToDoubleFunction<RpcServer> value) {
		Gauge.builder(name, this, (gauges) -> {
			RpcServer running = gauges.server.get();
			return (running != null) ? value.applyAsDouble(running) : 0;
		}).description(description).register(registry);
	}

}
