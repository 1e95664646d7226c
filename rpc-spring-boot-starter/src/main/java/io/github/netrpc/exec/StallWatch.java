package io.github.netrpc.exec;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

/**
 * Tells work that is only short from work that takes time. One runner does short work
 * fastest: a second one costs a wake-up and fights for the same locks. Work that blocks
 * or takes long needs the next runner at once. So work begins with one runner, while this
 * watch looks every millisecond: at what was in the queue at the look before, which
 * should be taken by now. Where two looks in a row find that it is not (a busy processor
 * alone may cause one), the work is told to {@linkplain Work#moveOn move on}, and is
 * {@linkplain #eager eager} for a while: it starts runners ahead of need. Work that is
 * late again as soon as that time is over is eager for twice as long, 0.8 s at most.
 * <p>
 * So what waits behind something that takes time waits for three looks at most, and that
 * once in a while. Looks are taken only while there is work. Thread-safe.
 *
 * @since 0.1.0
 */
public final class StallWatch {

	/** Between two looks. */
	public static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	private static final int LEAST_EAGER_TICKS = 100;

	private static final int MOST_EAGER_TICKS = 800;

	private static final int LATE_TICKS = 2;

	/** Being late within so many ticks after eagerness has ended is the same trouble. */
	private static final int RELAPSE_TICKS = 10;

	private final Work work;

	private final Runnable look = this::look;

	private final AtomicBoolean armed = new AtomicBoolean();

	private volatile boolean eager;

	// Used by one look at a time.

	private @Nullable Timer timer;

	private long takenBefore;

	private long addedBefore;

	private int lateTicks;

	private int eagerTicks;

	private int ticksLeft;

	private int calmTicks = RELAPSE_TICKS;

	/**
	 * Creates a watch that does not look yet.
	 * @param work what to watch
	 */
	public StallWatch(Work work) {
		this.work = work;
	}

	/**
	 * Whether something blocked a short while ago, so that runners should be started
	 * ahead of need.
	 * @return whether to be eager
	 */
	public boolean eager() {
		return this.eager;
	}

	/**
	 * Looks from now on, until there is nothing to watch. To be called after work was
	 * added.
	 * @param timer runs the looks
	 */
	public void arm(Timer timer) {
		if (!this.armed.get() && this.armed.compareAndSet(false, true)) {
			this.timer = timer;
			this.addedBefore = this.work.added();
			this.takenBefore = this.work.taken() - 1;
			this.lateTicks = 0;
			lookLater(timer);
		}
	}

	private void lookLater(Timer timer) {
		try {
			timer.schedule(this.look, TICK_NANOS);
		}
		catch (Throwable ex) {
			// The thread of this timer has ended, or there is no memory for now. No look
			// is to come, so the watch may be armed again, by another timer too.
			this.eager = true;
			this.armed.set(false);
			this.work.moveOn();
		}
	}

	// Whatever a look runs into, there is a next one: nobody else gets a runner for what
	// waits behind a call that blocks.
	private void look() {
		boolean again = true;
		try {
			again = lookOnce();
		}
		finally {
			Timer timer = this.timer;
			if (again && timer != null) {
				lookLater(timer);
			}
		}
	}

	private boolean lookOnce() {
		this.work.looked();
		boolean idle = this.work.isIdle();
		long taken = this.work.taken();
		boolean late = taken - this.addedBefore < 0 || (!idle && taken == this.takenBefore);
		this.lateTicks = late ? this.lateTicks + 1 : 0;
		if (this.lateTicks >= LATE_TICKS) {
			moveOn();
		}
		else if (this.eager && --this.ticksLeft <= 0) {
			this.eager = false;
			this.calmTicks = 0;
		}
		else if (!this.eager && this.calmTicks < RELAPSE_TICKS) {
			this.calmTicks++;
		}
		this.takenBefore = taken;
		this.addedBefore = this.work.added();
		if (idle && !this.eager) {
			this.armed.set(false);
			// What was added since the look has seen the watch armed.
			return !this.work.isIdle() && this.armed.compareAndSet(false, true);
		}
		return true;
	}

	private void moveOn() {
		if (!this.eager) {
			this.eagerTicks = (this.calmTicks < RELAPSE_TICKS) ? Math.min(2 * this.eagerTicks, MOST_EAGER_TICKS)
					: LEAST_EAGER_TICKS;
		}
		this.ticksLeft = this.eagerTicks;
		this.eager = true;
		this.work.moveOn();
	}

	/**
	 * What is watched. Thread-safe.
	 */
	public interface Work {

		/**
		 * How many pieces were ever taken from the queue.
		 * @return a number that changes whenever work moves
		 */
		long taken();

		/**
		 * How many pieces were ever added to the queue.
		 * @return the number of those taken and of those that wait
		 */
		long added();

		/**
		 * Whether nothing waits that somebody else could take up: neither in the queue
		 * nor unflushed.
		 * @return whether there is nothing to watch
		 */
		boolean isIdle();

		/**
		 * A look is taken. Called by one look at a time, as long as there are looks.
		 */
		default void looked() {
		}

		/**
		 * Work is late: gets another runner to take up what waits, and flushes.
		 */
		void moveOn();

	}

	/**
	 * Runs a task later.
	 */
	@FunctionalInterface
	public interface Timer {

		/**
		 * Runs a task later.
		 * @param task a short task
		 * @param delayNanos how much later, in nanoseconds
		 */
		void schedule(Runnable task, long delayNanos);

	}

}
