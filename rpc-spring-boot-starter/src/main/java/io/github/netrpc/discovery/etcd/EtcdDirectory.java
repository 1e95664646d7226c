package io.github.netrpc.discovery.etcd;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.github.netrpc.client.ClientTimer;
import io.github.netrpc.cluster.DirectoryContext;
import io.github.netrpc.cluster.NodeDirectory;
import io.github.netrpc.cluster.NodeEndpoint;
import io.github.netrpc.cluster.TargetUri;
import io.github.netrpc.exec.LogThrottle;

/**
 * The nodes of one service as they are registered in etcd: a list, and the changes from
 * its revision on. Thread-safe. <pre class="code">
 * RpcChannel.builder().target("etcd://10.0.0.1:2379,10.0.0.2:2379/arith")
 * </pre>
 * <p>
 * The list is asked for again and again, which shows whether etcd is there, and whether
 * it is still the one whose changes are watched. Whatever fails ends the session; the
 * next one begins with a whole list. Entries that are gone then are kept for the time of
 * a lease: servers that could not renew theirs while etcd was away register anew within
 * it, and a list of whoever was first must not replace one of all.
 *
 * @since 0.1.0
 */
public final class EtcdDirectory implements NodeDirectory {

	private static final Logger logger = LoggerFactory.getLogger(EtcdDirectory.class);

	private static final double FIRST_PAUSE_NANOS = Duration.ofMillis(100).toNanos();

	private static final double PAUSE_FACTOR = 1.6;

	/** From one list to the next at the least, when no node can be connected to. */
	private static final long SOONEST_NANOS = Duration.ofMillis(500).toNanos();

	private final TargetUri name;

	private final EtcdSettings settings;

	private final String keys;

	private final DirectoryContext context;

	private final ClientTimer timer;

	private final EtcdSession.Factory sessions;

	private final double refreshNanos;

	private final LogThrottle problems = new LogThrottle(1, Duration.ofSeconds(10));

	/** Held while the listener is told, so that it is told one thing after the other. */
	private final ReentrantLock telling = new ReentrantLock();

	// The rest is guarded by this. No session is called with it.

	private final NodeEntries entries;

	private @Nullable Listener listener;

	/** Counts sessions; what is said of an earlier one is not heard. */
	private long number;

	private @Nullable EtcdSession session;

	private boolean watching;

	private boolean asking;

	private long askedNanos;

	/** What was known when the list was asked for. */
	private long askedRevision;

	private boolean answered;

	private boolean holding;

	private int failuresInARow;

	private boolean closed;

	private Runnable cancelNext = () -> {
	};

	private Runnable cancelPatience = () -> {
	};

	private Runnable cancelRelease = () -> {
	};

	EtcdDirectory(TargetUri name, EtcdSettings settings, DirectoryContext context, EtcdSession.Factory sessions) {
		EtcdTarget target = EtcdTarget.of(name, settings);
		this.name = name;
		this.settings = target.settings();
		this.keys = target.keys();
		this.context = context;
		this.timer = context.timer();
		this.sessions = sessions;
		this.entries = new NodeEntries(this.keys);
		Duration refresh = (context.refreshInterval() != null) ? context.refreshInterval()
				: this.settings.refreshInterval();
		this.refreshNanos = (double) refresh.toNanos();
	}

	@Override
	public void watch(Listener listener) {
		synchronized (this) {
			this.listener = listener;
		}
		begin();
	}

	// Sessions

	private void begin() {
		long current;
		synchronized (this) {
			if (this.closed) {
				return;
			}
			this.number++;
			current = this.number;
		}
		try {
			this.context.lookups().execute(() -> open(current));
		}
		catch (RejectedExecutionException ex) {
			end(current, "there is no thread to open connections to etcd", ex);
		}
	}

	private void open(long current) {
		EtcdSession opened;
		try {
			opened = this.sessions.open(this.settings);
		}
		catch (Throwable ex) {
			end(current, text(ex), ex);
			return;
		}
		boolean late;
		synchronized (this) {
			late = isOver(current);
			if (!late) {
				this.session = opened;
			}
		}
		if (late) {
			opened.close();
		}
		else {
			ask(current, opened);
		}
	}

