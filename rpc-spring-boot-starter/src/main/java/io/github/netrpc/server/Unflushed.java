package io.github.netrpc.server;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What has output that was not flushed yet. Each is in here once, however many replies it
 * has. Thread-safe.
 *
 * @param <F> what can be flushed
 */
final class Unflushed<F extends Unflushed.Flushable> {

	private final Queue<F> queue = new ConcurrentLinkedQueue<>();

	/**
	 * Adds what has taken output, unless it is in here.
	 * @param flushable has taken output before this call
	 */
	void add(F flushable) {
		if (flushable.markUnflushed()) {
			this.queue.add(flushable);
		}
	}

	boolean isEmpty() {
		return this.queue.isEmpty();
	}

	/**
	 * Flushes all that is in here.
	 */
	void flush() {
		for (F each = this.queue.poll(); each != null; each = this.queue.poll()) {
			each.flush();
		}
	}

	/**
	 * Takes output and flushes it later.
	 */
	interface Flushable {

		/**
		 * Marks this as unflushed.
		 * @return false if it was marked already
		 */
		boolean markUnflushed();

		/**
		 * Takes the mark off, then flushes.
		 */
		void flush();

	}

}
