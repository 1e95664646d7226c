package io.github.netrpc.work;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs of a channel: those that go on, what became of the last that have ended, and
 * what all of them have come to. A job that has ended is not held, nor are its items.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class JobRegistry implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(JobRegistry.class);

	/** What stands for the names of jobs beyond {@link #MOST_NAMES}. */
	public static final String OTHER = "other";

	/** Names are tags of meters, which never go away. */
	static final int MOST_NAMES = 100;

	/** Jobs that have ended and are still shown. */
	static final int ENDED_KEPT = 20;

	// All guarded by this.

	private final Set<RpcJob<?>> open = new LinkedHashSet<>();

	private final Deque<JobSnapshot> ended = new ArrayDeque<>();

	/** What jobs of each name have come to that have ended. */
	private final Map<String, JobTotals> totals = new LinkedHashMap<>();

	private final List<Consumer<? super String>> listeners = new ArrayList<>();

	private boolean closed;

	/**
	 * Adds a job that begins.
	 * @return false if none may begin any more
	 */
	boolean add(RpcJob<?> job) {
		List<Consumer<? super String>> told = List.of();
		String name;
		synchronized (this) {
			if (this.closed) {
				return false;
			}
			name = counted(job.name());
			if (this.totals.putIfAbsent(name, JobTotals.NONE) == null) {
				told = List.copyOf(this.listeners);
			}
			this.open.add(job);
		}
		told.forEach((listener) -> tell(listener, name));
		return true;
	}

	/**
	 * What listeners do with a name must not keep a job from beginning.
	 */
	private static void tell(Consumer<? super String> listener, String name) {
		try {
			listener.accept(name);
		}
		catch (RuntimeException ex) {
			logger.warn("Jobs of the name {} cannot be shown", name, ex);
		}
	}

	/**
	 * The name under which a job is counted.
	 */
	private synchronized String counted(String name) {
		return (this.totals.containsKey(name) || this.totals.size() < MOST_NAMES) ? name : OTHER;
	}

	synchronized void ended(RpcJob<?> job) {
		if (this.open.remove(job)) {
			JobSnapshot last = job.snapshot();
			this.totals.computeIfPresent(counted(job.name()), (name, before) -> before.plus(job.counted()));
			this.ended.addFirst(last);
			if (this.ended.size() > ENDED_KEPT) {
				this.ended.removeLast();
			}
		}
	}

	/**
	 * An answer has come to a job when all of that was decided, be it still among those
	 * that go on or not.
	 */
	synchronized void late(RpcJob<?> job) {
		this.totals.computeIfPresent(counted(job.name()), (name, before) -> before.plusLate());
	}

	/**
	 * The jobs that go on.
	 * @return the jobs, in the order of their beginning
	 */
	public synchronized List<RpcJob<?>> jobs() {
		return List.copyOf(this.open);
	}

	/**
	 * What is known of the jobs, for people and their dashboards.
	 * @return those that go on, in the order of their beginning, then the last ones that
	 * have ended, the newest first
	 */
	public List<JobSnapshot> snapshots() {
		List<RpcJob<?>> running;
		List<JobSnapshot> over;
		synchronized (this) {
			running = List.copyOf(this.open);
			over = List.copyOf(this.ended);
		}
		List<JobSnapshot> all = new ArrayList<>();
		running.forEach((job) -> all.add(job.snapshot()));
		all.addAll(over);
		return all;
	}

	/**
	 * What all jobs of a name have come to.
	 * @param name a name that {@link #onName} has told
	 * @return the sums, which never become less but for what is open and running
	 */
	public synchronized JobTotals totals(String name) {
		JobTotals sum = this.totals.getOrDefault(name, JobTotals.NONE);
		for (RpcJob<?> job : this.open) {
			if (counted(job.name()).equals(name)) {
				sum = sum.plus(job.counted());
			}
		}
		return sum;
	}

	/**
	 * Has somebody told of each name that jobs have: of those that there are, and of new
	 * ones before their first job begins. A hundred names at most, and {@link #OTHER} for
	 * those beyond.
	 * @param listener told of each name once
	 */
	public void onName(Consumer<? super String> listener) {
		List<String> known;
		synchronized (this) {
			known = List.copyOf(this.totals.keySet());
			this.listeners.add(listener);
		}
		known.forEach((name) -> tell(listener, name));
	}

	/**
	 * Ends the jobs that go on, and takes no others.
	 */
	@Override
	public void close() {
		List<RpcJob<?>> jobs;
		synchronized (this) {
			this.closed = true;
			jobs = List.copyOf(this.open);
		}
		jobs.forEach(RpcJob::closed);
	}

}
