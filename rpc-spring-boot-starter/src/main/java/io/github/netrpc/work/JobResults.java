package io.github.netrpc.work;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The results that nobody has taken yet, in the order of the items if that is wanted.
 * Guarded by its scheduler's lock.
 *
 * @param <R> the type of the results
 */
final class JobResults<R extends @Nullable Object> {

	/** Stands for an item that has no result. */
	private static final Object NONE = new Object();

	private final boolean ordered;

	private final Map<Long, @Nullable Object> early = new HashMap<>();

	private Deque<Slot<R>> ready = new ArrayDeque<>();

	private long nextIndex;

	JobResults(boolean ordered) {
		this.ordered = ordered;
	}

	void add(long index, R result) {
		if (!this.ordered) {
			this.ready.addLast(new Slot<>(result));
		}
		else {
			this.early.put(index, result);
			release();
		}
	}

	/**
	 * An item will have no result.
	 */
	void skip(long index) {
		if (this.ordered) {
			this.early.put(index, NONE);
			release();
		}
	}

	@SuppressWarnings({ "unchecked", "NullAway" }) // null where R says so
	private void release() {
		while (this.early.containsKey(this.nextIndex)) {
			Object result = this.early.remove(this.nextIndex++);
			if (result != NONE) {
				this.ready.addLast(new Slot<>((R) result));
			}
		}
	}

	boolean isEmpty() {
		return this.ready.isEmpty();
	}

	/**
	 * How many results are held, ready or early.
	 */
	int held() {
		return this.ready.size() + this.early.size();
	}

	/**
	 * Hands over all that are ready.
	 */
	Deque<Slot<R>> take() {
		Deque<Slot<R>> taken = this.ready;
		this.ready = new ArrayDeque<>();
		return taken;
	}

	/**
	 * A result, which may be null.
	 */
	record Slot<R extends @Nullable Object>(R result) {

	}

}
