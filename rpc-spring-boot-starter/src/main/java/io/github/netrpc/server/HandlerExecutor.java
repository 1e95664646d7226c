package io.github.netrpc.server;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.github.netrpc.exec.LogThrottle;
import io.github.netrpc.exec.StallWatch;
import io.github.netrpc.exec.Unflushed;

/**
 * Runs handlers on the threads of an {@link Executor}, many calls for each thread start.
 * I/O threads put calls into one bounded queue; runners take them out, one after another,
 * and end when there are none. One runner does a batch of short calls fastest, so there
 * is one, until a {@link StallWatch} finds that a call blocks: then the next runner is
 * started, and for a while runners are started ahead of need (a runner that takes a call
 * and sees more of them starts the next runner before it runs its call). A call that
 * blocks delays those behind it by three milliseconds at most, and not at all while that
 * lasts.
 * <p>
 * At most one start is under way at a time, and at most {@code maxRunners} runners exist.
 * No call stays in the queue while there is no runner, because of two orders: a producer
 * adds its call and then reads {@link #state}; a runner changes {@link #state} (runner
 * gone) and then looks at the queue. All four steps are volatile, so at least one side
 * sees what the other did.
 * <p>
 * Replies of calls that runners have run are flushed together, when the queue is empty or
 * the watch finds that a call blocks. With each of its looks an {@link OverloadControl}
 * looks, too: while there is overload, fewer calls may wait, and those that have waited
 * too long are refused. Thread-safe.
 *
 * @param <W> what each runner keeps for its calls
 */
final class HandlerExecutor<W extends HandlerExecutor.Worker> implements StallWatch.Work {

	private static final Logger logger = LoggerFactory.getLogger(RpcServer.class);

	private static final int LINES_PER_SECOND = 1;

	// Bit 0 of the state: a start is under way. The bits above count the runners, the
	// one that is being started included.
	private static final int STARTING = 1;

	private static final int ONE_RUNNER = 2;

	private final Executor executor;

	private final int maxRunners;

	private final int capacity;

	private final BoundedQueue<Task<W>> queue;

	/** What goes before all calls. */
	private final Queue<Runnable> first = new ConcurrentLinkedQueue<>();

	private final Supplier<W> workers;

	private final Unflushed<?> unflushed;

	private final StallWatch watch = new StallWatch(this);

	private final AtomicInteger state = new AtomicInteger();

	private final OverloadControl overload;

	private final LongSupplier nanoTime;

	private final LogThrottle failures = new LogThrottle(LINES_PER_SECOND, Duration.ofSeconds(1));

	/** Calls that were taken from the queue and refused, or kept to be queued again. */
	private final AtomicLong thrownAway = new AtomicLong();

	/**
	 * Creates an executor.
	 * @param executor provides threads; one task is one runner
	 * @param maxRunners how many runners there may be
	 * @param capacity how many calls may wait
	 * @param workers makes what each runner keeps, on the runner's thread
	 * @param unflushed what calls have left to be flushed
	 * @param limits when there is overload
	 * @param nanoTime the clock, in nanoseconds from anywhere
	 */
	HandlerExecutor(Executor executor, int maxRunners, int capacity, Supplier<W> workers, Unflushed<?> unflushed,
			OverloadLimits limits, LongSupplier nanoTime) {
		this(executor, maxRunners, capacity, workers, unflushed, limits, nanoTime, new BoundedQueue<>(capacity));
	}

	HandlerExecutor(Executor executor, int maxRunners, int capacity, Supplier<W> workers, Unflushed<?> unflushed,
			OverloadLimits limits, LongSupplier nanoTime, BoundedQueue<Task<W>> queue) {
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
		this.overload = new OverloadControl(limits, capacity);
		this.nanoTime = nanoTime;
	}

	/**
	 * Whether a call may be queued now.
	 * @return why not, or null if it may
	 */
	@Nullable RefusalReason full() {
		int size = this.queue.size();
		if (size < this.overload.bound()) {
			return null;
		}
		if (size >= this.capacity) {
			return RefusalReason.QUEUE_FULL;
		}
		return isSaturated() ? RefusalReason.OVERLOAD : null;
	}

