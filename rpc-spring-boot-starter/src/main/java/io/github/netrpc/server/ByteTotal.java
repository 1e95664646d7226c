package io.github.netrpc.server;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

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

	private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

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
		this.waiting.add(task);
		if (!this.tooMany) {
			wakeAll();
		}
	}

	private void wakeAll() {
		for (Runnable next = this.waiting.poll(); next != null; next = this.waiting.poll()) {
			next.run();
		}
	}

}
