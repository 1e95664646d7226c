package io.github.netrpc.client;

import java.time.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.github.netrpc.exec.LogThrottle;

/**
 * Logs failures of code that is not the client's, at most one line in 10 seconds, with
 * the number of those that were suppressed before. Never throws. Thread-safe.
 */
final class FailureLog {

	private static final Logger logger = LoggerFactory.getLogger(FailureLog.class);

	private final LogThrottle throttle = new LogThrottle(1, Duration.ofSeconds(10));

	/**
	 * Logs a failure, unless one was logged a short time ago.
	 * @param now the time, as {@link ClientTimer#nanoTime} tells it
	 * @param what what has failed
	 * @param cause the failure
	 */
	void warn(long now, String what, Throwable cause) {
		try {
			long left = this.throttle.admit(now);
			if (left >= 0) {
				logger.warn("{}{}", what, LogThrottle.leftOut(left), cause);
			}
		}
		catch (Throwable ex) {
			// What is logged matters less than what the caller does next.
		}
	}

}