	/**
	 * Queues a call.
	 * @param task the call
	 * @param timer runs the looks of the watch, on any thread
	 * @return false if too many wait already; the call was then not taken
	 */
	boolean submit(Task<W> task, StallWatch.Timer timer) {
		if (this.queue.size() >= this.capacity || !this.queue.offer(task)) {
			return false;
		}
		added(timer);
		return true;
	}

	/**
	 * Runs something short before all calls, however many wait: the end of what a call
	 * has left running, so that there are never more of these than calls.
	 * @param end what to run, which throws nothing
	 * @param timer as for {@link #submit}
	 */
	void runFirst(Runnable end, StallWatch.Timer timer) {
		this.first.add(end);
		added(timer);
	}

	private void added(StallWatch.Timer timer) {
		if (this.state.get() < ONE_RUNNER && startRunner()) {
			return;
		}
		// Somebody else's call may come first, and block.
		if (this.watch.eager()) {
			startRunner();
		}
		this.watch.arm(timer);
	}

	private boolean nothingWaits() {
		return this.queue.isEmpty() && this.first.isEmpty();
	}

	@Override
	public long added() {
		return this.queue.added();
	}

	@Override
	public long taken() {
		return this.queue.taken();
	}

	// In this order: a runner leaves a reply unflushed before it takes the next call.
	@Override
	public boolean isIdle() {
		return nothingWaits() && this.unflushed.isEmpty();
	}

	@Override
	public void looked() {
		long now = this.nanoTime.getAsLong();
		Task<W> head = this.queue.peek();
		this.overload.look(now, (head != null) ? now - head.queuedNanos() : 0, taken() - this.thrownAway.get(),
				isSaturated());
		if (this.overload.overloaded()) {
			refuseOld(now);
		}
	}

	private void refuseOld(long now) {
		Task<W> old = this.queue.pollIf((task) -> this.overload.isTooLong(now - task.queuedNanos()));
		while (old != null) {
			this.thrownAway.getAndIncrement();
			refuse(old, RefusalReason.WAITED_TOO_LONG);
			old = this.queue.pollIf((task) -> this.overload.isTooLong(now - task.queuedNanos()));
		}
	}

	// One call that cannot be answered must not keep the others from their answers.
	private void refuse(Task<W> task, RefusalReason reason) {
		try {
			task.refuse(reason);
		}
		catch (Throwable ex) {
			logFailure("A call could not be refused", ex);
		}
	}

	private void logFailure(String what, Throwable cause) {
		long left = this.failures.admit(this.nanoTime.getAsLong());
		if (left >= 0) {
			logger.error("{}{}", what, LogThrottle.leftOut(left), cause);
		}
	}

	// A runner that was asked for and has not begun says that there is no thread for it.
	private boolean isSaturated() {
		int seen = this.state.get();
		return (seen & STARTING) != 0 || (seen >> 1) >= this.maxRunners;
	}

	@Override
	public void moveOn() {
		if (!nothingWaits()) {
			startRunner();
		}
		this.unflushed.flush();
	}

	/**
	 * How many calls wait for a runner.
	 * @return the number of calls
	 */
	int queued() {
		return this.queue.size();
	}

	/**
	 * How many calls may wait while there is no overload.
	 * @return the number of calls
	 */
	int capacity() {
		return this.capacity;
	}

	/**
	 * How many calls may wait now.
	 * @return the number of calls
	 */
	int bound() {
		return this.overload.bound();
	}

	/**
	 * How long a call may wait while there is overload.
	 * @return the time in nanoseconds
	 */
	long maxWaitNanos() {
		return this.overload.maxWaitNanos();
	}

	/**
	 * How many runners there may be.
	 * @return the number of runners
	 */
	int maxRunners() {
		return this.maxRunners;
	}

