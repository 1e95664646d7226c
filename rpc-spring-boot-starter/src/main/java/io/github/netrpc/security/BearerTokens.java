package io.github.netrpc.security;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.AbstractOAuth2TokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

import io.github.netrpc.server.CallCredentials;

/**
 * Takes tokens for those of OAuth 2, such as JWTs. The one class that needs
 * {@code spring-security-oauth2-resource-server}.
 *
 * @since 0.1.0
 */
public final class BearerTokens implements RpcAuthenticationExtractor, AuthenticationExpiry {

	/** What Spring Security allows clocks to differ by, too. */
	private static final Duration CLOCK_SKEW = Duration.ofSeconds(60);

	private static final String SCHEME = "Bearer ";

	/**
	 * Makes a {@link BearerTokenAuthenticationToken} of a token, of a subclass whose name
	 * and text are not the token.
	 * @param credentials a token, with or without {@code Bearer} before it
	 * @return the request, or null if there is no token
	 */
	@Override
	public @Nullable Authentication extract(CallCredentials credentials) {
		String token = credentials.token();
		if (token == null) {
			return null;
		}
		String value = token.regionMatches(true, 0, SCHEME, 0, SCHEME.length()) ? token.substring(SCHEME.length())
				: token;
		return value.isBlank() ? null : new NamelessToken(value);
	}

	/**
	 * When the token of a caller ends.
	 * @param authentication the caller
	 * @return a minute after the end that the token itself says, or null if it says none
	 */
	@Override
	public @Nullable Instant expiresAt(Authentication authentication) {
		Instant end = (authentication instanceof AbstractOAuth2TokenAuthenticationToken<?> bearer)
				? bearer.getToken().getExpiresAt() : null;
		return (end != null && end.isBefore(Instant.MAX.minus(CLOCK_SKEW))) ? end.plus(CLOCK_SKEW) : end;
	}

	/**
	 * A token of which it is not known whose it is. Spring Security would call its owner
	 * by the token itself, in events that audits write down.
	 */
	private static final class NamelessToken extends BearerTokenAuthenticationToken {

		private static final long serialVersionUID = 1L;

		private NamelessToken(String token) {
			super(token);
		}

		@Override
		public String getName() {
			return "bearer token";
		}

		@Override
		public String toString() {
			return "BearerTokenAuthenticationToken[token=[PROTECTED], details=" + getDetails() + "]";
		}

	}

}
