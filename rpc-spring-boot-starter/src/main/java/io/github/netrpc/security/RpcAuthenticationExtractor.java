package io.github.netrpc.security;

import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;

import io.github.netrpc.server.CallCredentials;

/**
 * Makes a request for Spring Security's
 * {@link org.springframework.security.authentication.AuthenticationManager} of what a
 * caller has shown. Beans of this type are asked in their order, before what is built in:
 * bearer tokens. <pre class="code">
 * &#064;Bean
 * RpcAuthenticationExtractor passwords() {
 *     return (credentials) -&gt; {
 *         String[] parts = (credentials.token() != null) ? credentials.token().split(":", 2) : new String[0];
 *         return (parts.length == 2) ? UsernamePasswordAuthenticationToken.unauthenticated(parts[0], parts[1]) : null;
 *     };
 * }
 * </pre> Used by many threads at the same time.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface RpcAuthenticationExtractor {

	/**
	 * Makes a request of credentials. Nothing is believed yet, but that the certificates
	 * are the caller's.
	 * @param credentials what the caller has shown: a token, or certificates without one
	 * @return a request for the manager, or null to leave it to others
	 * @throws org.springframework.security.core.AuthenticationException if nobody can
	 * have these credentials
	 */
	@Nullable Authentication extract(CallCredentials credentials);

}
