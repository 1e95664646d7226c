package io.github.netrpc.server;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * A bounded queue for many producers and many consumers that allocates nothing per
 * element: Dmitry Vyukov's array queue, where each cell carries the turn it is in.
 * {@link #offer} publishes with volatile semantics, so a producer that reads other
 * volatile state afterwards takes part in a store-load protocol with consumers that write
 * that state and then look at the queue.
 *
 * @param <E> the type of the elements
 */
class BoundedQueue<E> {

	private final Cell[] cells;

	private final int mask;

	private final AtomicLong tail = new AtomicLong();

	private final AtomicLong head = new AtomicLong();

	/**
	 * Creates a queue.
	 * @param capacity how many elements it must hold; rounded up to a power of two
	 */
	BoundedQueue(int capacity) {
		int size = (capacity < 2) ? 2 : Integer.highestOneBit(capacity - 1) << 1;
		this.cells = new Cell[size];
		for (int i = 0; i < size; i++) {
			this.cells[i] = new Cell(i);
		}
		this.mask = size - 1;
	}

	/**
	 * Adds an element.
	 * @param element the element
	 * @return false if the queue is full
	 */
	boolean offer(E element) {
		while (true) {
			long position = this.tail.get();
			Cell cell = this.cells[(int) position & this.mask];
			long difference = cell.getAcquire() - position;
			if (difference == 0) {
				if (this.tail.compareAndSet(position, position + 1)) {
					cell.element = element;
					cell.set(position + 1);
					return true;
				}
			}
			else if (difference < 0) {
				return false;
			}
		}
	}

	/**
	 * Takes the oldest element.
	 * @return the element, or null if there is none whose {@link #offer} has ended
	 */
	@SuppressWarnings("unchecked")
	@Nullable E poll() {
		while (true) {
			long position = this.head.get();
			Cell cell = this.cells[(int) position & this.mask];
			long difference = cell.get() - (position + 1);
			if (difference == 0) {
				if (this.head.compareAndSet(position, position + 1)) {
					E element = (E) cell.element;
					cell.element = null;
					cell.setRelease(position + this.mask + 1);
					return element;
				}
			}
			else if (difference < 0) {
				return null;
			}
		}
	}

	/**
	 * Takes the oldest element if it meets a condition.
	 * @param condition asked about an element that somebody else may take meanwhile
	 * @return the element, or null if there is none or it does not meet the condition
	 */
	@Nullable E pollIf(Predicate<? super E> condition) {
		while (true) {
			long position = this.head.get();
			Cell cell = this.cells[(int) position & this.mask];
			E element = element(cell, position);
			if (element == null || !condition.test(element)) {
				if (position == this.head.get()) {
					return null;
				}
			}
			else if (this.head.compareAndSet(position, position + 1)) {
				cell.element = null;
				cell.setRelease(position + this.mask + 1);
				return element;
			}
		}
	}

	/**
	 * Shows the oldest element, which somebody else may take meanwhile.
	 * @return the element, or null if there is none
	 */
	@Nullable E peek() {
		while (true) {
			long position = this.head.get();
			E element = element(this.cells[(int) position & this.mask], position);
			// What was read is what was there only if nobody has taken it.
			if (position == this.head.get()) {
				return element;
			}
		}
	}

	@SuppressWarnings("unchecked")
	private @Nullable E element(Cell cell, long position) {
		return (cell.get() == position + 1) ? (E) cell.element : null;
	}

	/**
	 * Whether {@link #poll} would find nothing.
	 * @return whether the queue is empty
	 */
	boolean isEmpty() {
		while (true) {
			long position = this.head.get();
			long difference = this.cells[(int) position & this.mask].get() - (position + 1);
			if (difference <= 0) {
				return difference < 0;
			}
		}
	}

	/**
	 * How many elements there are, roughly while others use the queue.
	 * @return the number of elements
	 */
	int size() {
		return (int) Math.max(0, this.tail.get() - this.head.get());
	}

	/**
	 * How many elements were ever added.
	 * @return the number of elements
	 */
	long added() {
		return this.tail.get();
	}

	/**
	 * How many elements were ever taken.
	 * @return the number of elements
	 */
	long taken() {
		return this.head.get();
	}

	// The value is the turn: whose position may use the cell next, one more when it is
	// full.
	private static final class Cell extends AtomicLong {

		private static final long serialVersionUID = 1L;

		private transient @Nullable Object element;

		Cell(long turn) {
			super(turn);
		}

	}

}
