package io.github.netrpc.security;

import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.userdetails.UserDetails;

/**
 * A caller that has shown a certificate: by its name as long as nobody has looked it up,
 * then with {@link UserDetails} and authorities. That the certificate is the caller's was
 * proved by TLS.
 *
 * @since 0.1.0
 */
public final class CertificateAuthentication extends AbstractAuthenticationToken {

	private static final long serialVersionUID = 1L;

	private final Object principal;

	private final X509Certificate certificate;

	private CertificateAuthentication(Object principal, X509Certificate certificate,
			Collection<? extends GrantedAuthority> authorities) {
		super(authorities);
		this.principal = principal;
		this.certificate = certificate;
	}

	/**
	 * Asks who has a certificate.
	 * @param name the name in the certificate
	 * @param certificate the caller's own certificate
	 * @return a request, not authenticated
	 */
	public static CertificateAuthentication unauthenticated(String name, X509Certificate certificate) {
		return new CertificateAuthentication(name, certificate, List.of());
	}

	/**
	 * Says who has a certificate.
	 * @param user the user
	 * @param certificate the user's certificate
	 * @return the caller, authenticated, with the user's authorities
	 */
	public static CertificateAuthentication authenticated(UserDetails user, X509Certificate certificate) {
		CertificateAuthentication authentication = new CertificateAuthentication(user, certificate,
				user.getAuthorities());
		authentication.setAuthenticated(true);
		return authentication;
	}

	/**
	 * The name in the certificate, or the {@link UserDetails} of its user.
	 */
	@Override
	public Object getPrincipal() {
		return this.principal;
	}

	/**
	 * The caller's own certificate.
	 */
	@Override
	public X509Certificate getCredentials() {
		return this.certificate;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof CertificateAuthentication that && super.equals(other)
				&& this.certificate.equals(that.certificate);
	}

	@Override
	public int hashCode() {
		return Objects.hash(super.hashCode(), this.certificate);
	}

}
