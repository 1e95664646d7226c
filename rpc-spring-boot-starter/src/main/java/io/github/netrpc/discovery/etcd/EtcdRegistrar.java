package io.github.netrpc.discovery.etcd;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.github.netrpc.cluster.NodeRegistrar;
import io.github.netrpc.cluster.NodeRegistration;
import io.github.netrpc.cluster.RegistrationSnapshot;

/**
 * Registers a node in etcd under a lease that it renews: when the node is gone without
 * having withdrawn, so is its entry, once the lease has ended. An entry that etcd has
 * lost is written anew, whatever the reason. Thread-safe. <pre class="code">
 * EtcdRegistrar registrar = new EtcdRegistrar(settings);
 * registrar.register(new NodeRegistration("arith", NodeEndpoint.of("10.0.0.7", 1234)));
 * </pre>
 *
 * @since 0.1.0
 */
public final class EtcdRegistrar implements NodeRegistrar, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(EtcdRegistrar.class);

	private static final String REGISTRY = "etcd";

	private static final double FIRST_PAUSE_MILLIS = 200;

	private static final double MOST_PAUSE_MILLIS = 2_000;

	private static final double PAUSE_FACTOR = 1.6;

	/** How often a lease is renewed before it would end. */
	private static final int RENEWALS = 3;

	private final EtcdSettings settings;

	private final ScheduledExecutorService scheduler;

	private final DoubleSupplier random;

	private final EtcdSession.Factory sessions;

	private volatile RegistrationSnapshot snapshot = new RegistrationSnapshot(REGISTRY, false, null);

	// All that follows is of the scheduler's one thread.

	private @Nullable NodeRegistration wanted;

	private @Nullable EtcdSession session;

	/** Counts steps; answers to an earlier one are not heard. */
	private long step;

	/** The lease, 0 for none. */
	private long lease;

	/**
	 * A lease with an entry that is to be another one, until it has been ended; else 0.
	 */
	private long pastLease;

	/** The key that the lease may hold, also if nobody knows whether it was written. */
	private @Nullable String leaseKey;

	/** What the entry was last written for. */
	private @Nullable NodeRegistration written;

	/** Whether the last line said that all is well. */
	private boolean saidWell;

	/** Whether the last line said that it is not. */
	private boolean saidUnwell;

	private boolean saidTaken;

	private int failuresInARow;

	private @Nullable Future<?> next;

	/** Who waits for the end of the lease, while it is being ended for good. */
	private final List<CompletableFuture<@Nullable Void>> withdrawing = new ArrayList<>();

	/**
	 * Creates a registrar with a daemon thread of its own.
	 * @param settings where etcd is
	 * @throws IllegalArgumentException if the settings have no endpoints
	 */
	public EtcdRegistrar(EtcdSettings settings) {
		this(settings, thread(), () -> ThreadLocalRandom.current().nextDouble(), JetcdSession::open);
	}

	EtcdRegistrar(EtcdSettings settings, ScheduledExecutorService scheduler, DoubleSupplier random,
			EtcdSession.Factory sessions) {
		if (settings.endpoints().isEmpty()) {
			throw new IllegalArgumentException("no endpoints of etcd");
		}
		this.settings = settings;
		this.scheduler = scheduler;
		this.random = random;
		this.sessions = sessions;
	}

	private static ScheduledExecutorService thread() {
		ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, "rpc-etcd-registrar");
			thread.setDaemon(true);
			return thread;
		});
		scheduler.setRemoveOnCancelPolicy(true);
		scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
		return scheduler;
	}

	@Override
	public void register(NodeRegistration registration) {
		heard(() -> {
			this.wanted = registration;
			begin();
		});
	}

	@Override
	public CompletionStage<@Nullable Void> withdraw() {
		CompletableFuture<@Nullable Void> withdrawn = new CompletableFuture<>();
		try {
			this.scheduler.execute(() -> withdraw(withdrawn));
		}
		catch (RejectedExecutionException ex) {
			withdrawn.complete(null);
		}
		return withdrawn;
	}

	// Steps

	private void begin() {
		cancelNext();
		NodeRegistration node = this.wanted;
		if (node == null || !this.withdrawing.isEmpty()) {
			return;
		}
		EtcdSession current = session();
		if (current == null) {
			return;
		}
		if (this.leaseKey != null && !this.leaseKey.equals(key(node))) {
			// A lease holds one entry: the old one ends with the old lease.
			this.pastLease = this.lease;
			forget();
			tell(false, null);
		}
		if (this.pastLease != 0) {
			attempt(() -> current.revoke(this.pastLease), (revoked) -> {
				this.pastLease = 0;
				begin();
			});
		}
		else if (this.lease == 0) {
			attempt(() -> current.grant(this.settings.leaseTime()), (granted) -> {
				this.lease = granted;
				put(current, node);
			});
		}
		else {
			attempt(() -> current.keepAlive(this.lease), (alive) -> renewed(current, node, alive));
		}
	}

	private void forget() {
		this.lease = 0;
		this.leaseKey = null;
		this.written = null;
	}

	private void tell(boolean registered, @Nullable String failure) {
		this.snapshot = new RegistrationSnapshot(REGISTRY, registered, failure);
	}

	private void put(EtcdSession current, NodeRegistration node) {
		this.leaseKey = key(node);
		attempt(() -> current.put(key(node), NodeEntry.write(node.node()), this.lease), (put) -> {
			this.written = node;
			this.saidTaken = false;
			done(node);
		});
	}

	private void renewed(EtcdSession current, NodeRegistration node, boolean alive) {
		if (!alive) {
			logger.warn("{} has ended the lease of {}; registering anew", this.settings, key(node));
			this.saidWell = false;
			forget();
			tell(false, "the lease has ended");
			begin();
		}
		else if (!node.equals(this.written)) {
			put(current, node);
		}
		else {
			attempt(() -> current.holder(key(node)), (holder) -> checked(current, node, holder));
		}
	}

	private void checked(EtcdSession current, NodeRegistration node, long holder) {
		if (holder == EtcdSession.ABSENT) {
			put(current, node);
			return;
		}
		boolean taken = holder != this.lease;
		if (taken && !this.saidTaken) {
			logger.warn("Somebody else has registered as {} in {}: two nodes seem to have one id "
					+ "(rpc.server.registration.id)", key(node), this.settings);
		}
		this.saidTaken = taken;
		done(node);
	}

	private void done(NodeRegistration node) {
		if (!this.saidWell) {
			this.saidWell = true;
			this.saidUnwell = false;
			logger.info("Registered as {} in {}", key(node), this.settings);
		}
		this.failuresInARow = 0;
		tell(!this.saidTaken, this.saidTaken ? "somebody else has registered as " + key(node) : null);
		plan(this.settings.leaseTime().toMillis() / RENEWALS);
	}

	private void failed(String reason, Throwable cause) {
		if (!this.saidUnwell) {
			this.saidUnwell = true;
			this.saidWell = false;
			logger.warn("Cannot register in {}: {}; trying again", this.settings, reason);
		}
		logger.debug("Cannot register in {}", this.settings, cause);
		tell(false, reason);
		closeSession();
		this.failuresInARow++;
		double pause = FIRST_PAUSE_MILLIS * Math.pow(PAUSE_FACTOR, this.failuresInARow - 1.0);
		plan((long) (Math.min(pause, MOST_PAUSE_MILLIS) * (0.8 + 0.4 * this.random.getAsDouble())));
	}

	private void withdraw(CompletableFuture<@Nullable Void> withdrawn) {
		this.wanted = null;
		tell(false, null);
		this.withdrawing.add(withdrawn);
		if (this.withdrawing.size() > 1) {
			return;
		}
		cancelNext();
		// There is one of the two at most: a lease is begun when the one before has
		// ended.
		long old = (this.lease != 0) ? this.lease : this.pastLease;
		forget();
		this.pastLease = 0;
		this.saidWell = false;
		// Whatever is under way is not waited for: what it writes needs the lease.
		this.step++;
		EtcdSession current = (old != 0) ? session() : null;
		if (current == null) {
			endWithdrawing();
			return;
		}
		attempt(() -> current.revoke(old), (revoked) -> {
			logger.info("Withdrawn from {}", this.settings);
			endWithdrawing();
		}, (failure) -> {
			logger.warn("Could not withdraw from {}: {}; the lease ends within {} s", this.settings,
					EtcdDirectory.text(failure), this.settings.leaseTime().toSeconds());
			endWithdrawing();
		});
	}

	private void endWithdrawing() {
		List<CompletableFuture<@Nullable Void>> ended = List.copyOf(this.withdrawing);
		this.withdrawing.clear();
		tell(false, null);
		closeSession();
		ended.forEach((each) -> each.complete(null));
		// Somebody may have registered meanwhile.
		begin();
	}

	// How steps are taken

	private @Nullable EtcdSession session() {
		if (this.session == null) {
			try {
				this.session = this.sessions.open(this.settings);
			}
			catch (RuntimeException ex) {
				failed(EtcdDirectory.text(ex), ex);
			}
		}
		return this.session;
	}

	private <T> void attempt(Call<T> call, Consumer<T> next) {
		attempt(call, next, (failure) -> failed(EtcdDirectory.text(failure), failure));
	}

	private <T> void attempt(Call<T> call, Consumer<T> next, Consumer<Throwable> otherwise) {
		this.step++;
		long number = this.step;
		Future<?> patience = this.scheduler.schedule(() -> {
			if (number == this.step) {
				this.step++;
				otherwise.accept(new IllegalStateException(
						"etcd did not answer within " + this.settings.timeout().toMillis() + " ms"));
			}
		}, this.settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
		CompletionStage<? extends T> answer;
		try {
			answer = call.make();
		}
		catch (RuntimeException ex) {
			answer = CompletableFuture.failedStage(ex);
		}
		answer.whenComplete((value, failure) -> heard(() -> {
			if (number == this.step) {
				this.step++;
				patience.cancel(false);
				if (failure != null) {
					otherwise.accept(failure);
				}
				else {
					next.accept(value);
				}
			}
		}));
	}

	private void heard(Runnable task) {
		try {
			this.scheduler.execute(task);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("An answer of {} came after the end", this.settings);
		}
	}

	private void plan(long delayMillis) {
		cancelNext();
		this.next = this.scheduler.schedule(this::begin, delayMillis, TimeUnit.MILLISECONDS);
	}

	private void cancelNext() {
		if (this.next != null) {
			this.next.cancel(false);
			this.next = null;
		}
	}

	private void closeSession() {
		EtcdSession ended = this.session;
		this.session = null;
		if (ended != null) {
			ended.close();
		}
	}

	private String key(NodeRegistration node) {
		return EtcdTarget.keys(this.settings, node.service()) + node.node().id();
	}

	@Override
	public RegistrationSnapshot registration() {
		return this.snapshot;
	}

	/**
	 * Ends everything without withdrawing: the entry stays until its lease has ended.
	 */
	@Override
	public void close() {
		heard(() -> {
			this.wanted = null;
			this.step++;
			cancelNext();
			endWithdrawing();
			this.scheduler.shutdown();
		});
	}

	@Override
	public String toString() {
		return this.settings.toString();
	}

	/**
	 * Asks etcd for something.
	 */
	@FunctionalInterface
	private interface Call<T> {

		CompletionStage<? extends T> make();

	}

}
