package io.github.netrpc.client;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongUnaryOperator;

/**
 * One timer for the deadlines of many calls: it is set to the earliest one, so that a
 * call with a later deadline costs one comparison. Thread-safe.
 */
final class DeadlineWatch {

	private static final long NEVER = Long.MAX_VALUE;

	/** From a sweep that has failed to the next one. */
	private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private final ClientTimer timer;

	private final LongUnaryOperator sweep;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile long next = NEVER;

	private Runnable cancel = () -> {
	};

	/**
	 * Creates a watch.
	 * @param timer gives the time
	 * @param sweep ends the calls whose deadline is not after the given time, and returns
	 * the earliest deadline of the others, or {@link Long#MAX_VALUE}
	 */
	DeadlineWatch(ClientTimer timer, LongUnaryOperator sweep) {
		this.timer = timer;
		this.sweep = sweep;
	}

	/**
	 * Sees to it that the sweep runs at a deadline. The call must be where the sweep
	 * finds it before this is called: then either this sees that no sweep is to come, or
	 * the sweep to come sees the call.
	 */
	void watch(long deadlineNanos) {
		if (deadlineNanos < this.next) {
			set(deadlineNanos);
		}
	}

	private void set(long deadlineNanos) {
		this.lock.lock();
		try {
			if (deadlineNanos < this.next) {
				this.cancel.run();
				this.next = deadlineNanos;
				this.cancel = this.timer.schedule(this::run, Math.max(0, deadlineNanos - this.timer.nanoTime()));
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void run() {
		this.next = NEVER;
		long now = this.timer.nanoTime();
		long earliest = now + AGAIN_NANOS;
		try {
			earliest = this.sweep.applyAsLong(now);
		}
		finally {
			// A sweep that has failed, for want of memory, say, is made again.
			if (earliest != NEVER) {
				watch(earliest);
			}
		}
	}

	void close() {
		this.lock.lock();
		try {
			this.cancel.run();
		}
		finally {
			this.lock.unlock();
		}
	}

}
