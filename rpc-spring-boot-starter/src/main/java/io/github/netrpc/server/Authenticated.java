package io.github.netrpc.server;

import java.security.Principal;
import java.time.Instant;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Who calls, as a {@link CallAuthenticator} has found out.
 *
 * @param principal the caller
 * @param validUntil until when that is so, by the wall clock: the authenticator is asked
 * again then, and a time that is over means that the caller is not authenticated; null if
 * it does not say. The authenticator is asked again after
 * {@link RpcServerBuilder#maxValidity} anyway. Clocks differ, so allow for a minute
 * @since 0.1.0
 */
public record Authenticated(Principal principal, @Nullable Instant validUntil) {

	public Authenticated {
		Objects.requireNonNull(principal, "principal");
	}

}
