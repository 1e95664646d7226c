package io.github.netrpc.server;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;

import javax.naming.InvalidNameException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

import org.jspecify.annotations.Nullable;

/**
 * What in a client's certificate says who the client is.
 *
 * @since 0.1.0
 */
public enum CertificateName {

	/** Nothing: certificates only let in. */
	NONE,

	/** The common name of the subject: {@code alice} of {@code CN=alice,O=Acme}. */
	SUBJECT,

	/**
	 * The first of the subject's alternative names that is a mail address, a DNS name, a
	 * URI or an IP address.
	 */
	SAN;

	private static final String COMMON_NAME = "CN";

	/** Mail address, DNS name, URI, IP address: RFC 5280, 4.2.1.6. */
	private static final List<Integer> TEXTS = List.of(1, 2, 6, 7);

	/**
	 * Reads the name.
	 * @param certificate the client's certificate
	 * @return the name, or null if there is none, or more than one common name
	 */
	public @Nullable String of(X509Certificate certificate) {
		try {
			return switch (this) {
				case NONE -> null;
				case SUBJECT -> commonName(certificate.getSubjectX500Principal().getName());
				case SAN -> firstAlternative(certificate.getSubjectAlternativeNames());
			};
		}
		catch (NamingException | CertificateParsingException ex) {
			return null;
		}
	}

	// Of two names neither is to be believed: it depends on the reader which one counts.
	private static @Nullable String commonName(String subject) throws NamingException {
		String found = null;
		for (Rdn rdn : new LdapName(subject).getRdns()) {
			Attribute names = rdn.toAttributes().get(COMMON_NAME);
			if (names == null) {
				continue;
			}
			if (found != null || names.size() != 1 || !(names.get() instanceof String name)) {
				throw new InvalidNameException("several common names, or none that is a text");
			}
			found = name;
		}
		return (found == null || found.isBlank()) ? null : found;
	}

	private static @Nullable String firstAlternative(@Nullable Collection<List<?>> names) {
		if (names == null) {
			return null;
		}
		for (List<?> name : names) {
			if (TEXTS.contains(name.get(0)) && name.get(1) instanceof String text && !text.isBlank()) {
				return text;
			}
		}
		return null;
	}

}
