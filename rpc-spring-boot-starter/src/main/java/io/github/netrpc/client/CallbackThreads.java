package io.github.netrpc.client;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.exec.VirtualThreads;

/**
 * Where callbacks run unless the application says otherwise, on daemon threads that go
 * away when they have nothing to do. The first is a platform thread, which wakes up
 * faster than a virtual one: the scheduler of virtual threads spins before it lets go of
 * the processor. Those that run while it is busy are virtual, or, before Java 21, more of
 * its kind.
 */
final class CallbackThreads {

	/** How many callbacks may block at the same time before Java 21. */
	private static final int MOST_THREADS = 1_000;

	private static final long IDLE_SECONDS = 10;

	private CallbackThreads() {
	}

	/**
	 * Threads that refuse a callback when as many of them are busy as may be.
	 */
	static Executor executor(String threadNamePrefix) {
		return threads(threadNamePrefix, VirtualThreads.factory(threadNamePrefix), MOST_THREADS, false);
	}

	/**
	 * Threads for the client's own work, and for callbacks that others refuse. Before
	 * Java 21 what is too much waits until one of them is free: it must not come back to
	 * whoever has brought it, which may be an I/O thread, or the timer's.
	 */
	static Executor spare(String threadNamePrefix) {
		return threads(threadNamePrefix, VirtualThreads.factory(threadNamePrefix), MOST_THREADS, true);
	}

	static Executor threads(String threadNamePrefix, @Nullable ThreadFactory virtual, int most, boolean patient) {
		BlockingQueue<Runnable> queue = new SynchronousQueue<>();
		RejectedExecutionHandler whenBusy = new ThreadPoolExecutor.AbortPolicy();
		if (virtual != null) {
			whenBusy = (task, pool) -> virtual.newThread(task).start();
		}
		else if (patient) {
			WaitingTasks waiting = new WaitingTasks();
			queue = waiting;
			whenBusy = (task, pool) -> {
				waiting.keep(task);
				// Threads may have gone since, and nobody else may come by for a while.
				if (pool.getPoolSize() < most) {
					pool.execute(() -> {
					});
				}
			};
		}
		AtomicLong count = new AtomicLong();
		return new ThreadPoolExecutor(0, (virtual != null) ? 1 : most, IDLE_SECONDS, TimeUnit.SECONDS, queue,
				(task) -> {
					Thread thread = new Thread(task, threadNamePrefix + count.getAndIncrement());
					thread.setDaemon(true);
					return thread;
				}, whenBusy);
	}

	/**
	 * Takes a task only if a thread waits for one, so that a pool starts its threads
	 * first, but for those that are to wait themselves.
	 */
	private static final class WaitingTasks extends LinkedTransferQueue<Runnable> {

		private static final long serialVersionUID = 1L;

		@Override
		public boolean offer(Runnable task) {
			return tryTransfer(task);
		}

		void keep(Runnable task) {
			super.offer(task);
		}

	}

}
