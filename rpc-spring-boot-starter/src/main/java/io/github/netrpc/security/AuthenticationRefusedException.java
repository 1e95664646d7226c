package io.github.netrpc.security;

import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;

/**
 * Somebody was not let in. Says why to whoever reads the log, without a word of what the
 * caller sent.
 */
final class AuthenticationRefusedException extends RpcException {

	private static final long serialVersionUID = 1L;

	/** Causes may form a ring. */
	private static final int MOST_CAUSES = 8;

	AuthenticationRefusedException(String message) {
		// Of the code UNAUTHENTICATED the caller would get the message, too.
		this(RpcCode.INTERNAL, message);
	}

	private AuthenticationRefusedException(RpcCode code, String message) {
		super(code, Known.NOT_RUN, message, null);
	}

	/**
	 * Leaves the stack out: strangers cause these, and nobody looks at it.
	 */
	@Override
	public synchronized Throwable fillInStackTrace() {
		return this;
	}

	/**
	 * Names the kinds of an exception and its causes, which say enough: an expired
	 * signature, an unknown user, a server that does not answer. Whether it is one that
	 * does not answer is said by the code: {@code UNAVAILABLE}.
	 */
	static AuthenticationRefusedException of(AuthenticationException failure) {
		StringBuilder kinds = new StringBuilder(failure.getClass().getSimpleName());
		Throwable each = failure.getCause();
		for (int i = 0; each != null && i < MOST_CAUSES; i++) {
			kinds.append(" caused by ").append(each.getClass().getSimpleName());
			each = each.getCause();
		}
		boolean unasked = failure instanceof AuthenticationServiceException;
		return new AuthenticationRefusedException(unasked ? RpcCode.UNAVAILABLE : RpcCode.INTERNAL, kinds.toString());
	}

}
