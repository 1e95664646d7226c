package io.github.netrpc.security;

import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;

import io.github.netrpc.Known;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcException;
import io.github.netrpc.annotation.RpcAdvice;
import io.github.netrpc.annotation.RpcExceptionHandler;
import io.github.netrpc.server.RefusalReason;

/**
 * Answers calls that Spring Security has stopped in a service: by {@code @PreAuthorize},
 * {@code @Secured} and the like. Callers are told no more than when the server itself
 * refuses them. Thread-safe.
 *
 * @since 0.1.0
 */
@RpcAdvice
public final class SecurityExceptionAdvice {

	/**
	 * Answers a caller who may not do this, or who might if it were known who it is.
	 * @param context the call
	 * @return the answer
	 */
	@RpcExceptionHandler(AccessDeniedException.class)
	public RpcException denied(RpcContext context) {
		return answer((context.principal() != null) ? RefusalReason.PERMISSION_DENIED : RefusalReason.UNAUTHENTICATED);
	}

	/**
	 * Answers a caller of whom it is not known, or not believed, who it is.
	 * @return the answer
	 */
	@RpcExceptionHandler(AuthenticationException.class)
	public RpcException unauthenticated() {
		return answer(RefusalReason.UNAUTHENTICATED);
	}

	// Whether the method had begun nobody knows: it may have called another one itself.
	private static RpcException answer(RefusalReason reason) {
		return new RpcException(reason.code(), Known.RAN_AND_FAILED, reason.message(), null);
	}

}
