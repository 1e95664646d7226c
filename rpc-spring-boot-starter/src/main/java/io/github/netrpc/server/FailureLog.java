package io.github.netrpc.server;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import io.github.netrpc.RpcCallException;
import io.github.netrpc.RpcException;
import io.github.netrpc.exec.LogThrottle;

/**
 * Writes what callers must not see to the log, with an id that they do see. All lines are
 * rate-limited, since callers cause them. Thread-safe.
 */
final class FailureLog {

	// Odd, so that multiplying by it maps different numbers to different ids.
	private static final int SPREAD = 0x9E3779B1;

	private static final int LINES_PER_SECOND = 10;

	/** What is logged of the words of an authenticator, in characters. */
	private static final int LONGEST_REASON = 200;

	private static final int MOST_CAUSES = 8;

	private static final Logger logger = LoggerFactory.getLogger(RpcServer.class);

	private final AtomicInteger ids;

	private final LongSupplier nanoTime;

	private final LogThrottle failures = newThrottle();

	private final LogThrottle refusals = newThrottle();

	private final LogThrottle peers = newThrottle();

	private final LogThrottle undone = newThrottle();

	private final LogThrottle strangers = newThrottle();

	FailureLog(LongSupplier nanoTime) {
		this.ids = new AtomicInteger((int) nanoTime.getAsLong());
		this.nanoTime = nanoTime;
	}

	private static LogThrottle newThrottle() {
		return new LogThrottle(LINES_PER_SECOND, Duration.ofSeconds(1));
	}

	/**
	 * Logs a failure of the server's own.
	 * @param what what the caller is told, without details
	 * @param method the method that was called
	 * @param cause the failure
	 * @return what the caller is told, with the id
	 */
	String failed(String what, ServedMethod method, Throwable cause) {
		String text = withId(what);
		long left = this.failures.admit(this.nanoTime.getAsLong());
		if (left >= 0) {
			log(Level.ERROR, "{} failed: {}{}", method.name(), text, LogThrottle.leftOut(left), cause);
		}
		return text;
	}

	private String withId(String what) {
		return "%s (id %08x)".formatted(what, this.ids.getAndIncrement() * SPREAD);
	}

	/**
	 * Logs that code of the application refused an argument. With lines of their own, so
	 * that callers cannot hide failures behind bad arguments.
	 * @param what what the caller is told, without details
	 * @param method the method that was called
	 * @param cause what the application's code threw
	 * @return what the caller is told, with the id
	 */
	String refused(String what, ServedMethod method, Throwable cause) {
		String text = withId(what);
		long left = this.refusals.admit(this.nanoTime.getAsLong());
		if (left >= 0) {
			log(Level.WARN, "{} refused its argument: {}{}", method.name(), text, LogThrottle.leftOut(left), cause);
		}
		return text;
	}

	/**
	 * Logs that something was left undone of which no caller is told.
	 * @param what what was left undone
	 * @param cause why
	 */
	void leftUndone(String what, Throwable cause) {
		long left = this.undone.admit(this.nanoTime.getAsLong());
		if (left >= 0) {
			log(Level.ERROR, "{}{}{}", what, "", LogThrottle.leftOut(left), cause);
		}
	}

	// Exceptions are objects of the user's, and may fail to say what they are.
	private static void log(Level level, String format, Object first, Object second, Object third, Throwable cause) {
		try {
			logger.atLevel(level).setCause(cause).log(format, first, second, third);
		}
		catch (Throwable ex) {
			logWithoutTrace(level, format + " ({} cannot be logged)", first, second, third, cause.getClass().getName());
		}
	}

	private static void logWithoutTrace(Level level, String format, Object... arguments) {
		try {
			logger.atLevel(level).log(format, arguments);
		}
		catch (Throwable ex) {
			// A log that fails must not fail calls.
		}
	}

	/**
	 * Logs that calls were ended because their caller was silent.
	 * @param peer the peer
	 * @param calls how many
	 * @param silentNanos for how long
	 */
	void orphaned(SocketAddress peer, int calls, long silentNanos) {
		long left = this.peers.admit(this.nanoTime.getAsLong());
		if (left >= 0) {
			logger.warn("{} calls from {} were cancelled: nothing was heard of it for {} ms{}", calls, peer,
					TimeUnit.NANOSECONDS.toMillis(silentNanos), LogThrottle.leftOut(left));
		}
	}

	/**
	 * Logs that it could not be found out who calls.
	 * @param credentials what was shown, of which the token is not logged
	 * @param told what the caller is told
	 * @param cause what the authenticator threw, or null if it has chosen the text
	 */
	void unauthenticated(CallCredentials credentials, String told, @Nullable Throwable cause) {
		long left = this.strangers.admit(this.nanoTime.getAsLong());
		if (left >= 0) {
			logWithoutTrace(Level.WARN, "A caller at {} is not authenticated: {}{}{}", credentials.peer(),
					harmless(told, credentials), (cause != null) ? " (" + describe(cause, credentials) + ")" : "",
					LogThrottle.leftOut(left));
		}
	}

	/**
	 * The kinds of an exception and its causes. Messages of libraries may quote a token
	 * in part, or what is written in it; who throws our own exception knows what not to
	 * say, unless it is the answer of another node.
	 */
	private static String describe(Throwable cause, CallCredentials credentials) {
		StringBuilder kinds = new StringBuilder(cause.getClass().getName());
		try {
			if (cause instanceof RpcException chosen && !(cause instanceof RpcCallException)) {
				return kinds + ": " + harmless(chosen.getMessage(), credentials);
			}
			Throwable each = cause.getCause();
			// Causes may form a ring.
			for (int i = 0; each != null && i < MOST_CAUSES; i++) {
				kinds.append(" caused by ").append(each.getClass().getName());
				each = each.getCause();
			}
		}
		catch (Throwable ex) {
			// Exceptions are objects of the user's, and may fail to say what they are.
		}
		return kinds.toString();
	}

	/**
	 * A text of others that may quote what a peer has sent: a token, or characters that
	 * forge lines.
	 */
	private static String harmless(String text, CallCredentials credentials) {
		String token = credentials.token();
		if (token != null && !token.isEmpty() && text.contains(token)) {
			return "(a text that quotes the token)";
		}
		StringBuilder shown = new StringBuilder();
		text.chars()
			.limit(LONGEST_REASON)
			.forEach((each) -> shown.append(Character.isISOControl(each) ? '?' : (char) each));
		return shown.toString();
	}

	/**
	 * Logs that a connection was given up because of its peer.
	 * @param peer the peer
	 * @param reason why
	 * @param cause a fault of ours behind it, or null
	 */
	void gaveUp(@Nullable SocketAddress peer, String reason, @Nullable Throwable cause) {
		long left = this.peers.admit(this.nanoTime.getAsLong());
		if (left >= 0) {
			if (cause != null) {
				log(Level.ERROR, "Closing connection from {}: {}{}", String.valueOf(peer), reason,
						LogThrottle.leftOut(left), cause);
			}
			else {
				logger.warn("Closing connection from {}: {}{}", peer, reason, LogThrottle.leftOut(left));
			}
		}
	}

}
