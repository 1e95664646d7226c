package io.github.netrpc.server;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * The calls of one connection that are under way, so that they can be found and ended.
 * The connection's I/O thread adds calls and looks at them; whatever thread ends a call
 * removes it. Lock-free.
 * <p>
 * A call knows its slot, so that removing it is one compare-and-set. A new call is put
 * behind the one before it, where the oldest one has ended most likely; the slots are
 * doubled where half of them are in use and none nearby is free. A call that a caller has
 * given up is looked for in all slots: there are at most about two thousand.
 *
 * @param <C> the calls
 */
final class InFlightTable<C extends InFlightTable.Entry> {

	private static final int INITIAL = 8;

	private static final int PROBES = 8;

	private volatile AtomicReferenceArray<@Nullable C> slots = new AtomicReferenceArray<>(INITIAL);

	private int last;

	/**
	 * Adds a call. By the I/O thread.
	 * @param call the call
	 */
	void add(C call) {
		int slot = freeSlot(this.slots, PROBES);
		if (slot < 0) {
			if (count() >= this.slots.length() / 2) {
				grow(this.slots);
			}
			slot = freeSlot(this.slots, this.slots.length());
		}
		this.last = slot;
		call.slot(slot);
		this.slots.setRelease(slot, call);
	}

	private int freeSlot(AtomicReferenceArray<@Nullable C> current, int probes) {
		int mask = current.length() - 1;
		for (int i = 1; i <= probes; i++) {
			int slot = (this.last + i) & mask;
			if (current.getAcquire(slot) == null) {
				return slot;
			}
		}
		return -1;
	}

	// A call that ends meanwhile may have been copied and then be removed from the old
	// slots. Such a call had ended before the new slots could be seen, so the look at
	// them
	// finds it.
	private void grow(AtomicReferenceArray<@Nullable C> old) {
		AtomicReferenceArray<@Nullable C> grown = new AtomicReferenceArray<>(2 * old.length());
		for (int slot = 0; slot < old.length(); slot++) {
			grown.setPlain(slot, old.get(slot));
		}
		this.slots = grown;
		this.last = old.length() - 1;
		for (int slot = 0; slot < old.length(); slot++) {
			C call = grown.get(slot);
			if (call != null && call.hasEnded()) {
				grown.compareAndSet(slot, call, null);
			}
		}
	}

	/**
	 * Removes a call. On any thread, after the call has ended.
	 * @param call the call
	 */
	void remove(C call) {
		this.slots.compareAndSet(call.slot(), call, null);
	}

	/**
	 * How many calls there are slots for.
	 */
	int capacity() {
		return this.slots.length();
	}

	private int count() {
		int count = 0;
		for (int slot = 0; slot < this.slots.length(); slot++) {
			if (this.slots.getAcquire(slot) != null) {
				count++;
			}
		}
		return count;
	}

	/**
	 * Shows all calls. By the I/O thread; other threads may miss some.
	 * @param action takes each call, which may have ended
	 */
	void forEach(Consumer<? super C> action) {
		AtomicReferenceArray<@Nullable C> current = this.slots;
		for (int slot = 0; slot < current.length(); slot++) {
			C call = current.get(slot);
			if (call != null) {
				action.accept(call);
			}
		}
	}

	/**
	 * What the table needs of a call.
	 */
	interface Entry {

		/**
		 * Where the call is.
		 * @return what {@link #slot(int)} was given
		 */
		int slot();

		/**
		 * Remembers where the call is.
		 * @param slot the index
		 */
		void slot(int slot);

		/**
		 * Whether the call has ended, and was or will be removed. On any thread.
		 * @return whether it does not count
		 */
		boolean hasEnded();

	}

}
