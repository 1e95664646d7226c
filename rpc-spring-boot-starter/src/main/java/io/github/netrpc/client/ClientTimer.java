package io.github.netrpc.client;

import java.time.Instant;
import java.time.InstantSource;

/**
 * Time as the client sees it. Thread-safe. Tests give one that they move by hand.
 *
 * @since 0.1.0
 */
public interface ClientTimer extends AutoCloseable {

	/**
	 * Creates a timer of real time, for several channels to share. Its one daemon thread
	 * is started by the first task.
	 * @param threadName the name of the thread
	 * @return a new timer, to be closed after the channels
	 */
	static ClientTimer create(String threadName) {
		return new ThreadClientTimer(threadName, System::nanoTime, InstantSource.system());
	}

	/**
	 * The time passed since some moment that never changes. Unlike
	 * {@link System#nanoTime} it is never negative and does not wrap, so times can be
	 * compared directly.
	 * @return nanoseconds, 0 or more
	 */
	long nanoTime();

	/**
	 * The time on the wall, only ever shown to people.
	 * @return the time
	 */
	Instant now();

	/**
	 * Runs a short task once, on the timer's own thread.
	 * @param task the task
	 * @param delayNanos how long from now, in nanoseconds
	 * @return cancels the task when run
	 */
	Runnable schedule(Runnable task, long delayNanos);

	/**
	 * Whether the current thread is a timer's own, of this one or of another channel's,
	 * which must not wait for anything: all deadlines would wait with it.
	 * @return false if it may wait
	 */
	default boolean inTimerThread() {
		return false;
	}

	/**
	 * Drops all tasks and ends the thread.
	 */
	@Override
	void close();

}
