package io.github.netrpc.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Time that stands still until a test moves it.
 */
public final class FakeTimer implements ClientTimer {

	private final PriorityQueue<Task> tasks = new PriorityQueue<>(
			Comparator.comparingLong(Task::at).thenComparingLong(Task::order));

	private long now = 1_000;

	private long order;

	@Override
	public synchronized long nanoTime() {
		return this.now;
	}

	@Override
	public synchronized Instant now() {
		return Instant.EPOCH.plusNanos(this.now);
	}

	@Override
	public synchronized Runnable schedule(Runnable action, long delayNanos) {
		Task task = new Task(this.now + delayNanos, this.order++, action);
		this.tasks.add(task);
		return () -> remove(task);
	}

	private synchronized void remove(Task task) {
		this.tasks.remove(task);
	}

	public void advance(Duration time) {
		long end = nanoTime() + time.toNanos();
		for (Task task = next(end); task != null; task = next(end)) {
			task.action().run();
		}
		synchronized (this) {
			this.now = end;
		}
	}

	/**
	 * The process sleeps: tasks run late, when it wakes.
	 */
	void sleep(Duration time) {
		pass(time);
		advance(Duration.ZERO);
	}

	/**
	 * Lets time pass in which no task runs; those that are due run with the next
	 * {@link #advance}.
	 */
	public synchronized void pass(Duration time) {
		this.now += time.toNanos();
	}

	private synchronized Task next(long end) {
		Task task = this.tasks.peek();
		if (task == null || task.at() > end) {
			return null;
		}
		this.tasks.remove();
		this.now = Math.max(this.now, task.at());
		return task;
	}

	public synchronized int scheduled() {
		return this.tasks.size();
	}

	@Override
	public synchronized void close() {
		this.tasks.clear();
	}

	private record Task(long at, long order, Runnable action) {

	}

}
