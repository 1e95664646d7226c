package io.github.netrpc.server;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

/**
 * What all connections of a server hold, in bytes: replies that wait for peers, or
 * arguments. There are too many of them from the moment they pass a limit until half of
 * it is left. Thread-safe.
 */
final class ByteTotal {

	/** By default as much as a few hundred connections that each fill their own limit. */
	static final long DEFAULT = 256L << 20;

	private final long limit;

	private final AtomicLong bytes = new AtomicLong();

	/** In the order in which they came. Guarded by itself. */
	private final Set<Runnable> waiting = new LinkedHashSet<>(0);

	private volatile boolean tooMany;

	ByteTotal(long limit) {
		this.limit = limit;
	}

	/**
	 * Counts.
	 * @param more how many bytes more there are, or less
	 * @return whether there are too many since now
	 */
	boolean add(long more) {
		long now = this.bytes.addAndGet(more);
		boolean passed = now > this.limit && !this.tooMany;
		if (passed) {
			this.tooMany = true;
			// Whoever has taken some away since did not see that there are too many.
			now = this.bytes.get();
		}
		if (this.tooMany && now <= this.limit / 2) {
			this.tooMany = false;
			wakeAll();
		}
		return passed;
	}

	boolean isTooMany() {
		return this.tooMany;
	}

	long limit() {
		return this.limit;
	}

	long bytes() {
		return this.bytes.get();
	}

	/**
	 * Runs something once there are not too many any more, perhaps at once.
	 * @param task a short task
	 */
	void whenFewer(Runnable task) {
		synchronized (this.waiting) {
			this.waiting.add(task);
		}
		if (!this.tooMany) {
			wakeAll();
		}
	}

	/**
	 * Lets go of a task that need not run any more: there may be too many for hours, and
	 * what a task holds would be held as long.
	 * @param task was given to {@link #whenFewer}, and may have run
	 */
	void forget(Runnable task) {
		synchronized (this.waiting) {
			this.waiting.remove(task);
		}
	}

	/**
	 * How many tasks wait.
	 */
	int waiting() {
		synchronized (this.waiting) {
			return this.waiting.size();
		}
	}

	private void wakeAll() {
		for (Runnable next = poll(); next != null; next = poll()) {
			next.run();
		}
	}

	private @Nullable Runnable poll() {
		synchronized (this.waiting) {
			Iterator<Runnable> tasks = this.waiting.iterator();
			if (!tasks.hasNext()) {
				return null;
			}
			Runnable first = tasks.next();
			tasks.remove();
			return first;
		}
	}

}
