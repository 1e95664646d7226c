package io.github.netrpc.work;

import java.util.ArrayDeque;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

/**
 * The items that wait to run: those that are to run again, copies included, before those
 * that have not run. Guarded by its scheduler's lock.
 *
 * @param <I> the type of the items
 */
final class WorkQueue<I extends @Nullable Object> {

	/** Items that are looked through for one that has not failed at a worker. */
	private static final int MOST_LOOKED_AT = 8;

	private final Deque<WorkItem<I>> fresh = new ArrayDeque<>();

	private final Deque<WorkItem<I>> again = new ArrayDeque<>();

	void add(WorkItem<I> item) {
		this.fresh.addLast(item);
	}

	/**
	 * An item is to run again, or a second time beside itself.
	 */
	void addAgain(WorkItem<I> item) {
		if (!item.queued) {
			item.queued = true;
			this.again.addLast(item);
		}
	}

	/**
	 * How many items have not run.
	 */
	int fresh() {
		return this.fresh.size();
	}

	boolean hasAgain() {
		return !this.again.isEmpty();
	}

	boolean isEmpty() {
		return this.fresh.isEmpty() && this.again.isEmpty();
	}

	/**
	 * Whether nothing waits but for copies of what runs.
	 */
	boolean hasOnlyCopies() {
		return this.fresh.isEmpty() && this.again.stream().allMatch((item) -> item.running > 0);
	}

	/**
	 * Takes an item that is to run again, one that its last worker would get only where
	 * there is no other.
	 * @param worker who is to run it
	 */
	@Nullable WorkItem<I> takeAgain(WorkerLoad worker, WorkerTable workers, RunningAttempts<I, ?> running, long now) {
		int looks = Math.min(this.again.size(), MOST_LOOKED_AT);
		boolean alone = looks > 0 && !workers.hasOther(worker.id, now);
		for (; looks > 0; looks--) {
			WorkItem<I> item = this.again.removeFirst();
			if (item.done) {
				continue;
			}
			boolean copy = item.running > 0;
			if (copy && !running.mayRunTwice(item)) {
				// It has called something since that may not be called again.
				item.queued = false;
				continue;
			}
			if (!worker.id.equals(item.lastWorker) || (alone && !copy)) {
				item.queued = false;
				return item;
			}
			this.again.addLast(item);
		}
		return null;
	}

	@Nullable WorkItem<I> takeFresh() {
		return this.fresh.pollFirst();
	}

	void clear() {
		this.fresh.clear();
		this.again.clear();
	}

}
