package io.github.netrpc.security;

import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AccountStatusUserDetailsChecker;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsChecker;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;

/**
 * Looks up the users of certificates by name. Those who are unknown, locked, disabled or
 * expired are refused. Thread-safe.
 *
 * @since 0.1.0
 */
public final class CertificateAuthenticationProvider implements AuthenticationProvider {

	private final UserDetailsService users;

	private final UserDetailsChecker status = new AccountStatusUserDetailsChecker();

	/**
	 * Creates a provider.
	 * @param users the users
	 */
	public CertificateAuthenticationProvider(UserDetailsService users) {
		this.users = users;
	}

	@Override
	public @Nullable Authentication authenticate(Authentication authentication) {
		if (!(authentication instanceof CertificateAuthentication request)) {
			return null;
		}
		CertificateAuthentication caller = CertificateAuthentication.authenticated(user(request.getName()),
				request.getCredentials());
		caller.setDetails(request.getDetails());
		return caller;
	}

	private UserDetails user(String name) {
		UserDetails user;
		try {
			user = this.users.loadUserByUsername(name);
		}
		catch (UsernameNotFoundException ex) {
			throw new BadCredentialsException("no user has the name in the certificate", ex);
		}
		this.status.check(user);
		return user;
	}

	@Override
	public boolean supports(Class<?> authentication) {
		return CertificateAuthentication.class.isAssignableFrom(authentication);
	}

}
