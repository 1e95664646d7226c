package io.github.netrpc.context;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

import io.github.netrpc.cluster.NodeRegistrar;
import io.github.netrpc.cluster.NodeRegistration;
import io.github.netrpc.cluster.RegistrationSnapshot;

/**
 * Registers the server when everything else runs, and withdraws it before anything else
 * stops: callers that learn of it go elsewhere while it still serves. Thread-safe.
 *
 * @since 0.1.0
 */
public final class RpcRegistrationLifecycle implements SmartLifecycle {

	/** Above the phase in which {@link RpcServerDrainLifecycle} drains the server. */
	public static final int PHASE = RpcServerDrainLifecycle.PHASE + 512;

	private static final Logger logger = LoggerFactory.getLogger(RpcRegistrationLifecycle.class);

	private final RpcServerRegistration registration;

	private final List<NodeRegistrar> registrars;

	private volatile boolean running;

	/**
	 * Creates the lifecycle.
	 * @param registration what is registered
	 * @param registrars where it is registered
	 */
	public RpcRegistrationLifecycle(RpcServerRegistration registration, List<NodeRegistrar> registrars) {
		this.registration = registration;
		this.registrars = List.copyOf(registrars);
	}

	/**
	 * Where the server is registered, and where it is not.
	 * @return one snapshot for each registrar
	 */
	public List<RegistrationSnapshot> registrations() {
		return this.registrars.stream().map(NodeRegistrar::registration).toList();
	}

	@Override
	public void start() {
		this.running = true;
		NodeRegistration current = this.registrars.isEmpty() ? null : this.registration.current();
		if (current != null) {
			this.registrars.forEach((registrar) -> registrar.register(current));
		}
	}

	@Override
	public void stop() {
		withdraw().toCompletableFuture().join();
	}

	@Override
	public void stop(Runnable callback) {
		withdraw().thenRun(callback);
	}

	// Never completes exceptionally.
	private CompletionStage<@Nullable Void> withdraw() {
		this.running = false;
		return CompletableFuture
			.allOf(this.registrars.stream().map(RpcRegistrationLifecycle::withdraw).toArray(CompletableFuture[]::new));
	}

	// A registrar that fails must not keep the others, or the server, from stopping.
	private static CompletableFuture<?> withdraw(NodeRegistrar registrar) {
		CompletionStage<@Nullable Void> withdrawn;
		try {
			withdrawn = registrar.withdraw();
		}
		catch (RuntimeException ex) {
			withdrawn = CompletableFuture.failedStage(ex);
		}
		return withdrawn.toCompletableFuture().handle((done, failure) -> {
			if (failure != null) {
				logger.warn("The RPC server could not be withdrawn from {}", registrar, failure);
			}
			return true;
		});
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
