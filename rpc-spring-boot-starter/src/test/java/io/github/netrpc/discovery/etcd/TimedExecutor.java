package io.github.netrpc.discovery.etcd;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import io.github.netrpc.client.FakeTimer;

/**
 * A scheduler whose tasks run when a test moves the time, one after the other.
 */
final class TimedExecutor extends AbstractExecutorService implements ScheduledExecutorService {

	private final FakeTimer timer;

	private boolean shutdown;

	TimedExecutor(FakeTimer timer) {
		this.timer = timer;
	}

	@Override
	public void execute(Runnable command) {
		schedule(command, 0, TimeUnit.NANOSECONDS);
	}

	@Override
	public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
		if (this.shutdown) {
			throw new RejectedExecutionException("shut down");
		}
		Task task = new Task(command);
		task.cancelled = this.timer.schedule(() -> {
			if (!this.shutdown) {
				task.run();
			}
		}, unit.toNanos(delay));
		return task;
	}

	@Override
	public void shutdown() {
		this.shutdown = true;
	}

	@Override
	public List<Runnable> shutdownNow() {
		shutdown();
		return List.of();
	}

	@Override
	public boolean isShutdown() {
		return this.shutdown;
	}

	@Override
	public boolean isTerminated() {
		return this.shutdown;
	}

	@Override
	public boolean awaitTermination(long timeout, TimeUnit unit) {
		return this.shutdown;
	}

	@Override
	public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
		throw new UnsupportedOperationException();
	}

	@Override
	public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long delay, long period, TimeUnit unit) {
		throw new UnsupportedOperationException();
	}

	@Override
	public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long delay, long period, TimeUnit unit) {
		throw new UnsupportedOperationException();
	}

	/**
	 * A task that can be taken back.
	 */
	private static final class Task extends FutureTask<Void> implements ScheduledFuture<Void> {

		private Runnable cancelled = () -> {
		};

		Task(Runnable command) {
			super(() -> {
				command.run();
				return null;
			});
		}

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			this.cancelled.run();
			return super.cancel(mayInterruptIfRunning);
		}

		@Override
		protected void setException(Throwable failure) {
			throw new AssertionError("a task has failed", failure);
		}

		@Override
		public long getDelay(TimeUnit unit) {
			throw new UnsupportedOperationException();
		}

		@Override
		public int compareTo(Delayed other) {
			throw new UnsupportedOperationException();
		}

	}

}
