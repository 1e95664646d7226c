package io.github.netrpc.work;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcException;

/**
 * Where the items of a job run. Thread-safe, and never blocks.
 *
 * @param <I> the type of the items
 * @param <R> the type of the results
 * @since 0.1.0
 */
public interface WorkerPool<I extends @Nullable Object, R extends @Nullable Object> {

	/**
	 * The workers of the moment.
	 * @return the workers, whatever state they are in; none while none are known
	 */
	List<Worker> workers();

	/**
	 * Says why there are no workers.
	 * @return for example {@code no nodes of dns://arith:1234}
	 */
	String missing();

	/**
	 * Begins an item. Never throws.
	 * @param worker the id of the worker
	 * @param item the item
	 * @param deadlineNanos when it has to be over, in the time of the job's timer
	 * @param listener told of the end, once, by any thread and maybe before this is back;
	 * after {@link RunningItem#abandon} only of a result that came too late
	 * @return the item as it runs
	 */
	RunningItem begin(String worker, I item, long deadlineNanos, ItemListener<R> listener);

	/**
	 * How often workers want to hear that somebody waits for their items.
	 * @return nanoseconds, 0 for never
	 */
	default long renewalNanos() {
		return 0;
	}

	/**
	 * Tells a worker that somebody waits for its items.
	 * @param worker the id of a worker that has some
	 */
	default void renew(String worker) {
	}

	/**
	 * Told how an item ended.
	 *
	 * @param <R> the type of the result
	 */
	interface ItemListener<R extends @Nullable Object> {

		/**
		 * It has a result.
		 * @param result the result
		 */
		void succeeded(R result);

		/**
		 * It has none.
		 * @param failure why
		 */
		void failed(RpcException failure);

		/**
		 * The item is about to do what may not be done a second time. Of two attempts at
		 * an item the first that asks may, and the other one is given up.
		 * @return false if this attempt must not, since it has been given up
		 */
		default boolean claim() {
			return true;
		}

		/**
		 * An answer has come to a call of the item that had been given up.
		 */
		default void late() {
		}

		/**
		 * What runs the items is of the wrong kind, so that the job makes no sense.
		 * @param why says so
		 */
		void misused(String why);

	}

	/**
	 * An item that a worker runs. Thread-safe.
	 */
	interface RunningItem {

		/**
		 * Whether it does no harm to run the item a second time: all that it has called
		 * so far is idempotent, and it has called something. What is not so has to be
		 * seen here before it is {@linkplain ItemListener#claim claimed}.
		 * @return true if it may run twice
		 */
		boolean mayRunTwice();

		/**
		 * Ends the item if it has not ended, and tells the worker. The listener hears no
		 * more of it, but for a result that nobody could keep from coming.
		 * @param why says so to whoever asks
		 */
		void abandon(String why);

	}

}
