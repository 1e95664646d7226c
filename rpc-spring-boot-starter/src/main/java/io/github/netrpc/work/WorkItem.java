package io.github.netrpc.work;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * An item that has been pulled and has no outcome yet. Guarded by its scheduler's lock.
 *
 * @param <I> the type of the item
 */
final class WorkItem<I extends @Nullable Object> {

	/** Before an item is refused. */
	static final long NOT_REFUSED = Long.MAX_VALUE;

	final long index;

	final I value;

	/** Since when it has had nothing but refusals. */
	long refusedSinceNanos = NOT_REFUSED;

	/** Attempts that have begun. */
	int begun;

	/** Attempts that have begun and not ended. */
	int running;

	boolean done;

	/**
	 * It has had its copy, or is to have it. Read without the lock, too: who is about to
	 * do what may be done once only says so first and looks here then; who makes a copy
	 * sets this first and then looks whether that was said.
	 */
	volatile boolean copied;

	/** Waits to run again, or for its copy to. */
	boolean queued;

	/** Who failed with it last, or runs it. */
	@Nullable String lastWorker;

	/** Most items have none, and there may be many items. */
	private List<ItemFailure> failures = List.of();

	WorkItem(long index, I value) {
		this.index = index;
		this.value = value;
	}

	/**
	 * Takes down how an attempt has failed.
	 * @return whether the item has failed for good, as far as this attempt goes
	 */
	boolean failed(Verdict verdict, ItemFailure failure, long now, JobOptions options) {
		boolean refused = verdict.isRefusal();
		this.refusedSinceNanos = !refused ? NOT_REFUSED : Math.min(this.refusedSinceNanos, now);
		boolean tooOften = refused && now - this.refusedSinceNanos >= options.itemTimeoutNanos();
		if (!refused || tooOften) {
			this.failures = this.failures.isEmpty() ? new ArrayList<>() : this.failures;
			this.failures.add(failure);
		}
		return verdict == Verdict.FOR_GOOD || tooOften || this.failures.size() >= options.attempts();
	}

	ParkedItem parked() {
		return new ParkedItem(this.index, this.value, this.failures);
	}

}
