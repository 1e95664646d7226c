package io.github.netrpc.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.LongAdder;

/**
 * Keeps retries a small part of the calls of the last ten seconds, so that they cannot
 * make an outage worse: when every node fails, there are not three times as many attempts
 * as calls, but one tenth more. A few retries are allowed however rare calls are. Calls
 * that the only node refuses are tried again only while few are.
 * <p>
 * A second's calls leave the window no later than the retries that they allowed, so no
 * call allows for retries twice. Thread-safe; counting a call takes no lock.
 */
final class RetryBudget {

	static final Duration WINDOW = Duration.ofSeconds(10);

	private static final long SLICE_NANOS = Duration.ofSeconds(1).toNanos();

	private final double ratio;

	private final int floor;

	/** Slices that are not over for longer than the window, the newest last. */
	private final Deque<Slice> slices = new ArrayDeque<>();

	private volatile Slice current;

	/**
	 * Creates a budget.
	 * @param ratio retries for each call; 0 for none at all
	 * @param floor retries in a window that need no calls
	 * @param now the time, in nanoseconds
	 */
	RetryBudget(double ratio, int floor, long now) {
		this.ratio = ratio;
		this.floor = floor;
		this.current = new Slice(now);
		this.slices.add(this.current);
	}

	/**
	 * Counts a call that begins.
	 */
	void called(long now) {
		Slice slice = this.current;
		if (now - slice.startNanos >= SLICE_NANOS) {
			slice = next(now);
		}
		slice.calls.increment();
	}

	/**
	 * Asks for a retry.
	 * @return false if there have been enough
	 */
	synchronized boolean withdraw(long now) {
		Slice slice = next(now);
		long calls = 0;
		long retries = 0;
		for (Slice each : this.slices) {
			calls += each.calls.sum();
			retries += each.retries;
		}
		double allowed = (this.ratio > 0) ? Math.max(this.floor, this.ratio * calls) : 0;
		if (retries + 1 > allowed) {
			return false;
		}
		slice.retries++;
		return true;
	}

	/**
	 * Counts a call that was refused for want of room, with no other node to go to.
	 * @return whether such refusals are exceptions, as far as the last two seconds tell:
	 * no more of them than there may be retries. If not, whoever tries again takes the
	 * place of another call, and both hear of it late
	 */
	synchronized boolean refused(long now) {
		Slice slice = next(now);
		slice.refusals++;
		long calls = 0;
		long refusals = 0;
		for (Slice each : this.slices) {
			if (now - each.startNanos < 2 * SLICE_NANOS) {
				calls += each.calls.sum();
				refusals += each.refusals;
			}
		}
		return refusals <= Math.max(this.floor, this.ratio * calls);
	}

	private synchronized Slice next(long now) {
		Slice slice = this.current;
		if (now - slice.startNanos >= SLICE_NANOS) {
			slice = new Slice(now);
			this.slices.add(slice);
			this.current = slice;
		}
		while (now - this.slices.getFirst().startNanos > WINDOW.toNanos()) {
			this.slices.removeFirst();
		}
		return slice;
	}

	/**
	 * What began within one second.
	 */
	private static final class Slice {

		private final long startNanos;

		private final LongAdder calls = new LongAdder();

		/** Guarded by the budget. */
		private long retries;

		/** Guarded by the budget. */
		private long refusals;

		Slice(long startNanos) {
			this.startNanos = startNanos;
		}

	}

}
