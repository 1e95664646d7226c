package io.github.netrpc.server;

import java.lang.reflect.UndeclaredThrowableException;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCallException;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcException;

/**
 * What the caller of a method that has failed is told. An exception is an object of the
 * user's, whose methods may do anything, so it is asked here, before anything is sent.
 *
 * @param code the code, not OK
 * @param known what is known of the call's effect
 * @param message the error string, not empty
 */
record FailedOutcome(RpcCode code, Known known, String message) {

	private static final FailedOutcome LAST_RESORT = new FailedOutcome(RpcCode.INTERNAL, Known.RAN_AND_FAILED,
			"internal error");

	/** Causes may form a ring. */
	private static final int MOST_WRAPPERS = 32;

	/**
	 * Finds out what to say. Never throws.
	 * @param failure what the handler has thrown
	 * @param method the method
	 * @param context the call
	 * @param log takes what callers must not see
	 * @return what the caller is told
	 */
	static FailedOutcome of(Throwable failure, ServedMethod method, RpcContext context, FailureLog log) {
		try {
			Throwable cause = method.translate(unwrap(failure), context);
			if (cause instanceof RpcCallException call) {
				// What went wrong between this server and another one is not the caller's
				// business: addresses, class names.
				return new FailedOutcome(code(call), Known.RAN_AND_FAILED,
						log.failed("a call of another service failed", method, call));
			}
			if (cause instanceof RpcException chosen) {
				return new FailedOutcome(code(chosen), Objects.requireNonNull(chosen.known(), "known"),
						message(chosen));
			}
			return new FailedOutcome(RpcCode.INTERNAL, Known.RAN_AND_FAILED,
					log.failed("internal error", method, cause));
		}
		catch (Throwable ex) {
			return LAST_RESORT;
		}
	}

	private static RpcCode code(RpcException exception) {
		RpcCode code = Objects.requireNonNull(exception.code(), "code");
		return (code != RpcCode.OK) ? code : RpcCode.INTERNAL;
	}

	// A subclass may return what this one never does.
	private static String message(RpcException exception) {
		@Nullable String message = exception.getMessage();
		return (message == null || message.isEmpty()) ? code(exception).name() : message;
	}

	// Takes off what futures and proxies put around the exception of a handler.
	private static Throwable unwrap(Throwable failure) {
		Throwable current = failure;
		for (int i = 0; i < MOST_WRAPPERS && (current instanceof CompletionException
				|| current instanceof ExecutionException || current instanceof UndeclaredThrowableException); i++) {
			Throwable cause = current.getCause();
			if (cause == null) {
				break;
			}
			current = cause;
		}
		return current;
	}

}
