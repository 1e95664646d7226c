package io.github.netrpc.client;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

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

	static Executor executor(String threadNamePrefix) {
		ThreadFactory virtual = VirtualThreads.factory(threadNamePrefix);
		RejectedExecutionHandler whenBusy = (virtual != null) ? (task, pool) -> virtual.newThread(task).start()
				: new ThreadPoolExecutor.AbortPolicy();
		AtomicLong count = new AtomicLong();
		return new ThreadPoolExecutor(0, (virtual != null) ? 1 : MOST_THREADS, IDLE_SECONDS, TimeUnit.SECONDS,
				new SynchronousQueue<>(), (task) -> {
					Thread thread = new Thread(task, threadNamePrefix + count.getAndIncrement());
					thread.setDaemon(true);
					return thread;
				}, whenBusy);
	}

}
