package io.github.netrpc.work;

/**
 * Who may run items, at one moment.
 *
 * @param id tells it from the others
 * @param capacity how many items it runs at a time, 1 or more
 * @param state whether it takes items
 * @since 0.1.0
 */
public record Worker(String id, int capacity, State state) {

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
