package io.github.netrpc.cluster;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The daemon threads on which a directory may block. There are none while nothing is
 * looked up, and few if a lookup hangs: a directory that begins another one then is
 * refused.
 */
final class LookupThreads implements Executor, AutoCloseable {

	private static final int MOST_THREADS = 4;

	private static final long IDLE_SECONDS = 1;

	private final ThreadPoolExecutor executor;

	LookupThreads(String channel) {
		AtomicLong count = new AtomicLong();
		this.executor = new ThreadPoolExecutor(0, MOST_THREADS, IDLE_SECONDS, TimeUnit.SECONDS,
				new SynchronousQueue<>(), (task) -> {
					Thread thread = new Thread(task, "rpc-directory-" + channel + "-" + count.getAndIncrement());
					thread.setDaemon(true);
					return thread;
				});
	}

	@Override
	public void execute(Runnable task) {
		this.executor.execute(task);
	}

	/**
	 * Interrupts what blocks, and takes no other tasks.
	 */
	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}
