package io.github.netrpc.security;

import java.security.Principal;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolderStrategy;

import io.github.netrpc.server.HandlerCall;
import io.github.netrpc.server.ServerInterceptor;

/**
 * Shows the caller to Spring Security while a call is handled, and takes the thread back
 * to what it was. There are two for each method: the outermost one for the interceptors,
 * and one around the handler, since those in between may go over to another thread.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class SecurityContextInterceptor implements ServerInterceptor, Ordered {

	/** Outside of the application's interceptors, with room for those that observe. */
	public static final int OUTERMOST = Ordered.HIGHEST_PRECEDENCE + 1000;

	/** Around the handler. */
	public static final int INNERMOST = Ordered.LOWEST_PRECEDENCE;

	private final SecurityContextHolderStrategy holder;

	private final int order;

	/**
	 * Creates an interceptor.
	 * @param holder keeps the context of each thread
	 * @param order {@link #OUTERMOST} or {@link #INNERMOST}
	 */
	public SecurityContextInterceptor(SecurityContextHolderStrategy holder, int order) {
		this.holder = holder;
		this.order = order;
	}

	@Override
	public int getOrder() {
		return this.order;
	}

	@Override
	public @Nullable Object intercept(HandlerCall call, Next next) throws Throwable {
		Principal principal = call.context().principal();
		SecurityContext before = this.holder.getContext();
		Authentication shown = before.getAuthentication();
		if (principal != null && shown != null && (shown == principal || shown.getPrincipal() == principal)) {
			return next.proceed(call);
		}
		boolean wasEmpty = shown == null;
		// Never the context that is there: other threads may hold it.
		SecurityContext context = this.holder.createEmptyContext();
		context.setAuthentication((principal != null) ? authentication(principal) : null);
		this.holder.setContext(context);
		try {
			return next.proceed(call);
		}
		finally {
			if (wasEmpty) {
				this.holder.clearContext();
			}
			else {
				this.holder.setContext(before);
			}
		}
	}

	// Whoever was known by something else has a name, and nothing that it may do.
	private static Authentication authentication(Principal principal) {
		return (principal instanceof Authentication authentication) ? authentication
				: UsernamePasswordAuthenticationToken.authenticated(principal, null, List.of());
	}

}
