package io.github.netrpc.client;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The real time, and one daemon thread that is started by the first task.
 */
final class ThreadClientTimer implements ClientTimer {

	private final LongSupplier nanoClock;

	private final long origin;

	private final InstantSource wallClock;

	private final ScheduledThreadPoolExecutor executor;

	ThreadClientTimer(String threadName, LongSupplier nanoClock, InstantSource wallClock) {
		this.nanoClock = nanoClock;
		this.origin = nanoClock.getAsLong();
		this.wallClock = wallClock;
		this.executor = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new TimerThread(task, threadName);
			thread.setDaemon(true);
			return thread;
		}, new ThreadPoolExecutor.DiscardPolicy());
		this.executor.setRemoveOnCancelPolicy(true);
	}

	@Override
	public long nanoTime() {
		return this.nanoClock.getAsLong() - this.origin;
	}

	@Override
	public Instant now() {
		return this.wallClock.instant();
	}

	@Override
	public Runnable schedule(Runnable task, long delayNanos) {
		Future<?> future = this.executor.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
		return () -> future.cancel(false);
	}

	@Override
	public boolean inTimerThread() {
		return Thread.currentThread() instanceof TimerThread;
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

	/**
	 * The thread of one timer is to be known to all others: their deadlines hold, too.
	 */
	private static final class TimerThread extends Thread {

		TimerThread(Runnable task, String name) {
			super(task, name);
		}

	}

}