	/**
	 * How many runners there are, those being started included.
	 * @return the number of runners
	 */
	int runners() {
		return this.state.get() >> 1;
	}

	/**
	 * Starts a runner, unless a start is under way or there are as many as may be.
	 * @return whether this has started one
	 */
	private boolean startRunner() {
		int seen = this.state.get();
		while ((seen & STARTING) == 0 && (seen >> 1) < this.maxRunners) {
			if (this.state.compareAndSet(seen, seen + ONE_RUNNER + STARTING)) {
				launch();
				return true;
			}
			seen = this.state.get();
		}
		return false;
	}

	private void launch() {
		try {
			this.executor.execute(this::run);
		}
		catch (Throwable ex) {
			// Whatever an executor throws, no runner comes. An OutOfMemoryError here says
			// that the system has no more threads.
			if (!(ex instanceof RejectedExecutionException)) {
				logFailure("No thread for a handler", ex);
			}
			if ((this.state.addAndGet(-ONE_RUNNER - STARTING) >> 1) == 0) {
				refuseAll();
			}
		}
	}

	// Nobody will come for these calls: the executor takes no more tasks.
	private void refuseAll() {
		this.first.clear();
		for (Task<W> task = this.queue.poll(); task != null; task = this.queue.poll()) {
			refuse(task, RefusalReason.NO_THREAD);
		}
	}

	private void run() {
		// From here on the next runner may be started, so what was added while this one
		// was
		// being started must be looked for after this line.
		this.state.addAndGet(-STARTING);
		W worker = null;
		boolean counted = true;
		try {
			while (counted) {
				worker = runQueued(worker);
				counted = false;
				this.state.addAndGet(-ONE_RUNNER);
				// A producer may have added a call after the last look at the queue, and
				// seen that this runner was there.
				counted = !nothingWaits() && reenter();
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
		runFirst();
		for (Task<W> task = this.queue.poll(); task != null; task = this.queue.poll()) {
			if (this.watch.eager() && !this.queue.isEmpty()) {
				startRunner();
			}
			try {
				if (isToBeRun(task)) {
					if (current == null) {
						current = newWorker(task);
					}
					if (!task.run(current)) {
						this.thrownAway.getAndIncrement();
					}
				}
			}
			finally {
				// An interrupt belongs to the call that was interrupted, not to the next
				// one.
				Thread.interrupted();
			}
			runFirst();
		}
		if (this.overload.overloaded()) {
			this.overload.ranDry(this.nanoTime.getAsLong());
		}
		this.unflushed.flush();
		return current;
	}

	private void runFirst() {
		for (Runnable end = this.first.poll(); end != null; end = this.first.poll()) {
			if (this.watch.eager() && !nothingWaits()) {
				startRunner();
			}
			try {
				end.run();
			}
			finally {
				Thread.interrupted();
			}
		}
	}

	private boolean isToBeRun(Task<W> task) {
		if (task.isOver()) {
			this.thrownAway.getAndIncrement();
			return false;
		}
		if (this.overload.overloaded() && this.overload.isTooLong(this.nanoTime.getAsLong() - task.queuedNanos())) {
			this.thrownAway.getAndIncrement();
			task.refuse(RefusalReason.WAITED_TOO_LONG);
			return false;
		}
		return true;
	}

	private W newWorker(Task<W> task) {
		try {
			return this.workers.get();
		}
		catch (Throwable ex) {
			task.refuse(RefusalReason.NO_THREAD);
			throw ex;
		}
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
		 * @return false if no handler was given the call yet: it was kept, is queued
		 * again later, and is counted then
		 */
		boolean run(W worker);

		/**
		 * The call will never run, because the server does not want it to.
		 * @param reason why
		 */
		void refuse(RefusalReason reason);

		/**
		 * Whether the call has ended before it ran, and must not run.
		 * @return whether there is nothing to do
		 */
		boolean isOver();

		/**
		 * When the call was queued.
		 * @return the time in nanoseconds, as the executor's clock tells it
		 */
		long queuedNanos();

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