	private boolean isOver(long current) {
		return this.closed || current != this.number;
	}

	/**
	 * Ends a session, and plans the next one.
	 * @param reason why there is no list, or null if it is only to be asked for anew
	 */
	private void end(long current, @Nullable String reason, @Nullable Throwable cause) {
		EtcdSession ended;
		this.telling.lock();
		try {
			Listener told;
			synchronized (this) {
				if (isOver(current)) {
					return;
				}
				this.number++;
				ended = this.session;
				this.session = null;
				this.watching = false;
				this.asking = false;
				this.cancelNext.run();
				this.cancelPatience.run();
				this.failuresInARow++;
				this.cancelNext = this.timer.schedule(this::begin, pauseNanos());
				told = this.listener;
			}
			if (reason != null && told != null) {
				told.failed(reason, cause);
			}
		}
		finally {
			this.telling.unlock();
		}
		// Last: this may be a thread of the session's own, which is interrupted then.
		if (ended != null) {
			ended.close();
		}
	}

	private long pauseNanos() {
		double pause = FIRST_PAUSE_NANOS * Math.pow(PAUSE_FACTOR, this.failuresInARow - 1.0);
		return jittered(Math.min(pause, this.refreshNanos));
	}

	private long jittered(double nanos) {
		return (long) (nanos * (0.8 + 0.4 * this.context.random().getAsDouble()));
	}

	// Lists

	@Override
	public void refresh() {
		synchronized (this) {
			EtcdSession current = this.session;
			if (current != null && this.watching && !this.asking
					&& this.timer.nanoTime() - this.askedNanos >= SOONEST_NANOS) {
				planNext(current, 0);
			}
		}
	}

	private void planNext(EtcdSession current, long delayNanos) {
		long of = this.number;
		this.cancelNext.run();
		this.cancelNext = this.timer.schedule(() -> ask(of, current), delayNanos);
	}

	private void ask(long current, EtcdSession asked) {
		synchronized (this) {
			if (isOver(current) || this.asking) {
				return;
			}
			this.asking = true;
			this.askedNanos = this.timer.nanoTime();
			this.askedRevision = this.entries.revision();
			this.cancelPatience = this.timer.schedule(
					() -> end(current, "etcd did not answer within " + patience(), null),
					this.settings.timeout().toNanos());
		}
		CompletionStage<EtcdSession.Listing> listing;
		try {
			listing = asked.list(this.keys);
		}
		catch (RuntimeException ex) {
			end(current, text(ex), ex);
			return;
		}
		listing.whenComplete((list, failure) -> {
			if (failure != null) {
				end(current, text(failure), failure);
			}
			else {
				listed(current, list);
			}
		});
	}

	private String patience() {
		return this.settings.timeout().toMillis() + " ms";
	}

	private void listed(long current, EtcdSession.Listing list) {
		boolean anotherStore = false;
		EtcdSession toWatch = null;
		this.telling.lock();
		try {
			synchronized (this) {
				EtcdSession asked = this.session;
				if (isOver(current) || asked == null) {
					return;
				}
				this.cancelPatience.run();
				this.asking = false;
				if (!this.watching) {
					hold(current);
					this.entries.replace(list, this.holding);
					this.watching = true;
					this.answered = true;
					toWatch = asked;
				}
				else if (list.revision() < this.askedRevision) {
					// Revisions only ever grow: this store has lost what we know, and we
					// would wait for changes that it does not count up to for long.
					anotherStore = true;
				}
				else {
					this.failuresInARow = 0;
					if (list.revision() >= this.entries.revision()) {
						this.entries.replace(list, this.holding);
					}
				}
				planNext(asked, jittered(this.refreshNanos));
			}
			if (!anotherStore) {
				tell();
			}
		}
		finally {
			this.telling.unlock();
		}
		if (anotherStore) {
			end(current, null, null);
		}
		else if (toWatch != null) {
			watch(current, toWatch, list.revision() + 1);
		}
	}

	// Needs the lock.
	private void hold(long current) {
		this.cancelRelease.run();
		this.holding = this.answered;
		if (this.holding) {
			this.cancelRelease = this.timer.schedule(() -> release(current), this.settings.leaseTime().toNanos());
		}
	}

