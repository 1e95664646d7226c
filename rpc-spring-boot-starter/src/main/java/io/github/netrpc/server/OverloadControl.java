package io.github.netrpc.server;

/**
 * Tells a queue that absorbs a burst from a queue that only stands there and makes every
 * call late, after CoDel (RFC 8289): the server is overloaded while the shortest wait has
 * stayed above a target for a whole interval. CoDel drops from the head until the sender
 * slows down. Callers do not slow down, and want to hear at once that they should go
 * elsewhere; so while the server is overloaded, no more calls are admitted than its
 * handlers take in half of the longest wait allowed, as measured, and a call that waits
 * longer all the same is not run.
 * <p>
 * {@link #look} is called every millisecond while calls wait, by one thread at a time.
 * What is asked for each call is a volatile field. Knows no clock.
 */
final class OverloadControl {

	/** Being overloaded again within so many intervals is the same trouble. */
	private static final int RELAPSE_INTERVALS = 10;

	/** The same trouble is found in this part of an interval. */
	private static final int RELAPSE_PART = 8;

	private final OverloadLimits limits;

	private final int capacity;

	private volatile int bound;

	private volatile boolean overloaded;

	private volatile long dryAt;

	// Used by one look at a time.

	private boolean begun;

	private boolean standing;

	private long windowBegan;

	private long takenAtBegin;

	private long takenBefore;

	private int lastBound;

	private boolean relapsing;

	private long endedAt;

	/**
	 * Creates the control of an empty queue.
	 * @param limits the limits
	 * @param capacity how many calls may wait while there is no overload
	 */
	OverloadControl(OverloadLimits limits, int capacity) {
		this.limits = limits;
		this.capacity = capacity;
	}

	/**
	 * How many calls may wait.
	 * @return at least 1, and at most the capacity
	 */
	int bound() {
		return this.overloaded ? this.bound : this.capacity;
	}

	/**
	 * Whether the server is overloaded.
	 * @return whether calls that wait too long are not to be run
	 */
	boolean overloaded() {
		return this.overloaded;
	}

	/**
	 * How long a call may wait while the server is overloaded.
	 * @return the time in nanoseconds
	 */
	long maxWaitNanos() {
		return this.limits.maxWaitNanos();
	}

	/**
	 * Whether a call must not run while the server is overloaded.
	 * @param waitedNanos how long it has waited
	 * @return whether that is too long
	 */
	boolean isTooLong(long waitedNanos) {
		return waitedNanos > this.limits.maxWaitNanos();
	}

	/**
	 * A handler's thread has found nothing more to do: calls do not wait any more. There
	 * may be no look for long. On any thread.
	 * @param now the time
	 */
	void ranDry(long now) {
		this.dryAt = now;
		this.overloaded = false;
	}

	/**
	 * Looks at the queue.
	 * @param now the time
	 * @param headWaitNanos how long the call has waited that is next, 0 if none waits
	 * @param taken how many calls handlers were ever given
	 * @param saturated whether all handlers are busy
	 */
	void look(long now, long headWaitNanos, long taken, boolean saturated) {
		boolean late = headWaitNanos > this.limits.targetNanos();
		if (this.begun && !this.overloaded) {
			end(this.dryAt);
		}
		if (this.overloaded) {
			// A queue that is short because everything in it was thrown away says
			// nothing: some handler has to have got a call.
			if (!late && (taken != this.takenBefore || !saturated)) {
				end(now);
			}
			else if (now - this.windowBegan >= this.limits.intervalNanos()) {
				admitAsMeasured(now, taken);
			}
		}
		else if (!late) {
			this.standing = false;
		}
		else if (!this.standing) {
			this.standing = true;
			this.windowBegan = now;
			this.takenAtBegin = taken;
		}
		else if (now - this.windowBegan >= patience(now)) {
			begin(now, taken);
		}
		this.takenBefore = taken;
	}

	private long patience(long now) {
		long interval = this.limits.intervalNanos();
		this.relapsing = this.relapsing && now - this.endedAt < RELAPSE_INTERVALS * interval;
		return this.relapsing ? interval / RELAPSE_PART : interval;
	}

	private void begin(long now, long taken) {
		if (this.relapsing) {
			// Too short a time to measure anything.
			this.bound = this.lastBound;
			this.windowBegan = now;
			this.takenAtBegin = taken;
		}
		else {
			admitAsMeasured(now, taken);
		}
		this.begun = true;
		this.overloaded = true;
	}

	private void admitAsMeasured(long now, long taken) {
		double perNano = (double) (taken - this.takenAtBegin) / (now - this.windowBegan);
		double admitted = Math.ceil(perNano * this.limits.maxWaitNanos() / 2);
		this.bound = (int) Math.min(Math.max(1, admitted), this.capacity);
		this.windowBegan = now;
		this.takenAtBegin = taken;
	}

	private void end(long now) {
		this.lastBound = this.bound;
		this.relapsing = true;
		this.endedAt = now;
		this.standing = false;
		this.begun = false;
		this.overloaded = false;
	}

}
