package io.github.netrpc.client;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.exec.StallWatch;
import io.github.netrpc.exec.Unflushed;

/**
 * Completes futures away from the I/O threads, with few hand-offs. One task, the runner,
 * completes all that is queued, one after the other, so a batch of replies costs one
 * wake-up. Where a callback blocks, a {@link StallWatch} gets another runner after three
 * milliseconds at most, and has runners started ahead of need for a while. At most one
 * start is under way at a time.
 * <p>
 * An executor may take a task and drop it without a word, as one does that is shut down
 * at once or discards what is too much. So while a start is under way a timer looks at it
 * every 50 ms. If the executor is shut down, or has not begun for half a second, what
 * waits is completed on a spare thread: every call must end, and an executor whose
 * threads all wait for what is queued behind them would never begin either. For the same
 * reason a spare thread does what the executor refuses while a callback blocks, and all
 * that waits once nobody looks any more.
 * <p>
 * Calls that callbacks begin are flushed together, when there is nothing left to complete
 * or the watch finds that a callback blocks. Thread-safe.
 */
final class Completions implements StallWatch.Work {

	/** Between two looks at a start that is under way. */
	static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	/** After so many looks at the same start it will not be one. */
	private static final int MOST_LOOKS = 10;

	private final Executor executor;

	private final Executor spare;

	private final boolean direct;

	private final ClientTimer timer;

	private final BooleanSupplier inIoThread;

	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable ClientCall<?> head;

	private @Nullable ClientCall<?> tail;

	/** A task was given to the executor and has not begun. */
	private boolean starting;

	/** That task is a spare thread's now. Guarded by the lock. */
	private boolean spareStarting;

	/** How many tasks were given to the executor. Guarded by the lock. */
	private long starts;

	/** Whether a look at the start under way is to come. */
	private final AtomicBoolean looking = new AtomicBoolean();

	/** What {@link #starts} was at the last look. Used by one look at a time. */
	private long startsBefore;

	/** How many looks have found the same start. Used by one look at a time. */
	private int looks;

	/** Tasks that have begun and not ended. */
	private int running;

	/** Nobody looks any more for callbacks that block. Written under the lock. */
	private volatile boolean closed;

	private final FailureLog failures = new FailureLog();

	private final StallWatch watch = new StallWatch(this);

	private final StallWatch.Timer watchTimer;

	private final Unflushed<ConnectionOutput> unflushed = new Unflushed<>();

	/** Calls taken from the queue. Written under the lock. */
	private volatile long taken;

	/** Calls added to the queue. Written under the lock. */
	private volatile long added;

	/** The thread of the runner whose output may wait to be flushed. */
	private volatile @Nullable Thread flusher;

	Completions(Executor executor, ClientTimer timer) {
		this(executor, timer, CallbackThreads.spare("rpc-spare-"), () -> false);
	}

	/**
	 * Creates completions.
	 * @param executor the application's
	 * @param spare has threads when the executor has none, or lets tasks wait for one;
	 * runs none in the caller
	 * @param inIoThread whether the current thread serves connections
	 */
	Completions(Executor executor, ClientTimer timer, Executor spare, BooleanSupplier inIoThread) {
		this.executor = executor;
		this.spare = spare;
		this.timer = timer;
		this.inIoThread = inIoThread;
		this.watchTimer = timer::schedule;
		this.direct = runsInCaller(executor);
	}

	/**
	 * Whether the executor is like {@code Runnable::run}. Then completions run where they
	 * happen, and a queue would only make them recurse.
	 */
	private static boolean runsInCaller(Executor executor) {
		Thread caller = Thread.currentThread();
		Thread[] runner = new Thread[1];
		try {
			executor.execute(() -> runner[0] = Thread.currentThread());
		}
		catch (RejectedExecutionException ex) {
			throw new IllegalArgumentException("the callback executor accepts no tasks: " + executor, ex);
		}
		return runner[0] == caller;
	}

	long nanoTime() {
		return this.timer.nanoTime();
	}

	/**
	 * Logs that code which is not the client's has failed.
	 */
	void report(String what, Throwable cause) {
		this.failures.warn(nanoTime(), what, cause);
	}

	/**
	 * Runs a task that may take long or run code of the application.
	 * @param task never throws, and does no harm if it runs twice
	 */
	void execute(Runnable task) {
		// Once closed, nobody knows whether the executor lives to run it.
		if ((this.closed && !this.direct) || !tryExecute(task)) {
			executeInternal(task);
		}
	}

