package io.github.netrpc.client;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * The calls of one connection that wait for replies. Lock-free.
 * <p>
 * A call's number is {@code ticket << bits | slot}: the ticket is new for each call, so
 * numbers are unique, and the slot says where the call is, so a reply finds it with one
 * look. Whoever looks compares the whole number, so a late reply never meets the slot's
 * next owner. There are as many slots as calls may be in flight; the range that new calls
 * are put into grows on demand, since a few slots that stay in the cache are faster than
 * many. The range is a hint: whoever must see every call looks at every slot.
 */
final class PendingTable {

	private static final int INITIAL = 64;

	private final AtomicReferenceArray<@Nullable ClientCall<?>> slots;

	private final AtomicLong tickets = new AtomicLong();

	private final LongAdder unowned = new LongAdder();

	private final int bits;

	private volatile int range;

	/**
	 * Creates an empty table.
	 * @param capacity how many calls it can hold, a power of two
	 */
	PendingTable(int capacity) {
		if (Integer.bitCount(capacity) != 1) {
			throw new IllegalArgumentException("capacity: " + capacity + " (expected: a power of two)");
		}
		this.slots = new AtomicReferenceArray<>(capacity);
		this.bits = Integer.numberOfTrailingZeros(capacity);
		this.range = Math.min(INITIAL, capacity);
	}

	/**
	 * Adds a call and gives it its number.
	 * @return false if as many calls wait as the table holds
	 */
	boolean add(ClientCall<?> call) {
		long ticket = this.tickets.getAndIncrement();
		int range = this.range;
		while (true) {
			for (int i = 0; i < range; i++) {
				int slot = (int) (ticket + i) & (range - 1);
				if (this.slots.getPlain(slot) == null) {
					call.number(ticket << this.bits | slot);
					if (this.slots.compareAndSet(slot, null, call)) {
						return true;
					}
				}
			}
			if (range == this.slots.length()) {
				this.unowned.increment();
				return false;
			}
			range *= 2;
			this.range = range;
		}
	}

	/**
	 * Finds the call with a number, and leaves it in the table.
	 */
	@Nullable ClientCall<?> find(long seq) {
		ClientCall<?> call = this.slots.get(slotOf(seq));
		return (call != null && call.number() == seq) ? call : null;
	}

	/**
	 * Removes a call.
	 * @return false if it is not in the table
	 */
	boolean remove(ClientCall<?> call) {
		return this.slots.compareAndSet(slotOf(call.number()), call, null);
	}

	/**
	 * Shows all calls; those that are added or removed meanwhile may be missed or shown.
	 */
	void forEach(Consumer<ClientCall<?>> action) {
		for (int slot = 0; slot < this.slots.length(); slot++) {
			ClientCall<?> call = this.slots.get(slot);
			if (call != null) {
				action.accept(call);
			}
		}
	}

	/**
	 * Removes all calls, and gives each that nobody else removes meanwhile away. Those
	 * that are added meanwhile may be missed.
	 */
	void takeEach(Consumer<ClientCall<?>> action) {
		for (int slot = 0; slot < this.slots.length(); slot++) {
			ClientCall<?> call = this.slots.get(slot);
			if (call != null && this.slots.compareAndSet(slot, call, null)) {
				action.accept(call);
			}
		}
	}

	/**
	 * Whether a call could be added.
	 */
	boolean hasRoom() {
		for (int slot = 0; slot < this.slots.length(); slot++) {
			if (this.slots.get(slot) == null) {
				return true;
			}
		}
		return false;
	}

	boolean isEmpty() {
		for (int slot = 0; slot < this.slots.length(); slot++) {
			if (this.slots.get(slot) != null) {
				return false;
			}
		}
		return true;
	}

	/**
	 * When the oldest call began, or {@link Long#MAX_VALUE} if there is none.
	 */
	long oldestStart() {
		long oldest = Long.MAX_VALUE;
		for (int slot = 0; slot < this.slots.length(); slot++) {
			ClientCall<?> call = this.slots.get(slot);
			if (call != null) {
				oldest = Math.min(oldest, call.startNanos());
			}
		}
		return oldest;
	}

	/**
	 * A number that no call has, for a message whose reply nobody waits for.
	 */
	long freeNumber() {
		this.unowned.increment();
		return this.tickets.getAndIncrement() << this.bits;
	}

	int count() {
		int count = 0;
		for (int slot = 0; slot < this.slots.length(); slot++) {
			if (this.slots.get(slot) != null) {
				count++;
			}
		}
		return count;
	}

	/**
	 * How many calls were ever added.
	 */
	long total() {
		long unowned = this.unowned.sum();
		return this.tickets.get() - unowned;
	}

	private int slotOf(long seq) {
		return (int) seq & (this.slots.length() - 1);
	}

}
