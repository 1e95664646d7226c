package io.github.netrpc.security;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationTrustResolver;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;

import io.github.netrpc.server.Authenticated;
import io.github.netrpc.server.CallAuthenticator;
import io.github.netrpc.server.CallCredentials;

/**
 * Asks Spring Security who calls. <pre class="code">
 * AuthenticationManager manager = new ProviderManager(new JwtAuthenticationProvider(decoder));
 * BearerTokens tokens = new BearerTokens();
 * RpcServer.builder().authenticator(new SpringSecurityAuthenticator(List.of(tokens), manager, tokens));
 * </pre> Callers get to know nothing of why they are refused; the log does, but never
 * their tokens. Thread-safe.
 *
 * @since 0.1.0
 */
public final class SpringSecurityAuthenticator implements CallAuthenticator {

	private final List<RpcAuthenticationExtractor> extractors;

	private final AuthenticationManager manager;

	private final AuthenticationExpiry expiry;

	private final AuthenticationTrustResolver trust = new AuthenticationTrustResolverImpl();

	/**
	 * Creates an authenticator.
	 * @param extractors make requests of credentials, the first that makes one counts
	 * @param manager answers requests
	 * @param expiry says how long an answer is good
	 */
	public SpringSecurityAuthenticator(List<? extends RpcAuthenticationExtractor> extractors,
			AuthenticationManager manager, AuthenticationExpiry expiry) {
		this.extractors = List.copyOf(extractors);
		this.manager = manager;
		this.expiry = expiry;
	}

	@Override
	public Authenticated authenticate(CallCredentials credentials) {
		try {
			Authentication caller = this.manager.authenticate(request(credentials));
			if (!this.trust.isAuthenticated(caller)) {
				throw new AuthenticationRefusedException("the answer is not an authenticated caller");
			}
			return new Authenticated(caller, this.expiry.expiresAt(caller));
		}
		catch (AuthenticationException ex) {
			// Neither as the cause nor with its message: what cannot be read as a token
			// is quoted there.
			throw AuthenticationRefusedException.of(ex);
		}
	}

	private Authentication request(CallCredentials credentials) {
		for (RpcAuthenticationExtractor extractor : this.extractors) {
			Authentication request = extractor.extract(credentials);
			if (request != null) {
				return withDetails(request, credentials);
			}
		}
		throw new AuthenticationRefusedException(
				(credentials.token() != null) ? "no RpcAuthenticationExtractor takes the token"
						: "no RpcAuthenticationExtractor takes the certificate");
	}

	private static Authentication withDetails(Authentication request, CallCredentials credentials) {
		@Nullable Object details = request.getDetails();
		if (details == null && request instanceof AbstractAuthenticationToken token) {
			token.setDetails(credentials.peer());
		}
		return request;
	}

}