	/**
	 * Runs a task on a spare thread: work of the client's own, which would have no thread
	 * of the application's executor if all of those wait for what it does, and what that
	 * executor refuses. A callback that blocks the timer's thread would stop all
	 * deadlines, and that of an I/O thread its connections.
	 * @param task never throws, and does no harm if it runs twice
	 */
	void executeInternal(Runnable task) {
		try {
			this.spare.execute(task);
		}
		catch (Throwable ex) {
			// No thread can be started any more, and every call must end.
			report("A spare thread could not be started, its task runs on " + Thread.currentThread().getName(), ex);
			task.run();
		}
	}

	/**
	 * Gives a task to the executor, which may throw whatever it likes: an application's,
	 * or one that can start no more threads.
	 */
	private boolean tryExecute(Runnable task) {
		try {
			if (this.timer.inTimerThread()) {
				this.executor.execute(() -> runAwayFromTimer(task));
			}
			else if (!this.direct && this.inIoThread.getAsBoolean()) {
				executeAway(task);
			}
			else {
				this.executor.execute(task);
			}
			return true;
		}
		catch (RejectedExecutionException ex) {
			return false;
		}
		catch (Throwable ex) {
			report("The callback executor has failed, its task runs on a spare thread", ex);
			return false;
		}
	}

	/**
	 * Gives a task to the executor. If that runs it in the caller, as some do that have
	 * too much to do, another thread gets it.
	 */
	private void executeAway(Runnable task) {
		HandedOver handedOver = new HandedOver(task);
		this.executor.execute(handedOver);
		handedOver.submitter = null;
	}

	/**
	 * Runs a task on another thread if the executor, as those that run tasks in the
	 * caller, has brought it to the timer's.
	 */
	private void runAwayFromTimer(Runnable task) {
		if (this.timer.inTimerThread()) {
			executeInternal(task);
		}
		else {
			task.run();
		}
	}

	void submit(ClientCall<?> call) {
		submit(call, call, 1);
	}

	/**
	 * Takes a chain of calls.
	 */
	void submit(ClientCall<?> first, ClientCall<?> last, int count) {
		if (this.direct) {
			if (this.timer.inTimerThread()) {
				execute(() -> completeChain(first));
			}
			else {
				completeChain(first);
			}
			return;
		}
		boolean start;
		boolean watch;
		this.lock.lock();
		try {
			long before = this.added;
			this.added = before + count;
			watch = this.running > 0 || this.head != null || first != last;
			if (this.tail == null) {
				this.head = first;
			}
			else {
				this.tail.next = first;
			}
			this.tail = last;
			start = claimStart();
		}
		finally {
			this.lock.unlock();
		}
		if (watch) {
			this.watch.arm(this.watchTimer);
		}
		if (start && !start(false)) {
			executeInternal(this::run);
		}
	}

	private boolean claimStart() {
		boolean start = !this.starting && this.head != null && (this.running == 0 || this.closed || this.watch.eager());
		return start && claim();
	}

	private boolean claim() {
		this.starting = true;
		this.starts++;
		return true;
	}

	/**
	 * Prepares for the end of the timer. From now on there is a runner for whatever waits
	 * behind a callback, since nobody would find that it blocks, and it is a spare
	 * thread: nobody would find either that the executor, shut down at once, has dropped
	 * it.
	 */
	void close() {
		this.lock.lock();
		try {
			this.closed = true;
			this.starting = false;
		}
		finally {
			this.lock.unlock();
		}
		moveOn();
	}

	@Override
	public long added() {
		return this.added;
	}

	@Override
	public long taken() {
		return this.taken;
	}

	// In this order: a runner leaves a call unflushed before it takes the next one to
	// complete.
	@Override
	public boolean isIdle() {
		this.lock.lock();
		try {
			if (this.head != null) {
				return false;
			}
		}
		finally {
			this.lock.unlock();
		}
		return this.unflushed.isEmpty();
	}

	@Override
	public void moveOn() {
		boolean start;
		this.lock.lock();
		try {
			start = !this.starting && this.head != null && claim();
		}
		finally {
			this.lock.unlock();
		}
		// The runner at hand is late: what the executor refuses cannot wait for it.
		if (start && !start(true)) {
			executeInternal(this::run);
		}
		flush();
	}

	private void flush() {
		try {
			this.unflushed.flush();
		}
		catch (Throwable ex) {
			report("Flushing a connection has failed", ex);
		}
	}

	/**
	 * Whether the current thread is the runner that flushes when it is done, so that what
	 * it sends may wait.
	 * @return whether output may be left to {@link #flushLater}
	 */
	boolean mayFlushLater() {
		return this.flusher == Thread.currentThread();
	}

	/**
	 * Flushes a connection when the current runner is done.
	 * @param output has taken bytes
	 */
	void flushLater(ConnectionOutput output) {
		this.unflushed.add(output);
		this.watch.arm(this.watchTimer);
	}

