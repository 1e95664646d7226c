package io.github.netrpc.work;

import java.util.concurrent.TimeUnit;

/**
 * Does something ten times a second, until it is stopped. Thread-safe.
 */
final class JobTick {

	static final long NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private final JobContext context;

	private final Runnable task;

	// Guarded by this.
	private Runnable cancel = () -> {
	};

	// Guarded by this.
	private boolean stopped;

	/**
	 * Creates a tick that has not begun.
	 * @param task runs on a spare thread; never throws, and may run after the stop
	 */
	JobTick(JobContext context, Runnable task) {
		this.context = context;
		this.task = task;
	}

	void start() {
		Runnable cancel = this.context.timer().schedule(() -> this.context.spare().execute(this::run), NANOS);
		synchronized (this) {
			if (!this.stopped) {
				this.cancel = cancel;
				return;
			}
		}
		cancel.run();
	}

	private void run() {
		// First the next one: the task may begin items for as long as there are any.
		start();
		this.task.run();
	}

	void stop() {
		Runnable cancel;
		synchronized (this) {
			this.stopped = true;
			cancel = this.cancel;
		}
		cancel.run();
	}

}