	private void release(long current) {
		this.telling.lock();
		try {
			boolean changed;
			synchronized (this) {
				if (isOver(current)) {
					// The next session begins with holding anew.
					return;
				}
				this.holding = false;
				changed = this.entries.release();
			}
			if (changed) {
				tell();
			}
		}
		finally {
			this.telling.unlock();
		}
	}

	/**
	 * Tells the listener what is known now. Needs the lock for telling.
	 */
	private void tell() {
		Listener told;
		List<NodeEndpoint> nodes;
		List<String> unread;
		synchronized (this) {
			told = this.listener;
			nodes = this.entries.nodes();
			unread = this.entries.takeProblems();
		}
		if (!unread.isEmpty()) {
			long left = this.problems.admit(this.timer.nanoTime());
			if (left >= 0) {
				logger.warn("Channel {}: an entry of {} is not used: {}{}{}", this.context.channel(), this.name,
						printable(unread.get(0)), (unread.size() > 1) ? ", and " + (unread.size() - 1) + " more" : "",
						LogThrottle.leftOut(left));
			}
		}
		if (told != null) {
			told.nodes(nodes);
		}
	}

	// Changes

	private void watch(long current, EtcdSession watched, long fromRevision) {
		try {
			watched.watch(this.keys, fromRevision, new EtcdSession.WatchListener() {

				@Override
				public void changed(List<EtcdSession.Change> changes) {
					EtcdDirectory.this.changed(current, changes);
				}

				@Override
				public void lost(String reason, @Nullable Throwable cause) {
					logger.debug("Channel {}: the watch of {} ended: {}", EtcdDirectory.this.context.channel(),
							EtcdDirectory.this.name, reason, cause);
					// Not yet a failure: a new list says more.
					end(current, null, null);
				}

			});
		}
		catch (RuntimeException ex) {
			end(current, text(ex), ex);
		}
	}

	private void changed(long current, List<EtcdSession.Change> changes) {
		this.telling.lock();
		try {
			synchronized (this) {
				if (isOver(current)) {
					return;
				}
				changes.forEach((change) -> this.entries.apply(change, this.holding));
			}
			tell();
		}
		finally {
			this.telling.unlock();
		}
	}

	@Override
	public void close() {
		EtcdSession ended;
		synchronized (this) {
			this.closed = true;
			this.cancelNext.run();
			this.cancelPatience.run();
			this.cancelRelease.run();
			ended = this.session;
			this.session = null;
		}
		if (ended != null) {
			ended.close();
		}
	}

	static String text(Throwable failure) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		return (cause.getMessage() != null) ? cause.getMessage() : cause.toString();
	}

	private static String printable(String text) {
		return ((text.length() > 300) ? text.substring(0, 300) + "…" : text).replaceAll("\\p{Cntrl}", "?");
	}

	@Override
	public String toString() {
		return this.name.toString();
	}

	/**
	 * Makes the directories of {@code etcd://} targets.
	 */
	public static final class Provider implements NodeDirectory.Provider {

		private final EtcdSettings settings;

		/**
		 * Creates a provider for targets that say where etcd is.
		 */
		public Provider() {
			this(EtcdSettings.DEFAULT);
		}

		/**
		 * Creates a provider.
		 * @param settings the settings; endpoints and prefix of a target win
		 */
		public Provider(EtcdSettings settings) {
			this.settings = settings;
		}

		@Override
		public String scheme() {
			return "etcd";
		}

		@Override
		public NodeDirectory create(TargetUri target, DirectoryContext context) {
			if (!isPresent()) {
				throw new IllegalArgumentException(
						"target \"" + target + "\": etcd:// needs io.etcd:jetcd-core on the class path");
			}
			return new EtcdDirectory(target, this.settings, context, JetcdSession::open);
		}

		private static boolean isPresent() {
			try {
				Class.forName("io.etcd.jetcd.Client", false, Provider.class.getClassLoader());
				return true;
			}
			catch (ClassNotFoundException ex) {
				return false;
			}
		}

	}

}
