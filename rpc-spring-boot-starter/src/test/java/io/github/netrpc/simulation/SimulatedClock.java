package io.github.netrpc.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.client.ClientTimer;

/**
 * Virtual time: a queue of events, each of which takes none. What is due at the same
 * moment runs in the order in which it was asked for.
 */
final class SimulatedClock {

	private final PriorityQueue<Event> events = new PriorityQueue<>();

	private final long origin = TimeUnit.SECONDS.toNanos(1);

	private long now = this.origin;

	private long order;

	private long ran;

	private long ranNow;

	private long fingerprint;

	private boolean inTimer;

	long now() {
		return this.now;
	}

	long elapsedNanos() {
		return this.now - this.origin;
	}

	/**
	 * How many events have run.
	 */
	long ran() {
		return this.ran;
	}

	/**
	 * How many events have run since the clock has moved.
	 */
	long ranNow() {
		return this.ranNow;
	}

	/**
	 * A number that tells two runs from each other.
	 */
	long fingerprint() {
		return this.fingerprint;
	}

	void mix(long value) {
		this.fingerprint = this.fingerprint * 31 + value;
	}

	Event after(long delayNanos, Runnable action) {
		Event event = new Event(this.now + Math.max(0, delayNanos), this.order++, action);
		this.events.add(event);
		return event;
	}

	/**
	 * Runs the next event.
	 * @return false if there is none
	 */
	boolean step() {
		Event event = this.events.poll();
		while (event != null && event.action == null) {
			event = this.events.poll();
		}
		if (event == null) {
			return false;
		}
		if (event.at > this.now) {
			this.now = event.at;
			this.ranNow = 0;
		}
		this.ran++;
		this.ranNow++;
		mix(event.at);
		Runnable action = event.action;
		event.action = null;
		action.run();
		return true;
	}

	/**
	 * An executor with a thread of its own, in a manner of speaking: tasks run one after
	 * the other, a little later.
	 */
	Executor executor(SimulatedProcess process, SimulatedRandom random) {
		return (task) -> process.after(random.between(0, 50_000), task);
	}

	/**
	 * An event, until it has run.
	 */
	static final class Event implements Comparable<Event> {

		private final long at;

		private final long order;

		private @Nullable Runnable action;

		private Event(long at, long order, Runnable action) {
			this.at = at;
			this.order = order;
			this.action = action;
		}

		void cancel() {
			this.action = null;
		}

		@Override
		public int compareTo(Event other) {
			int byTime = Long.compare(this.at, other.at);
			return (byTime != 0) ? byTime : Long.compare(this.order, other.order);
		}

	}

	/**
	 * The clock as the client sees it. Its tasks are sometimes late, as those of a real
	 * timer.
	 */
	final class Timer implements ClientTimer {

		private static final double LATE = 0.1;

		private static final long LATE_NANOS = 3_000_000;

		private final SimulatedProcess process;

		private final SimulatedRandom random;

		private int live;

		private boolean closed;

		Timer(SimulatedProcess process, SimulatedRandom random) {
			this.process = process;
			this.random = random;
		}

		/**
		 * How many tasks have not run and were not cancelled.
		 */
		int live() {
			return this.live;
		}

		@Override
		public long nanoTime() {
			return SimulatedClock.this.now;
		}

		@Override
		public Instant now() {
			// Somebody sets the clock on the wall, an hour on or back, again and again:
			// nothing that is decided may look at it.
			long hours = Math.floorMod(SimulatedClock.this.now / 1_000_003 * 31, 3) - 1;
			return Instant.EPOCH.plusNanos(SimulatedClock.this.now).plus(Duration.ofHours(hours));
		}

		@Override
		public Runnable schedule(Runnable task, long delayNanos) {
			if (this.closed) {
				return () -> {
				};
			}
			this.live++;
			long late = this.random.chance(LATE) ? this.random.between(0, LATE_NANOS) : 0;
			TimerTask timerTask = new TimerTask(task);
			Event event = after(delayNanos + late, () -> this.process.runTimer(timerTask::run));
			return () -> {
				if (timerTask.drop()) {
					event.cancel();
				}
			};
		}

		@Override
		public boolean inTimerThread() {
			return SimulatedClock.this.inTimer;
		}

		@Override
		public void close() {
			this.closed = true;
			this.live = 0;
		}

		private final class TimerTask {

			private final Runnable task;

			private boolean done;

			private TimerTask(Runnable task) {
				this.task = task;
			}

			private boolean drop() {
				if (this.done || Timer.this.closed) {
					return false;
				}
				this.done = true;
				Timer.this.live--;
				return true;
			}

			private void run() {
				if (drop()) {
					boolean before = SimulatedClock.this.inTimer;
					SimulatedClock.this.inTimer = true;
					try {
						this.task.run();
					}
					finally {
						SimulatedClock.this.inTimer = before;
					}
				}
			}

		}

	}

}
