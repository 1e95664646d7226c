package io.github.netrpc.client;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs failures of code that is not the client's, at most one line in 10 seconds, with
 * the number of those that were suppressed before. Never throws. Thread-safe.
 */
final class FailureLog {

	private static final Logger logger = LoggerFactory.getLogger(FailureLog.class);

	private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

	private final AtomicLong quietUntil = new AtomicLong();

	private final AtomicLong suppressed = new AtomicLong();

	/**
	 * Logs a failure, unless one was logged a short time ago.
	 * @param now the time, as {@link ClientTimer#nanoTime} tells it
	 * @param what what has failed
	 * @param cause the failure
	 */
	void warn(long now, String what, Throwable cause) {
		long until = this.quietUntil.get();
		if (now < until || !this.quietUntil.compareAndSet(until, now + QUIET_NANOS)) {
			this.suppressed.incrementAndGet();
			return;
		}
		try {
			logger.warn("{} (and {} more failures since the last line)", what, this.suppressed.getAndSet(0), cause);
		}
		catch (Throwable ex) {
			// What is logged matters less than what the caller does next.
		}
	}

}
