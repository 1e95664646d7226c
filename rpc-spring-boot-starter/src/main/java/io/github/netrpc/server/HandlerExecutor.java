package io.github.netrpc.server;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Runs handlers on the threads of an {@link Executor}, many calls for each thread start.
 * I/O threads put calls into one bounded queue; runners take them out, one after another,
 * and end when there are none. A runner that takes a call and sees more of them starts
 * the next runner before it runs its call (leader and follower), so a handler that blocks
 * delays the calls behind it by one hand-off at most, while a batch of cheap calls is
 * done by the first runner before the second one is awake.
 * <p>
 * At most one start is under way at a time, and at most {@code maxRunners} runners exist.
 * No call stays in the queue while a runner could be started, because of two orders: a
 * producer adds its call and then reads {@link #state}; a runner changes {@link #state}
 * (start ended, runner gone) and then looks at the queue. All four steps are volatile, so
 * at least one side sees what the other did.
 * <p>
 * Replies of calls that runners have run are flushed together, when the queue is empty.
 * They do not wait for a call that blocks: before a runner runs a call while replies wait,
 * it makes sure that another runner is being started, and a runner that starts flushes
 * first; if no more runners may be started it flushes itself. Thread-safe.
 *
 * @param <W> what each runner keeps for its calls
 */
final class HandlerExecutor<W extends HandlerExecutor.Worker> {

	// Bit 0 of the state: a start is under way. The bits above count the runners, the
	// one that is being started included.
	private static final int STARTING = 1;

	private static final int ONE_RUNNER = 2;

	private final Executor executor;

	private final int maxRunners;

	private final int capacity;

	private final BoundedQueue<Task<W>> queue;

	private final Supplier<W> workers;

	private final Unflushed<?> unflushed;

	private final AtomicInteger state = new AtomicInteger();

	/**
	 * Creates an executor.
	 * @param executor provides threads; one task is one runner
	 * @param maxRunners how many runners there may be
	 * @param capacity how many calls may wait
	 * @param workers makes what each runner keeps, on the runner's thread
	 * @param unflushed what calls have left to be flushed
	 */
	HandlerExecutor(Executor executor, int maxRunners, int capacity, Supplier<W> workers, Unflushed<?> unflushed) {
		this(executor, maxRunners, capacity, workers, unflushed, new BoundedQueue<>(capacity));
	}

	HandlerExecutor(Executor executor, int maxRunners, int capacity, Supplier<W> workers, Unflushed<?> unflushed,
			BoundedQueue<Task<W>> queue) {
		if (maxRunners < 1 || capacity < 1) {
			throw new IllegalArgumentException(
					"handlers: " + maxRunners + ", queue: " + capacity + " (expected: 1 or more)");
		}
		this.executor = executor;
		this.maxRunners = maxRunners;
		this.capacity = capacity;
		this.queue = queue;
		this.workers = workers;
		this.unflushed = unflushed;
	}

	/**
	 * Queues a call.
	 * @param task the call
	 * @return false if too many wait already; the call was then not taken
	 */
	boolean submit(Task<W> task) {
		if (this.queue.size() >= this.capacity || !this.queue.offer(task)) {
			return false;
		}
		startRunner();
		return true;
	}

	/**
	 * How many calls wait for a runner.
	 * @return the number of calls
	 */
	int queued() {
		return this.queue.size();
	}

	/**
	 * How many runners there are, those being started included.
	 * @return the number of runners
	 */
	int runners() {
		return this.state.get() >> 1;
	}

	/**
	 * Starts a runner unless a start is under way.
	 * @return whether one is under way now; if not, as many as may be are there
	 */
	private boolean startRunner() {
		int seen = this.state.get();
		while ((seen & STARTING) == 0) {
			if ((seen >> 1) >= this.maxRunners) {
				return false;
			}
			if (this.state.compareAndSet(seen, seen + ONE_RUNNER + STARTING)) {
				launch();
				return true;
			}
			seen = this.state.get();
		}
		return true;
	}

	private void launch() {
		try {
			this.executor.execute(this::run);
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			// An OutOfMemoryError here says that the system has no more threads.
			if ((this.state.addAndGet(-ONE_RUNNER - STARTING) >> 1) == 0) {
				refuseAll();
			}
		}
	}

	// Nobody will come for these calls: the executor takes no more tasks.
	private void refuseAll() {
		for (Task<W> task = this.queue.poll(); task != null; task = this.queue.poll()) {
			task.refuse();
		}
	}

	private void run() {
		// From here on producers start the next runner, so what they added while this
		// one was being started must be looked for after this line.
		this.state.addAndGet(-STARTING);
		this.unflushed.flush();
		W worker = null;
		boolean counted = true;
		try {
			while (counted) {
				worker = runQueued(worker);
				counted = false;
				this.state.addAndGet(-ONE_RUNNER);
				// A producer may have added a call after the last look at the queue, and
				// seen that this runner was there.
				counted = !this.queue.isEmpty() && reenter();
			}
		}
		finally {
			if (counted) {
				this.state.addAndGet(-ONE_RUNNER);
				startRunner();
			}
			if (worker != null) {
				worker.close();
			}
		}
	}

	private boolean reenter() {
		int seen = this.state.get();
		while ((seen >> 1) < this.maxRunners) {
			if (this.state.compareAndSet(seen, seen + ONE_RUNNER)) {
				return true;
			}
			seen = this.state.get();
		}
		return false;
	}

	private @Nullable W runQueued(@Nullable W worker) {
		W current = worker;
		for (Task<W> task = this.queue.poll(); task != null; task = this.queue.poll()) {
			boolean unflushed = !this.unflushed.isEmpty();
			if ((unflushed || !this.queue.isEmpty()) && !startRunner() && unflushed) {
				// Nobody will come by and flush if this call blocks.
				this.unflushed.flush();
			}
			if (current == null) {
				current = this.workers.get();
			}
			try {
				task.run(current);
			}
			finally {
				// An interrupt belongs to the call that was interrupted, not to the next
				// one.
				Thread.interrupted();
			}
		}
		this.unflushed.flush();
		return current;
	}

	/**
	 * A call.
	 *
	 * @param <W> what runners keep
	 */
	interface Task<W> {

		/**
		 * Runs the call. Throws nothing.
		 * @param worker what the runner keeps
		 */
		void run(W worker);

		/**
		 * The call will never run.
		 */
		void refuse();

	}

	/**
	 * What a runner keeps from call to call.
	 */
	interface Worker {

		/**
		 * The runner ends.
		 */
		void close();

	}

}
