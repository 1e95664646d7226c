package io.github.netrpc.server;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What callers are told of a refusal: what there was, the limit, and the property that
 * sets it. <pre>
 * server is overloaded: 1024 calls wait (limit: rpc.server.concurrency.queue = 1024)
 * </pre> What is counted goes on while the text is made; where the limit was reached, no
 * less is told.
 */
final class RefusalText {

	private RefusalText() {
	}

	/**
	 * Describes a refusal.
	 * @param reason why the call is refused
	 * @param connection the connection of the call
	 * @param queuedNanos when the call was queued; matters to those that were
	 * @return the error string
	 */
	static String of(RefusalReason reason, ServerConnection connection, long queuedNanos) {
		ServerScope scope = connection.scope();
		HandlerExecutor<HandlerWorker> handlers = scope.handlers();
		return switch (reason) {
			case QUEUE_FULL -> overloaded(atLeast(handlers.queued(), handlers.capacity()) + " calls wait",
					"concurrency.queue", String.valueOf(handlers.capacity()));
			case OVERLOAD -> overloaded(
					handlers.queued() + " calls wait, and " + handlers.bound()
							+ " are run within half of the longest wait",
					"overload.max-wait", millis(handlers.maxWaitNanos()));
			case WAITED_TOO_LONG ->
				overloaded("the call has waited " + millis(scope.nanoTime().getAsLong() - queuedNanos),
						"overload.max-wait", millis(handlers.maxWaitNanos()));
			case CONNECTION_FULL ->
				atLeast(connection.callsInFlight(), scope.limits().calls()) + " calls of this connection are under way"
						+ limit("connection.max-calls", String.valueOf(scope.limits().calls()));
			case ARGUMENTS_FULL -> arguments(connection);
			case ASYNC_FULL ->
				overloaded(atLeast(scope.async().count(), scope.async().max()) + " asynchronous calls are under way",
						"concurrency.async", String.valueOf(scope.async().max()));
			case NO_THREAD -> reason.message() + ", " + handlers.runners() + " are at work"
					+ limit("concurrency.max", String.valueOf(handlers.maxRunners()));
			case AUTHENTICATION_TIMEOUT ->
				reason.message() + limit("connection.request-timeout", millis(scope.limits().requestNanos()));
			case UNAUTHENTICATED, PERMISSION_DENIED, LIMIT, SHUTDOWN, DEADLINE, CANCELLED -> reason.message();
		};
	}

	private static String arguments(ServerConnection connection) {
		long own = connection.flow().argumentBytes();
		long most = connection.scope().limits().argumentBytes();
		if (own > most) {
			return own + " bytes of arguments are held for calls of this connection"
					+ limit("connection.max-arguments-size", most + " bytes");
		}
		ByteTotal all = connection.scope().arguments();
		// Once there were too many, half of them have to go.
		return all.bytes() + " bytes of arguments are held for all calls"
				+ limit("max-arguments-size", all.limit() + " bytes, then half of it");
	}

	private static String overloaded(String what, String property, String limit) {
		return "server is overloaded: " + what + limit(property, limit);
	}

	private static String limit(String property, String value) {
		return " (limit: rpc.server." + property + " = " + value + ")";
	}

	private static long atLeast(long seen, long limit) {
		return Math.max(seen, limit);
	}

	private static String millis(long nanos) {
		long micros = TimeUnit.NANOSECONDS.toMicros(nanos);
		return (micros % 1000 == 0 || micros > 10_000) ? micros / 1000 + " ms"
				: String.format(Locale.ROOT, "%.3f ms", micros / 1000.0);
	}

}
