package io.github.netrpc.observation;

import io.github.netrpc.RpcCode;

/**
 * Value of the tag {@code outcome}: whose problem a call's end is, in the words of
 * Spring's {@code http.server.requests}. <pre>
 * SUCCESS       OK
 * CLIENT_ERROR  CANCELLED, INVALID_ARGUMENT, NOT_FOUND, ALREADY_EXISTS, PERMISSION_DENIED,
 *               FAILED_PRECONDITION, ABORTED, OUT_OF_RANGE, UNIMPLEMENTED, UNAUTHENTICATED
 * SERVER_ERROR  DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, INTERNAL, UNAVAILABLE, DATA_LOSS
 * UNKNOWN       UNKNOWN, which every application error of a stock Go server is
 * </pre>
 *
 * @since 0.1.0
 */
public enum Outcome {

	/** The call succeeded. */
	SUCCESS,

	/** The caller gave up, or asked for what cannot be had. */
	CLIENT_ERROR,

	/** The server, or the way to it, failed: overload and lateness too. */
	SERVER_ERROR,

	/** An error that says no more. */
	UNKNOWN;

	/**
	 * The outcome that a code stands for.
	 * @param code how a call ended
	 * @return the outcome
	 */
	public static Outcome of(RpcCode code) {
		return switch (code) {
			case OK -> SUCCESS;
			case CANCELLED, INVALID_ARGUMENT, NOT_FOUND, ALREADY_EXISTS, PERMISSION_DENIED, FAILED_PRECONDITION,
					ABORTED, OUT_OF_RANGE, UNIMPLEMENTED, UNAUTHENTICATED ->
				CLIENT_ERROR;
			case DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, INTERNAL, UNAVAILABLE, DATA_LOSS -> SERVER_ERROR;
			case UNKNOWN -> UNKNOWN;
		};
	}

}
