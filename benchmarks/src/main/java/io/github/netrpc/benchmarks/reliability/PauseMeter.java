package io.github.netrpc.benchmarks.reliability;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long this process, or the machine under it, has stood still: a thread that sleeps
 * for a millisecond notes how much later it was woken. Such a pause is part of each time
 * that was measured meanwhile.
 */
final class PauseMeter implements AutoCloseable {

	private static final long SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	/** Pauses of this length and more are counted. */
	private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

	private volatile boolean closed;

	private long pauses;

	private long sumNanos;

	private long worstNanos;

	static PauseMeter start() {
		PauseMeter meter = new PauseMeter();
		Thread thread = new Thread(meter::run, "pause meter");
		thread.setDaemon(true);
		thread.start();
		return meter;
	}

	private void run() {
		long before = System.nanoTime();
		while (!this.closed) {
			LockSupport.parkNanos(SLEEP_NANOS);
			long now = System.nanoTime();
			slept(now - before);
			before = now;
		}
	}

	/**
	 * The thread was away.
	 * @param nanos how long, the millisecond it had asked for included
	 */
	synchronized void slept(long nanos) {
		long pause = nanos - SLEEP_NANOS;
		this.worstNanos = Math.max(this.worstNanos, pause);
		if (pause >= LONG_NANOS) {
			this.pauses++;
			this.sumNanos += pause;
		}
	}

	/**
	 * The longest pause.
	 * @return its length in milliseconds
	 */
	synchronized long worstMillis() {
		return TimeUnit.NANOSECONDS.toMillis(this.worstNanos);
	}

	/**
	 * What was seen, for the report.
	 * @return a line
	 */
	synchronized String text() {
		return String.format(Locale.ROOT,
				"the measuring process stood still for %d ms or more %d times, %d ms in all, %d ms at worst",
				TimeUnit.NANOSECONDS.toMillis(LONG_NANOS), this.pauses, TimeUnit.NANOSECONDS.toMillis(this.sumNanos),
				TimeUnit.NANOSECONDS.toMillis(this.worstNanos));
	}

	@Override
	public void close() {
		this.closed = true;
	}

}
