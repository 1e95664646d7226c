package io.github.netrpc.work;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The jobs of a channel: those that go on, and the last that have ended. Thread-safe.
 *
 * @since 0.1.0
 */
public final class JobRegistry implements AutoCloseable {

	/** Jobs that have ended and are still shown. */
	private static final int ENDED_KEPT = 20;

	// All guarded by this.

	private final Set<RpcJob<?>> open = new LinkedHashSet<>();

	private final Deque<RpcJob<?>> ended = new ArrayDeque<>();

	private boolean closed;

	/**
	 * Adds a job that begins.
	 * @return false if none may begin any more
	 */
	synchronized boolean add(RpcJob<?> job) {
		return !this.closed && this.open.add(job);
	}

	synchronized void ended(RpcJob<?> job) {
		if (this.open.remove(job)) {
			this.ended.addFirst(job);
			if (this.ended.size() > ENDED_KEPT) {
				this.ended.removeLast();
			}
		}
	}

	/**
	 * The jobs, for people and their dashboards.
	 * @return those that go on, in the order of their beginning, then the last ones that
	 * have ended, the newest first
	 */
	public synchronized List<RpcJob<?>> jobs() {
		List<RpcJob<?>> all = new ArrayList<>(this.open);
		all.addAll(this.ended);
		return all;
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
