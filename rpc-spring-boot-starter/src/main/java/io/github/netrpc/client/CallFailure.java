package io.github.netrpc.client;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCallException;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;

/**
 * Why a call failed, before there is an exception: that is made by the thread that throws
 * it, so that its stack trace shows the caller, and the I/O thread does not pay for it.
 *
 * @param code how the call ended
 * @param known what is known of its effect
 * @param message what happened, for people
 * @param cause the cause, or null
 * @since 0.1.0
 */
public record CallFailure(RpcCode code, Known known, String message, @Nullable Throwable cause) {

	static CallFailure notRun(RpcCode code, String message) {
		return new CallFailure(code, Known.NOT_RUN, message, null);
	}

	static CallFailure unavailable(Known known, String message, @Nullable Throwable cause) {
		return new CallFailure(RpcCode.UNAVAILABLE, known, message, cause);
	}

	/**
	 * The exception for the caller.
	 * @param trace where the call went
	 * @return a new exception
	 */
	RpcException toException(RpcCallException.Trace trace) {
		return new RpcCallException(this.code, this.known, this.message, this.cause, trace);
	}

}
