package io.github.netrpc.security;

import java.security.cert.X509Certificate;

import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;

import io.github.netrpc.server.CallCredentials;
import io.github.netrpc.server.CertificateName;

/**
 * Takes callers without a token by the name in their certificate. A bean of this type has
 * certificates looked up among the application's users. Thread-safe. <pre class="code">
 * &#064;Bean
 * CertificateExtractor certificates() {
 *     return new CertificateExtractor(CertificateName.SUBJECT);
 * }
 * </pre>
 *
 * @since 0.1.0
 */
public final class CertificateExtractor implements RpcAuthenticationExtractor {

	private final CertificateName name;

	/**
	 * Creates an extractor.
	 * @param name what in certificates says who calls
	 */
	public CertificateExtractor(CertificateName name) {
		this.name = name;
	}

	/**
	 * Makes a {@link CertificateAuthentication} of the caller's own certificate.
	 * @param credentials the caller's
	 * @return the request; null if there is a token, which counts then, no certificate,
	 * or no name in it
	 */
	@Override
	public @Nullable Authentication extract(CallCredentials credentials) {
		if (credentials.token() != null || credentials.certificates().isEmpty()) {
			return null;
		}
		X509Certificate certificate = credentials.certificates().get(0);
		String found = this.name.of(certificate);
		return (found != null) ? CertificateAuthentication.unauthenticated(found, certificate) : null;
	}

}
