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

	private boolean frozen;

	private int incarnation;

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
		this.frozen = false;
		while (!this.frozen && !this.deferred.isEmpty()) {
			this.deferred.poll().run();
		}
	}

	void end() {
		this.incarnation++;
		this.frozen = false;
		this.deferred.clear();
	}

}
