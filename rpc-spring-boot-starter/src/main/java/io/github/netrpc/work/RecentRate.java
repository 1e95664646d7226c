package io.github.netrpc.work;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * How many items were completed per second in the last ten seconds. Guarded by its
 * scheduler's lock.
 */
final class RecentRate {

	private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

	private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

	private final Deque<Mark> marks = new ArrayDeque<>();

	RecentRate(long now) {
		this.marks.addLast(new Mark(now, 0));
	}

	/**
	 * Told now and then how many there are.
	 */
	void mark(long now, long completed) {
		if (now - this.marks.getLast().nanos >= STEP_NANOS) {
			this.marks.addLast(new Mark(now, completed));
		}
		while (this.marks.size() > 1 && now - this.marks.getFirst().nanos > WINDOW_NANOS) {
			this.marks.removeFirst();
		}
	}

	double perSecond(long now, long completed) {
		Mark first = this.marks.getFirst();
		long nanos = now - first.nanos;
		return (nanos <= 0) ? 0 : (completed - first.completed) * 1e9 / nanos;
	}

	private record Mark(long nanos, long completed) {

	}

}
