package io.github.netrpc.client;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Completes futures away from the I/O threads, with few hand-offs. One task completes all
 * that is queued, one after the other, so a batch of replies costs one wake-up. Before a
 * task completes a future while more wait, it makes sure that another task is on its way:
 * a callback that blocks therefore holds up nobody else. At most one task is on its way
 * at a time. Thread-safe.
 */
final class Completions {

	private static final Logger logger = LoggerFactory.getLogger(Completions.class);

	private final Executor executor;

	private final boolean direct;

	private final ClientTimer timer;

	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable ClientCall<?> head;

	private @Nullable ClientCall<?> tail;

	/** A task was given to the executor and has not begun. */
	private boolean starting;

	/** Tasks that have begun and not ended. */
	private int running;

	Completions(Executor executor, ClientTimer timer) {
		this.executor = executor;
		this.timer = timer;
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
	 * Runs a task that may take long or run code of the application.
	 */
	void execute(Runnable task) {
		try {
			this.executor.execute(task);
		}
		catch (RejectedExecutionException ex) {
			task.run();
		}
	}

	void submit(ClientCall<?> call) {
		submit(call, call);
	}

	/**
	 * Takes a chain of calls.
	 */
	void submit(ClientCall<?> first, ClientCall<?> last) {
		if (this.direct) {
			completeChain(first);
			return;
		}
		boolean start;
		this.lock.lock();
		try {
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
		if (start && !start()) {
			run();
		}
	}

	private boolean claimStart() {
		boolean start = !this.starting && this.head != null;
		this.starting |= start;
		return start;
	}

	/**
	 * Starts a task.
	 * @return false if the executor refuses and no other task will come by, so that the
	 * thread at hand has to do the work: every call must end
	 */
	private boolean start() {
		try {
			this.executor.execute(this::run);
			return true;
		}
		catch (RejectedExecutionException ex) {
			this.lock.lock();
			try {
				this.starting = false;
				return this.running > 0;
			}
			finally {
				this.lock.unlock();
			}
		}
	}

	private void run() {
		ClientCall<?> call = begin();
		while (call != null) {
			complete(call);
			call = next();
		}
	}

	private @Nullable ClientCall<?> begin() {
		this.lock.lock();
		try {
			this.starting = false;
			this.running++;
		}
		finally {
			this.lock.unlock();
		}
		return next();
	}

	private @Nullable ClientCall<?> next() {
		ClientCall<?> call;
		boolean start;
		this.lock.lock();
		try {
			call = poll();
			if (call == null) {
				this.running--;
			}
			start = claimStart();
		}
		finally {
			this.lock.unlock();
		}
		if (start) {
			// If this fails, the calls that wait are taken by the task at hand.
			start();
		}
		return call;
	}

	private @Nullable ClientCall<?> poll() {
		ClientCall<?> call = this.head;
		if (call != null) {
			this.head = call.next;
			call.next = null;
			if (this.head == null) {
				this.tail = null;
			}
		}
		return call;
	}

	private static void completeChain(ClientCall<?> first) {
		for (ClientCall<?> call = first; call != null;) {
			ClientCall<?> next = call.next;
			call.next = null;
			complete(call);
			call = next;
		}
	}

	private static void complete(ClientCall<?> call) {
		try {
			call.completeNow();
		}
		catch (Throwable ex) {
			// CompletableFuture keeps what callbacks throw; this is something worse, and
			// the calls behind it must still end.
			logger.error("Completing a call of {} failed", call.plan(), ex);
		}
	}

}
