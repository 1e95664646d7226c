package io.github.netrpc.transport.netty;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.channel.EventLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs failures, at most one line in 10 seconds, with the number of those that were
 * suppressed. Thread-safe.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class FailureLog {

	private static final Logger LOGGER = LoggerFactory.getLogger(NettyTransport.class);

	private static final long QUIET_SECONDS = 10;

	/** How many came since the last line, 0 if the next one is logged. */
	private final AtomicInteger since = new AtomicInteger();

	/**
	 * Logs a failure, unless one was logged a short time ago.
	 * @param loop ends the quiet time
	 * @param message what failed
	 * @param cause the failure
	 */
	void warn(EventLoop loop, String message, Throwable cause) {
		if (this.since.getAndIncrement() != 0) {
			return;
		}
		LOGGER.warn(message, cause);
		if (!loop.isShuttingDown()) {
			loop.schedule(this::resume, QUIET_SECONDS, TimeUnit.SECONDS);
		}
	}

	private void resume() {
		int suppressed = this.since.getAndSet(0) - 1;
		if (suppressed > 0) {
			LOGGER.warn("{} more failures like the last one in {} seconds", suppressed, QUIET_SECONDS);
		}
	}

}
