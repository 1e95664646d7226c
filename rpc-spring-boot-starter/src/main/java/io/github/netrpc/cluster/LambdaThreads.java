package io.github.netrpc.cluster;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.exec.VirtualThreads;

/**
 * Runs each lambda of a cluster on a thread of its own, a virtual one where there are
 * any. Nothing ever waits for a thread, since the lambdas that have one may be waiting
 * for it: before Java 21 there are at most 1,000, and what comes beyond is refused. They
 * are daemons and go away when they have nothing to do. Thread-safe.
 */
final class LambdaThreads implements Executor {

	static final int MOST_THREADS = 1_000;

	private static final long IDLE_SECONDS = 10;

	private final @Nullable ThreadFactory virtual;

	private final ThreadPoolExecutor platform;

	/**
	 * Creates threads of which none runs.
	 * @param namePrefix begins their names
	 */
	LambdaThreads(String namePrefix) {
		this(namePrefix, VirtualThreads.factory(namePrefix), MOST_THREADS);
	}

	LambdaThreads(String namePrefix, @Nullable ThreadFactory virtual, int mostPlatformThreads) {
		this.virtual = virtual;
		AtomicLong count = new AtomicLong();
		this.platform = new ThreadPoolExecutor(0, mostPlatformThreads, IDLE_SECONDS, TimeUnit.SECONDS,
				new SynchronousQueue<>(), (task) -> {
					Thread thread = new Thread(task, namePrefix + count.getAndIncrement());
					thread.setDaemon(true);
					return thread;
				}, (task, pool) -> {
					throw new RejectedExecutionException(
							mostPlatformThreads + " lambdas run already (limit before Java 21)");
				});
	}

	@Override
	public void execute(Runnable task) {
		if (this.virtual != null) {
			this.virtual.newThread(task).start();
		}
		else {
			this.platform.execute(task);
		}
	}

}
