package io.github.netrpc.work;

/**
 * Who may run items, at one moment.
 *
 * @param id tells it from the others
 * @param first how many items it is given at a time before it has shown that it is up to
 * more, 1 to its capacity
 * @param capacity how many items it runs at a time, 1 or more
 * @param state whether it takes items
 * @since 0.1.0
 */
public record Worker(String id, int first, int capacity, State state) {

	/**
	 * Checks the numbers.
	 * @throws IllegalArgumentException if one of them makes no sense
	 */
	public Worker {
		if (first < 1 || first > capacity) {
			throw new IllegalArgumentException("worker " + id + ", first: " + first + ", capacity: " + capacity
					+ " (expected: 1 or more, and the first no more than the capacity)");
		}
	}

	/**
	 * A worker that is given as many items as it runs from the beginning.
	 * @param id tells it from the others
	 * @param capacity how many items it runs at a time, 1 or more
	 * @param state whether it takes items
	 */
	public Worker(String id, int capacity, State state) {
		this(id, capacity, capacity, state);
	}

	/**
	 * Whether a worker takes items.
	 */
	public enum State {

		/** It takes as many as it has capacity for. */
		READY,

		/** Not known: it is given one item to find out. */
		UNPROVEN,

		/** It has failed too often: it is given one item at a time. */
		SUSPECT,

		/** It cannot be reached now. */
		AWAY

	}

}