	/**
	 * Starts a task.
	 * @param late whether the runners at hand, if any, are not to be waited for
	 * @return false if the executor refuses or is not to be asked, and no other task will
	 * come by: a spare thread's start is under way then, which the caller has to make.
	 * Every call must end
	 */
	private boolean start(boolean late) {
		if (!this.closed && !isShutDown() && tryExecute(this::run)) {
			lookLater();
			return true;
		}
		this.lock.lock();
		try {
			boolean others = this.running > 0 && !late && !this.closed;
			this.starting = !others;
			this.spareStarting = !others;
			return others;
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean isShutDown() {
		return this.executor instanceof ExecutorService service && service.isShutdown();
	}

	private void lookLater() {
		if (!this.looking.get() && this.looking.compareAndSet(false, true)) {
			scheduleLook();
		}
	}

	private void scheduleLook() {
		try {
			this.timer.schedule(this::look, LOOK_NANOS);
		}
		catch (Throwable ex) {
			// There is no memory for now: the next start tries again.
			this.looking.set(false);
		}
	}

	// On the timer's thread.
	private void look() {
		boolean again = true;
		try {
			again = lookAtStart();
		}
		finally {
			if (again) {
				scheduleLook();
			}
			else {
				this.looking.set(false);
				// A start since the look has seen that there are looks.
				if (isStarting()) {
					lookLater();
				}
			}
		}
	}

	/**
	 * Completes what waits for a start that will never be one.
	 * @return whether to look again
	 */
	private boolean lookAtStart() {
		boolean shutDown = isShutDown();
		this.lock.lock();
		try {
			if (!this.starting || this.spareStarting) {
				return false;
			}
			this.looks = (this.starts == this.startsBefore) ? this.looks + 1 : 1;
			this.startsBefore = this.starts;
			if (!shutDown && this.looks < MOST_LOOKS) {
				return true;
			}
			if (this.head == null) {
				this.starting = false;
				return false;
			}
			// From now on it is a spare thread's start that is under way.
			this.spareStarting = true;
		}
		finally {
			this.lock.unlock();
		}
		executeInternal(this::run);
		return false;
	}

	private boolean isStarting() {
		this.lock.lock();
		try {
			return this.starting && !this.spareStarting;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void run() {
		begin();
		do {
			this.flusher = Thread.currentThread();
			for (ClientCall<?> call = take(); call != null; call = take()) {
				complete(call);
			}
			this.flusher = null;
			flush();
		}
		while (!end());
	}

	private void begin() {
		this.lock.lock();
		try {
			this.starting = false;
			this.spareStarting = false;
			this.running++;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Ends a runner.
	 * @return false if there is more to complete
	 */
	private boolean end() {
		this.lock.lock();
		try {
			if (this.head != null) {
				return false;
			}
			this.running--;
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	private @Nullable ClientCall<?> take() {
		ClientCall<?> call;
		boolean start;
		this.lock.lock();
		try {
			call = poll();
			start = claimStart();
		}
		finally {
			this.lock.unlock();
		}
		if (start && !start(false)) {
			startSpare();
		}
		return call;
	}

	/**
	 * Starts a runner on a spare thread. If this fails, the calls that wait are taken by
	 * the runner at hand, which must not become a runner within itself for each of them.
	 */
	private void startSpare() {
		try {
			this.spare.execute(this::run);
		}
		catch (Throwable ex) {
			report("A spare thread could not be started", ex);
			this.lock.lock();
			try {
				this.starting = false;
				this.spareStarting = false;
			}
			finally {
				this.lock.unlock();
			}
		}
	}

	private @Nullable ClientCall<?> poll() {
		ClientCall<?> call = this.head;
		if (call != null) {
			long before = this.taken;
			this.taken = before + 1;
			this.head = call.next;
			call.next = null;
			if (this.head == null) {
				this.tail = null;
			}
		}
		return call;
	}

	private void completeChain(ClientCall<?> first) {
		for (ClientCall<?> call = first; call != null;) {
			ClientCall<?> next = call.next;
			call.next = null;
			complete(call);
			call = next;
		}
	}

	private void complete(ClientCall<?> call) {
		try {
			call.completeNow();
		}
		catch (Throwable ex) {
			// CompletableFuture keeps what callbacks throw; this is something worse, and
			// the calls behind it must still end.
			report("Completing a call of " + call.plan() + " has failed", ex);
		}
	}

	/**
	 * A task that the executor is being given by a thread which must not run it.
	 */
	private final class HandedOver implements Runnable {

		private final Runnable task;

		/**
		 * Null once the executor has taken the task. Read by this thread to any effect.
		 */
		private volatile @Nullable Thread submitter = Thread.currentThread();

		HandedOver(Runnable task) {
			this.task = task;
		}

		@Override
		public void run() {
			if (this.submitter == Thread.currentThread()) {
				executeInternal(this.task);
			}
			else {
				this.task.run();
			}
		}

	}

}
