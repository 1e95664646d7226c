package io.github.netrpc.observation;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

import io.github.netrpc.server.CloseReason;
import io.github.netrpc.server.RefusalReason;
import io.github.netrpc.server.RpcServer;

/**
 * What a server has at the moment, 0 while it does not run. <pre>
 * rpc.server.connections   open connections
 * rpc.server.in.flight     calls that run or wait
 * rpc.server.queued        those that wait
 * rpc.server.async         those whose handlers have returned before their results are there
 * rpc.server.unsent        bytes of replies that wait for peers
 * rpc.server.arguments     bytes of arguments of calls, and of requests that are partly here
 * rpc.server.abandoned     those that nobody waits for, and whose handlers have not ended
 * rpc.server.hung          those that a handler has worked on for more than a minute
 * rpc.server.refused       reason; calls that were refused, and did not run
 * rpc.server.connections.closed   reason; connections that the server has closed
 * rpc.server.accept.failures      connections that could not be accepted
 * </pre> Thread-safe.
 *
 * @since 0.1.0
 */
public final class ServerGauges implements MeterBinder {

	private static final Duration HUNG_AFTER = Duration.ofMinutes(1);

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
		gauge(registry, "rpc.server.queued", "Calls that wait for a handler", RpcServer::queued);
		gauge(registry, "rpc.server.async", "Calls whose handlers have returned before their results are there",
				RpcServer::asyncCalls);
		gauge(registry, "rpc.server.unsent", "Bytes of replies that wait for peers which do not read them",
				RpcServer::unsentBytes);
		gauge(registry, "rpc.server.arguments", "Bytes of arguments of calls under way, and of requests partly here",
				RpcServer::argumentBytes);
		gauge(registry, "rpc.server.abandoned", "Calls that nobody waits for, whose handlers have not ended",
				RpcServer::abandoned);
		gauge(registry, "rpc.server.hung", "Calls that a handler has worked on for more than a minute",
				(server) -> server.runningFor(HUNG_AFTER));
		for (RefusalReason reason : RefusalReason.values()) {
			FunctionCounter.builder("rpc.server.refused", this, (gauges) -> gauges.refused(reason))
				.description("Calls that were refused, and did not run")
				.tag("reason", tag(reason))
				.register(registry);
		}
		for (CloseReason reason : CloseReason.values()) {
			FunctionCounter.builder("rpc.server.connections.closed", this, (gauges) -> gauges.closed(reason))
				.description("Connections that the server has closed of its own accord")
				.tag("reason", tag(reason))
				.register(registry);
		}
		FunctionCounter.builder("rpc.server.accept.failures", this, ServerGauges::acceptFailures)
			.description("Connections that could not be accepted, for want of file descriptors, say")
			.register(registry);
	}

	private static String tag(Enum<?> reason) {
		return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private double closed(CloseReason reason) {
		RpcServer running = this.server.get();
		return (running != null) ? running.closed(reason) : 0;
	}

	private double acceptFailures() {
		RpcServer running = this.server.get();
		return (running != null) ? running.acceptFailures() : 0;
	}

	private double refused(RefusalReason reason) {
		RpcServer running = this.server.get();
		return (running != null) ? running.refused(reason) : 0;
	}

	private void gauge(MeterRegistry registry, String name, String description, ToDoubleFunction<RpcServer> value) {
		Gauge.builder(name, this, (gauges) -> {
			RpcServer running = gauges.server.get();
			return (running != null) ? value.applyAsDouble(running) : 0;
		}).description(description).register(registry);
	}

}
