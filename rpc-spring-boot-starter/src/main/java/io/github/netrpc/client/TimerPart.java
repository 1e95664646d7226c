package io.github.netrpc.client;

import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * One user's part of a timer that others use too. Closing it drops the tasks of this part
 * and leaves the timer alone.
 */
final class TimerPart implements ClientTimer {

	private final ClientTimer timer;

	private final Set<Task> tasks = ConcurrentHashMap.newKeySet();

	private volatile boolean closed;

	TimerPart(ClientTimer timer) {
		this.timer = timer;
	}

	@Override
	public long nanoTime() {
		return this.timer.nanoTime();
	}

	@Override
	public Instant now() {
		return this.timer.now();
	}

	@Override
	public Runnable schedule(Runnable action, long delayNanos) {
		Task task = new Task(action);
		this.tasks.add(task);
		if (this.closed) {
			task.cancel();
			return task::cancel;
		}
		task.scheduled(this.timer.schedule(task, delayNanos));
		return task::cancel;
	}

	/**
	 * How many tasks are to come.
	 */
	int scheduled() {
		return this.tasks.size();
	}

	@Override
	public boolean inTimerThread() {
		return this.timer.inTimerThread();
	}

	@Override
	public void close() {
		this.closed = true;
		// What is added from here on finds that this is closed.
		this.tasks.forEach(Task::cancel);
	}

	/**
	 * Runs once, unless it is cancelled before.
	 */
	private final class Task implements Runnable {

		/** Null once it has run or was cancelled: whoever takes it runs it. */
		private @Nullable Runnable action;

		private @Nullable Runnable cancel;

		Task(Runnable action) {
			this.action = action;
		}

		/**
		 * Says how to take this from the timer, which may have run it by now.
		 */
		void scheduled(Runnable cancel) {
			synchronized (this) {
				if (this.action != null) {
					this.cancel = cancel;
					return;
				}
			}
			cancel.run();
		}

		@Override
		public void run() {
			Runnable taken = take();
			if (taken != null) {
				taken.run();
			}
		}

		void cancel() {
			if (take() != null) {
				Runnable cancel;
				synchronized (this) {
					cancel = this.cancel;
				}
				if (cancel != null) {
					cancel.run();
				}
			}
		}

		private @Nullable Runnable take() {
			TimerPart.this.tasks.remove(this);
			synchronized (this) {
				Runnable taken = this.action;
				this.action = null;
				return taken;
			}
		}

	}

}
