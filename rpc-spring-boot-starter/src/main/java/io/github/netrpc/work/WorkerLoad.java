package io.github.netrpc.work;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What a job knows of one worker: how much it may give it. A worker that has not proved
 * itself gets one item; one that may have many gets few at first, and twice as many
 * whenever it has answered so many; one that has no room gets fewer at a time, and one
 * that fails gets none for a while. Guarded by its scheduler's lock.
 */
final class WorkerLoad {

	private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

	final String id;

	private Worker.State state = Worker.State.UNPROVEN;

	private boolean listed;

	private int capacity = 1;

	private int window = 1;

	/** Nothing has been refused since it began with a part of its capacity. */
	private boolean doubling;

	/** It has had as many items as its window lets it since that has last changed. */
	private boolean filled;

	/** Successes since the window has last changed. */
	private int steady;

	/** It has succeeded since it was last in doubt. */
	private boolean proven;

	private long pausedUntilNanos;

	private long pauseNanos = SHORTEST_PAUSE_NANOS;

	int running;

	private long completed;

	private long completedNanos;

	long reassigned;

	long refused;

	long speculated;

	/** In the queue of those that have room. */
	boolean queued;

	WorkerLoad(String id) {
		this.id = id;
	}

	/**
	 * Takes over what is known of the worker now.
	 * @param first how many items it gets at a time when it is new, or has come back
	 * @param capacity how many at most
	 */
	void update(Worker.State state, int first, int capacity) {
		boolean back = !this.listed || (this.state == Worker.State.AWAY && state != Worker.State.AWAY);
		this.proven &= !back;
		this.pausedUntilNanos = back ? 0 : this.pausedUntilNanos;
		if (back && this.window > first) {
			this.window = first;
			this.steady = 0;
			this.filled = false;
		}
		if (this.capacity != capacity) {
			this.capacity = capacity;
			this.window = Math.min(Math.max(this.window, first), capacity);
			this.steady = 0;
			this.filled = false;
		}
		this.doubling |= back && first < capacity;
		this.state = state;
		this.listed = true;
	}

	void gone() {
		this.listed = false;
	}

	boolean isListed() {
		return this.listed;
	}

	int window() {
		return this.window;
	}

	boolean isAvailable(long now) {
		return this.listed && this.state != Worker.State.AWAY && now >= this.pausedUntilNanos;
	}

	boolean hasRoom(long now) {
		return this.running < most() && isAvailable(now);
	}

	private int most() {
		return switch (this.state) {
			case READY -> this.window;
			case UNPROVEN -> this.proven ? this.window : 1;
			case SUSPECT -> 1;
			case AWAY -> 0;
		};
	}

	/**
	 * It is given an item.
	 */
	void begins() {
		this.running++;
		this.filled |= this.running >= this.window;
	}

	/**
	 * It has a result that counts.
	 * @param nanos how long it took
	 */
	void succeeded(long nanos) {
		this.completed++;
		this.completedNanos += nanos;
		this.proven = true;
		this.pauseNanos = SHORTEST_PAUSE_NANOS;
		this.steady += (this.window < this.capacity) ? 1 : 0;
	}

	/**
	 * Whether it has answered as many items as it gets at a time, and could do with more.
	 * @param plenty whether there is so much to do that it need not be kept for others
	 */
	boolean mayGrow(boolean plenty) {
		return this.window < this.capacity && this.steady >= this.window && (!this.doubling || (plenty && this.filled));
	}

	/**
	 * Gives it more items at a time.
	 * @return how many more
	 */
	int grow() {
		int before = this.window;
		this.window = this.doubling ? (int) Math.min(2L * before, this.capacity) : before + 1;
		this.steady = 0;
		this.filled = false;
		return this.window - before;
	}

	/**
	 * It has not done what it was given.
	 */
	void failed(Verdict verdict, long now) {
		switch (verdict) {
			case NO_ROOM -> full(now);
			case REFUSED, LOST -> lost(now);
			case FOR_GOOD, FAILED -> {
				// That is the item's affair.
			}
		}
	}

	private void full(long now) {
		this.doubling = false;
		this.window = Math.max(1, Math.min(this.window - 1, this.running));
		this.steady = 0;
		if (this.running == 0) {
			pause(now);
		}
	}

	private void lost(long now) {
		this.proven = false;
		pause(now);
	}

	private void pause(long now) {
		if (now >= this.pausedUntilNanos) {
			this.pausedUntilNanos = now + this.pauseNanos;
			this.pauseNanos = Math.min(2 * this.pauseNanos, LONGEST_PAUSE_NANOS);
		}
	}

	WorkerProgress progress() {
		return new WorkerProgress(this.id, this.completed, Duration.ofNanos(this.completedNanos), this.running,
				this.reassigned, this.refused, this.speculated, this.listed);
	}

}
