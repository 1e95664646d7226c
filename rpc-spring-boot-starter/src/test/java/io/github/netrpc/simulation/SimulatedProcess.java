package io.github.netrpc.simulation;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What runs code: it may be stopped, and goes on where it was, or end, and what it was
 * about to do is lost.
 */
final class SimulatedProcess {

	private final SimulatedClock clock;

	private final Deque<Runnable> deferred = new ArrayDeque<>();

	private final Deque<Runnable> deferredTimers = new ArrayDeque<>();

	private boolean frozen;

	private int incarnation;

	private long wokeNanos;

	SimulatedProcess(SimulatedClock clock) {
		this.clock = clock;
	}

	boolean isFrozen() {
		return this.frozen;
	}

	/**
	 * Runs a task now, or when the process goes on.
	 */
	void run(Runnable task) {
		if (this.frozen) {
			this.deferred.add(task);
		}
		else {
			task.run();
		}
	}

	/**
	 * Runs a task of the timer now, or when the process goes on.
	 */
	void runTimer(Runnable task) {
		if (this.frozen) {
			this.deferredTimers.add(task);
		}
		else {
			task.run();
		}
	}

	/**
	 * When the process went on after it was stopped, or 0.
	 */
	long wokeNanos() {
		return this.wokeNanos;
	}

	/**
	 * Runs a task later, unless the process ends before.
	 */
	void after(long delayNanos, Runnable task) {
		int begun = this.incarnation;
		this.clock.after(delayNanos, () -> {
			if (begun == this.incarnation) {
				run(task);
			}
		});
	}

	void freeze() {
		this.frozen = true;
	}

	void wake() {
		wake(false);
	}

	/**
	 * Goes on.
	 * @param timersFirst whether the timer's thread gets a processor before the others
	 */
	void wake(boolean timersFirst) {
		if (!this.frozen) {
			return;
		}
		this.frozen = false;
		this.wokeNanos = this.clock.now();
		if (timersFirst) {
			runAll(this.deferredTimers);
		}
		runAll(this.deferred);
		runAll(this.deferredTimers);
	}

	private void runAll(Deque<Runnable> tasks) {
		while (!this.frozen && !tasks.isEmpty()) {
			tasks.poll().run();
		}
	}

	void end() {
		this.incarnation++;
		this.frozen = false;
		this.deferred.clear();
		this.deferredTimers.clear();
	}

}
