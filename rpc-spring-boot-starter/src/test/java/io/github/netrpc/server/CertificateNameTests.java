package io.github.netrpc.server;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.netrpc.transport.TestAuthority;

import static org.assertj.core.api.Assertions.assertThat;

class CertificateNameTests {

	private static final TestAuthority AUTHORITY = new TestAuthority("names");

	@Test
	void subjectIsTheCommonName() {
		assertThat(CertificateName.SUBJECT.of(AUTHORITY.client("alice").certificate())).isEqualTo("alice");
		assertThat(CertificateName.SAN.of(AUTHORITY.client("alice").certificate())).isNull();
		assertThat(CertificateName.NONE.of(AUTHORITY.client("alice").certificate())).isNull();
	}

	@Test
	void charactersThatDelimitNamesArePartOfTheName() {
		assertThat(CertificateName.SUBJECT.of(AUTHORITY.client("alice\\,CN\\=bob").certificate()))
			.isEqualTo("alice,CN=bob");
	}

	@Test
	void ofTwoCommonNamesNeitherIsBelieved() {
		assertThat(CertificateName.SUBJECT.of(AUTHORITY.client("alice,CN=bob").certificate())).isNull();
		assertThat(CertificateName.SUBJECT.of(AUTHORITY.client("alice+CN=bob").certificate())).isNull();
	}

	@Test
	void alternativeNameIsTheFirstThatIsAText() {
		Instant now = Instant.now();
		X509Certificate certificate = AUTHORITY
			.issue("alice", List.of("node7", "node8"), TestAuthority.CLIENT_USAGE, now.minus(Duration.ofDays(1)),
					now.plus(Duration.ofDays(1)))
			.certificate();
		assertThat(CertificateName.SAN.of(certificate)).isEqualTo("node7");
	}

}
