package io.github.netrpc.transport.netty;

import java.time.Duration;

import io.netty.channel.EventLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.github.netrpc.exec.LogThrottle;

/**
 * Logs failures, at most one line in 10 seconds, with the number of those that were
 * suppressed before. Thread-safe.
 */
final class FailureLog {

	private static final Logger LOGGER = LoggerFactory.getLogger(NettyTransport.class);

	private final LogThrottle throttle = new LogThrottle(1, Duration.ofSeconds(10));

	/**
	 * Logs a failure, unless one was logged a short time ago.
	 * @param loop has the clock
	 * @param message what failed
	 * @param cause the failure
	 */
	void warn(EventLoop loop, String message, Throwable cause) {
		long left = this.throttle.admit(loop.ticker().nanoTime());
		if (left >= 0) {
			LOGGER.warn("{}{}", message, LogThrottle.leftOut(left), cause);
		}
	}

}
