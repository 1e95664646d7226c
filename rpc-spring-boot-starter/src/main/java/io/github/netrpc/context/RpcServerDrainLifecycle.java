package io.github.netrpc.context;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

import io.github.netrpc.server.RpcServer;

/**
 * Stops the server gently, side by side with the web server: health turns down, no more
 * connections are accepted, callers that understand it are told to go elsewhere, and
 * calls in flight have a time to end. {@link RpcServerDrainedLifecycle} waits for that,
 * after the phase of this one. Thread-safe.
 *
 * @since 0.1.0
 */
public final class RpcServerDrainLifecycle implements SmartLifecycle {

	/** The phase in which Boot drains the web server. */
	public static final int PHASE = DEFAULT_PHASE - 1024;

	private static final Logger logger = LoggerFactory.getLogger(RpcServerDrainLifecycle.class);

	private final RpcServerLifecycle lifecycle;

	private final RpcServerDrainedLifecycle drained;

	private final Duration gracePeriod;

	private volatile boolean running;

	/**
	 * Creates the lifecycle.
	 * @param lifecycle has the server
	 * @param drained waits for the end
	 * @param gracePeriod how long calls in flight may take; then they are cut off, and
	 * the log says which
	 */
	public RpcServerDrainLifecycle(RpcServerLifecycle lifecycle, RpcServerDrainedLifecycle drained,
			Duration gracePeriod) {
		this.lifecycle = lifecycle;
		this.drained = drained;
		this.gracePeriod = gracePeriod;
	}

	@Override
	public void start() {
		this.running = true;
	}

	/**
	 * Drains the server to its end.
	 */
	@Override
	public void stop() {
		drain().toCompletableFuture().join();
	}

	/**
	 * Begins to drain the server.
	 */
	@Override
	public void stop(Runnable callback) {
		try {
			this.drained.await(drain());
		}
		finally {
			callback.run();
		}
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

	private CompletionStage<@Nullable Void> drain() {
		this.running = false;
		RpcServer server = this.lifecycle.server();
		if (server == null) {
			return CompletableFuture.completedFuture(null);
		}
		long calls = server.inFlight();
		logger.info("RPC server is stopping; {} in flight, with {} to end",
				(calls == 1) ? "1 call is" : calls + " calls are", seconds(this.gracePeriod));
		return server.drain(this.gracePeriod).handle((outcome, failure) -> {
			if (failure != null) {
				logger.warn("RPC server could not be drained", failure);
			}
			else if (outcome.cut() > 0) {
				logger.warn("RPC server stopped; {} cut off after {}: {}",
						(outcome.cut() == 1) ? "1 call was" : outcome.cut() + " calls were", seconds(this.gracePeriod),
						outcome.describe());
			}
			else {
				logger.info("RPC server stopped; all calls were answered");
			}
			return null;
		});
	}

	static String seconds(Duration time) {
		return new BigDecimal(time.toMillis()).movePointLeft(3).stripTrailingZeros().toPlainString() + " s";
	}

}
