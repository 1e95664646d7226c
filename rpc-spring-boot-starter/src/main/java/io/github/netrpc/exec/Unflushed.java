package io.github.netrpc.exec;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What has taken output that was not flushed yet. Each is in here once, however much it
 * has taken. Thread-safe.
 *
 * @param <F> what can be flushed
 * @since 0.1.0
 */
public final class Unflushed<F extends Unflushed.Flushable> {

	private final Queue<F> queue = new ConcurrentLinkedQueue<>();

	/**
	 * Adds what has taken output, unless it is in here.
	 * @param flushable has taken output before this call
	 */
	public void add(F flushable) {
		if (flushable.markUnflushed()) {
			this.queue.add(flushable);
		}
	}

	/**
	 * Whether everything was flushed.
	 * @return whether nothing is in here
	 */
	public boolean isEmpty() {
		return this.queue.isEmpty();
	}

	/**
	 * Flushes all that is in here.
	 */
	public void flush() {
		for (F each = this.queue.poll(); each != null; each = this.queue.poll()) {
			each.flush();
		}
	}

	/**
	 * Takes output and flushes it later. Thread-safe.
	 */
	public interface Flushable {

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
