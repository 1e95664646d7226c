package io.github.netrpc.context;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.context.support.DefaultLifecycleProcessor;

/**
 * Waits for the end of the drain that {@link RpcServerDrainLifecycle} has begun, in a
 * phase of its own. That one begins in the phase of the web server, whose time the
 * application sets ({@code spring.lifecycle.timeout-per-shutdown-phase}) with web
 * requests in mind; this phase has the time that calls in flight were promised, and some
 * seconds more for their replies. Where the context has another
 * {@code LifecycleProcessor} than Spring's default one, that one decides how long this
 * phase may take. Thread-safe.
 *
 * @since 0.1.0
 */
public final class RpcServerDrainedLifecycle implements SmartLifecycle {

	/** Before the phase in which Boot stops the web server. */
	public static final int PHASE = RpcServerDrainLifecycle.PHASE - 512;

	/**
	 * For what happens at the end of the grace period: errors are sent, and the log is
	 * written.
	 */
	private static final long MARGIN_MILLIS = 5_000;

	private final BeanFactory beanFactory;

	private final Duration gracePeriod;

	private volatile CompletionStage<@Nullable Void> drained = CompletableFuture.completedFuture(null);

	private volatile boolean running;

	/**
	 * Creates the lifecycle.
	 * @param beanFactory has the {@code lifecycleProcessor} of the context
	 * @param gracePeriod how long calls in flight may take
	 */
	public RpcServerDrainedLifecycle(BeanFactory beanFactory, Duration gracePeriod) {
		this.beanFactory = beanFactory;
		this.gracePeriod = gracePeriod;
	}

	/**
	 * The drain has begun.
	 * @param drained completes at its end, never exceptionally
	 */
	void await(CompletionStage<@Nullable Void> drained) {
		this.drained = drained;
	}

	@Override
	public void start() {
		this.running = true;
		// Every context has this bean while it runs: its own or the application's.
		String name = AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME;
		if (this.beanFactory.containsBean(name)
				&& this.beanFactory.getBean(name) instanceof DefaultLifecycleProcessor processor) {
			processor.setTimeoutForShutdownPhase(PHASE, phaseMillis());
		}
	}

	private long phaseMillis() {
		return Math.min(TimeUnit.MILLISECONDS.convert(this.gracePeriod), Long.MAX_VALUE - MARGIN_MILLIS)
				+ MARGIN_MILLIS;
	}

	@Override
	public void stop() {
		this.running = false;
		this.drained.toCompletableFuture().join();
	}

	@Override
	public void stop(Runnable callback) {
		this.running = false;
		this.drained.whenComplete((done, failure) -> callback.run());
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
