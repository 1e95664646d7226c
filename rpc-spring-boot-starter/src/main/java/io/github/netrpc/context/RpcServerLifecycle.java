package io.github.netrpc.context;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;

import io.github.netrpc.server.RpcServer;
import io.github.netrpc.server.RpcServerBuilder;
import io.github.netrpc.server.ServiceSnapshot;

/**
 * Starts the server with the application context and closes it with the same: before the
 * web server starts, so that whatever announces the application knows the port, and after
 * calls were drained by {@link RpcServerDrainLifecycle}. May be started again after it
 * was stopped. Thread-safe.
 *
 * @since 0.1.0
 */
public final class RpcServerLifecycle implements SmartLifecycle {

	/** Below the phase in which Boot starts the web server. */
	public static final int PHASE = DEFAULT_PHASE - 3072;

	private static final Logger logger = LoggerFactory.getLogger(RpcServerLifecycle.class);

	private final Supplier<? extends @Nullable RpcServerBuilder> builders;

	private final List<String> formats;

	private final ApplicationEventPublisher events;

	private volatile @Nullable RpcServer server;

	/**
	 * Creates the lifecycle of a server that does not run yet.
	 * @param builders makes the builder of each start, or null if there is nothing to
	 * offer: then nothing is started
	 * @param formats the names of the formats, for the log
	 * @param events takes a {@link RpcServerStartedEvent} at each start
	 */
	public RpcServerLifecycle(Supplier<? extends @Nullable RpcServerBuilder> builders, List<String> formats,
			ApplicationEventPublisher events) {
		this.builders = builders;
		this.formats = List.copyOf(formats);
		this.events = events;
	}

	/**
	 * The server, while it runs.
	 * @return the server, or null
	 */
	public @Nullable RpcServer server() {
		return this.server;
	}

	@Override
	public synchronized void start() {
		if (this.server != null) {
			return;
		}
		RpcServerBuilder builder = this.builders.get();
		if (builder == null) {
			logger.debug("RPC server not started: no bean offers a service");
			return;
		}
		RpcServer started = builder.start();
		this.server = started;
		this.events.publishEvent(new RpcServerStartedEvent(started, started.address()));
		log(started);
	}

	@Override
	public synchronized void stop() {
		RpcServer stopped = this.server;
		if (stopped != null) {
			this.server = null;
			stopped.close();
		}
	}

	@Override
	public boolean isRunning() {
		return this.server != null;
	}

	/**
	 * A server goes on while the context of a test is paused, as Boot's web servers do.
	 */
	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	private void log(RpcServer started) {
		List<ServiceSnapshot> services = started.services();
		if (logger.isInfoEnabled()) {
			logger.info("RPC server started on port {} ({}, {}) with {} {}: {}", started.port(),
					started.speaksTls() ? "tls" : "tcp", String.join(" and ", this.formats), services.size(),
					(services.size() == 1) ? "service" : "services",
					services.stream().map(ServiceSnapshot::name).collect(Collectors.joining(", ")));
		}
		if (logger.isDebugEnabled()) {
			services.forEach((service) -> service.methods()
				.forEach((method) -> logger.debug("func ({}) {}", service.name(), method.signature())));
		}
	}

}
