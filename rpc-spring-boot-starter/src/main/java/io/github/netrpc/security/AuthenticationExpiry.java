package io.github.netrpc.security;

import java.time.Instant;

import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;

/**
 * Knows until when an authentication is good, but for the bound that the server has
 * anyway. A bean of this type takes the place of what is built in: the end of a bearer
 * token. Used by many threads at the same time.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface AuthenticationExpiry {

	/** It is not known when authentications end. */
	AuthenticationExpiry NEVER = (authentication) -> null;

	/**
	 * When an authentication ends.
	 * @param authentication a caller that was authenticated
	 * @return the end, or null if that is not known
	 */
	@Nullable Instant expiresAt(Authentication authentication);

}
