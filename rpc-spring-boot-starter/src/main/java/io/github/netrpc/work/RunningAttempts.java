package io.github.netrpc.work;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The attempts that have begun and not ended, the earliest first: a list that is linked
 * through its elements, so that each can be taken out at once. Guarded by its scheduler's
 * lock.
 *
 * @param <I> the type of the items
 * @param <R> the type of the results
 */
final class RunningAttempts<I extends @Nullable Object, R extends @Nullable Object> {

	private @Nullable ItemAttempt<I, R> first;

	private @Nullable ItemAttempt<I, R> last;

	private int size;

	void add(ItemAttempt<I, R> attempt) {
		ItemAttempt<I, R> before = this.last;
		attempt.earlier = before;
		if (before == null) {
			this.first = attempt;
		}
		else {
			before.later = attempt;
		}
		this.last = attempt;
		this.size++;
	}

	void remove(ItemAttempt<I, R> attempt) {
		ItemAttempt<I, R> before = attempt.earlier;
		ItemAttempt<I, R> after = attempt.later;
		if (before == null) {
			this.first = after;
		}
		else {
			before.later = after;
		}
		if (after == null) {
			this.last = before;
		}
		else {
			after.earlier = before;
		}
		attempt.earlier = null;
		attempt.later = null;
		this.size--;
	}

	int size() {
		return this.size;
	}

	/**
	 * Those that began at a time or before it, the earliest first.
	 */
	List<ItemAttempt<I, R>> begunUntil(long nanos) {
		List<ItemAttempt<I, R>> found = new ArrayList<>();
		for (ItemAttempt<I, R> each = this.first; each != null && each.startNanos <= nanos; each = each.later) {
			found.add(each);
		}
		return found;
	}

	List<ItemAttempt<I, R>> all() {
		return begunUntil(Long.MAX_VALUE);
	}

	/**
	 * Whether all that runs of an item may run once more.
	 */
	boolean mayRunTwice(WorkItem<I> item) {
		ItemAttempt<I, R> attempt = other(item);
		return attempt != null && attempt.running != null && attempt.running.mayRunTwice();
	}

	/**
	 * The attempt that runs beside another one.
	 */
	@Nullable ItemAttempt<I, R> beside(ItemAttempt<I, R> attempt) {
		for (ItemAttempt<I, R> each = this.first; each != null; each = each.later) {
			if (each.item == attempt.item && each != attempt) {
				return each;
			}
		}
		return null;
	}

	/**
	 * The other attempts at the same item. There is one at most, since an item is copied
	 * once.
	 */
	@Nullable ItemAttempt<I, R> other(WorkItem<I> item) {
		for (ItemAttempt<I, R> each = this.first; each != null; each = each.later) {
			if (each.item == item) {
				return each;
			}
		}
		return null;
	}

}
