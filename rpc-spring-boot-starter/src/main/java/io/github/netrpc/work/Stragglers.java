package io.github.netrpc.work;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Which items take so long at the end of a job that a copy at another worker is likely to
 * be sooner: more than twice the median, when three quarters of the job are done. At most
 * one copy of an item and a tenth of all items, and only of what may run twice. Guarded
 * by its scheduler's lock.
 */
final class Stragglers {

	private static final double DONE = 0.75;

	private static final double MOST_COPIES = 0.1;

	private final boolean allowed;

	private long copies;

	Stragglers(boolean allowed) {
		this.allowed = allowed;
	}

	/**
	 * Finds items to copy, and counts them as copied.
	 * @param all how many items there are
	 */
	<I extends @Nullable Object, R extends @Nullable Object> List<WorkItem<I>> find(RunningAttempts<I, R> running,
			RecentDurations durations, long now, long completed, long all) {
		long most = (long) (MOST_COPIES * all);
		if (!this.allowed || completed < DONE * all || this.copies >= most || running.size() == 0) {
			return List.of();
		}
		long median = durations.median();
		long tooLong = (median > Long.MAX_VALUE / 4) ? Long.MAX_VALUE / 2 : 2 * median;
		List<WorkItem<I>> found = new ArrayList<>();
		for (ItemAttempt<I, R> attempt : running.begunUntil(now - tooLong)) {
			WorkItem<I> item = attempt.item;
			WorkerPool.RunningItem begun = attempt.running;
			if (this.copies < most && !item.copied && item.running == 1 && begun != null && begun.mayRunTwice()) {
				item.copied = true;
				this.copies++;
				found.add(item);
			}
		}
		return found;
	}

}
