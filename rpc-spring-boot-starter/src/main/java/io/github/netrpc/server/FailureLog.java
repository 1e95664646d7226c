package io.github.netrpc.server;

import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what callers must not see to the log, with an id that they do see. All lines are
 * rate-limited, since callers cause them. Thread-safe.
 */
final class FailureLog {

	// Odd, so that multiplying by it maps different numbers to different ids.
	private static final int SPREAD = 0x9E3779B1;

	private static final Logger logger = LoggerFactory.getLogger(RpcServer.class);

	private final AtomicInteger ids;

	private final LogThrottle failures;

	private final LogThrottle peers;

	FailureLog(LongSupplier nanoTime) {
		this.ids = new AtomicInteger((int) nanoTime.getAsLong());
		this.failures = new LogThrottle(nanoTime);
		this.peers = new LogThrottle(nanoTime);
	}

	/**
	 * Logs a failure of the server's own.
	 * @param what what the caller is told, without details
	 * @param method the method that was called
	 * @param cause the failure
	 * @return what the caller is told, with the id
	 */
	String failed(String what, ServedMethod method, Throwable cause) {
		String text = "%s (id %08x)".formatted(what, this.ids.getAndIncrement() * SPREAD);
		long left = this.failures.admit();
		if (left >= 0) {
			logger.error("{} failed: {}{}", method.name(), text, leftOut(left), cause);
		}
		return text;
	}

	/**
	 * Logs that a connection was given up because of its peer.
	 * @param peer the peer
	 * @param reason why
	 * @param cause a fault of ours behind it, or null
	 */
	void gaveUp(@Nullable SocketAddress peer, String reason, @Nullable Throwable cause) {
		long left = this.peers.admit();
		if (left >= 0) {
			if (cause != null) {
				logger.error("Closing connection from {}: {}{}", peer, reason, leftOut(left), cause);
			}
			else {
				logger.warn("Closing connection from {}: {}{}", peer, reason, leftOut(left));
			}
		}
	}

	private static String leftOut(long lines) {
		return (lines > 0) ? " (" + lines + " such lines left out before)" : "";
	}

}
