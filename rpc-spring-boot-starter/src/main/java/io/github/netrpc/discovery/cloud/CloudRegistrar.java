package io.github.netrpc.discovery.cloud;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.cloud.client.discovery.event.InstancePreRegisteredEvent;
import org.springframework.cloud.client.serviceregistry.Registration;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

import io.github.netrpc.cluster.NodeRegistrar;
import io.github.netrpc.cluster.NodeRegistration;
import io.github.netrpc.cluster.RegistrationSnapshot;

/**
 * Adds the RPC server to what Spring Cloud registers of the application.
 * <ul>
 * <li>Its port and what else callers want to know become metadata of the application's
 * entry, just before that is written.
 * <li>Without a web server Spring Cloud never registers by itself: then it is told to,
 * with the RPC port as the entry's own, once the RPC server listens. A registry that is
 * away is tried again and again.
 * <li>Eureka's entry may be made before the RPC server listens. It is not UP until then.
 * <li>The entry is withdrawn before the RPC server drains.
 * </ul>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class CloudRegistrar implements NodeRegistrar, ApplicationListener<ApplicationEvent> {

	private static final Logger logger = LoggerFactory.getLogger(CloudRegistrar.class);

	private static final String REGISTRY = "spring-cloud";

	private static final long FIRST_PAUSE_MILLIS = 1_000;

	private static final double PAUSE_FACTOR = 1.6;

	private static final long LONGEST_PAUSE_MILLIS = 15_000;

	private final Supplier<? extends @Nullable NodeRegistration> server;

	private final CloudRegistrations registrations;

	private final long withdrawMillis;

	private final Supplier<ScheduledExecutorService> threads;

	/** Whether there is a server to register. */
	private volatile boolean wanted;

	private volatile @Nullable String lastFailure;

	// The rest is guarded by this.

	private @Nullable EarlyRegistration early;

	/** Registers, while there is something to register. */
	private @Nullable ScheduledExecutorService thread;

	private @Nullable Future<?> retry;

	/**
	 * Creates a registrar.
	 * @param server what the RPC server says about itself, or null while it does not
	 * listen
	 * @param beans has what Spring Cloud registers, if it does
	 * @param withdrawTimeout how long withdrawing may take
	 */
	public CloudRegistrar(Supplier<? extends @Nullable NodeRegistration> server, ListableBeanFactory beans,
			Duration withdrawTimeout) {
		this(server, new CloudRegistrations(beans), withdrawTimeout, CloudRegistrar::newThread);
	}

	CloudRegistrar(Supplier<? extends @Nullable NodeRegistration> server, CloudRegistrations registrations,
			Duration withdrawTimeout, Supplier<ScheduledExecutorService> threads) {
		this.server = server;
		this.registrations = registrations;
		this.withdrawMillis = withdrawTimeout.toMillis();
		this.threads = threads;
	}

	private static ScheduledExecutorService newThread() {
		return Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, "rpc-cloud-registrar");
			thread.setDaemon(true);
			return thread;
		});
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		if (event instanceof InstancePreRegisteredEvent registered) {
			beforeRegistered(registered.getRegistration());
		}
		else if (event instanceof ContextRefreshedEvent) {
			// If no RPC server listens by now, none does: what it holds back must not
			// wait for it.
			release(Map.of());
		}
	}

	private void beforeRegistered(Registration registration) {
		NodeRegistration current = this.server.get();
		if (current != null) {
			this.registrations.describe(registration, current.node().metadata());
			return;
		}
		synchronized (this) {
			if (this.early == null) {
				this.early = EarlyRegistration.hold(registration);
			}
		}
	}

	private void release(Map<String, String> metadata) {
		EarlyRegistration held;
		synchronized (this) {
			held = this.early;
			this.early = null;
		}
		if (held != null) {
			held.release(metadata, this.registrations);
		}
	}

	@Override
	public void register(NodeRegistration registration) {
		this.wanted = true;
		release(registration.node().metadata());
		if (this.registrations.areAllRunning()) {
			return;
		}
		synchronized (this) {
			if (this.thread == null) {
				this.thread = this.threads.get();
			}
			ScheduledExecutorService current = this.thread;
			current.execute(() -> attempt(current, registration, FIRST_PAUSE_MILLIS));
		}
	}

	private void attempt(ScheduledExecutorService thread, NodeRegistration registration, long pauseMillis) {
		synchronized (this) {
			if (this.thread != thread) {
				return;
			}
		}
		try {
			this.registrations.start(registration.node().port());
			this.lastFailure = null;
		}
		catch (RuntimeException ex) {
			this.lastFailure = ex.toString();
			logger.warn("The RPC server could not be registered, which is tried again in {} ms: {}", pauseMillis,
					ex.toString());
			logger.debug("Registering has failed", ex);
			again(thread, registration, pauseMillis);
		}
	}

	private synchronized void again(ScheduledExecutorService thread, NodeRegistration registration, long pauseMillis) {
		if (this.thread == thread) {
			long next = Math.min(LONGEST_PAUSE_MILLIS, (long) (pauseMillis * PAUSE_FACTOR));
			this.retry = thread.schedule(() -> attempt(thread, registration, next), pauseMillis, TimeUnit.MILLISECONDS);
		}
	}

	@Override
	public CompletionStage<@Nullable Void> withdraw() {
		this.wanted = false;
		ScheduledExecutorService thread;
		synchronized (this) {
			thread = this.thread;
			this.thread = null;
			this.early = null;
			if (this.retry != null) {
				this.retry.cancel(false);
				this.retry = null;
			}
		}
		if (thread == null) {
			if (!this.registrations.isAnyRunning()) {
				return CompletableFuture.completedFuture(null);
			}
			thread = this.threads.get();
		}
		CompletableFuture<@Nullable Void> withdrawn = CompletableFuture.runAsync(this.registrations::stop, thread);
		thread.shutdown();
		return withdrawn.orTimeout(this.withdrawMillis, TimeUnit.MILLISECONDS).handle((done, failure) -> {
			if (failure != null) {
				logger.warn("The RPC server stops, but may still be registered", failure);
			}
			return null;
		});
	}

	/**
	 * Says what Spring Cloud's own beans know: that they have written their entries.
	 * Eureka's client tells the server of its entry a little later, and again and again.
	 */
	@Override
	public RegistrationSnapshot registration() {
		// The beans are asked only while the application runs.
		boolean written = this.wanted && this.registrations.areAllWritten();
		return new RegistrationSnapshot(REGISTRY, written, (this.wanted && !written) ? this.lastFailure : null);
	}

	@Override
	public String toString() {
		return "Spring Cloud";
	}

}
