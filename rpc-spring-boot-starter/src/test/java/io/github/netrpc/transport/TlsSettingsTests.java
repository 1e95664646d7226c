package io.github.netrpc.transport;

import java.security.KeyStore;
import java.util.List;

import javax.net.ssl.SSLEngine;

import org.junit.jupiter.api.Test;

import io.github.netrpc.transport.TestAuthority.Identity;
import io.github.netrpc.transport.TlsSettings.ClientAuth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What settings are made of, and which are refused.
 */
class TlsSettingsTests {

	private final TestAuthority authority = new TestAuthority("settings");

	private final Identity server = this.authority.server("localhost");

	@Test
	void serverSpeaksTwoVersionsAndOnlyCiphersThatAuthenticate() {
		SSLEngine engine = keys(this.server.keyStore()).build().serverEngine();
		assertThat(engine.getUseClientMode()).isFalse();
		assertThat(engine.getEnabledProtocols()).containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
		assertThat(engine.getEnabledCipherSuites()).contains("TLS_AES_128_GCM_SHA256")
			.allSatisfy((suite) -> assertThat(suite).doesNotContain("_CBC_").doesNotStartWith("TLS_RSA"));
		assertThat(engine.getNeedClientAuth()).isFalse();
		assertThat(engine.getWantClientAuth()).isFalse();
	}

	@Test
	void clientChecksTheNameUnlessToldOtherwise() {
		assertThat(identification(TlsSettings.builder())).isEqualTo("HTTPS");
		assertThat(identification(TlsSettings.builder().verifyHostName(false))).isNull();
	}

	private static String identification(TlsSettings.Builder builder) {
		return builder.build().clientEngine("node", 1234).getSSLParameters().getEndpointIdentificationAlgorithm();
	}

	@Test
	void serverNameReplacesTheHostThatIsConnectedTo() {
		TlsSettings settings = TlsSettings.builder().build();
		assertThat(settings.clientEngine("10.0.0.1", 1234).getPeerHost()).isEqualTo("10.0.0.1");
		TlsSettings named = settings.withServerNameIfAbsent("arith.example");
		assertThat(named.clientEngine("10.0.0.1", 1234).getPeerHost()).isEqualTo("arith.example");
		assertThat(named.withServerNameIfAbsent("other").clientEngine("10.0.0.1", 1234).getPeerHost())
			.isEqualTo("arith.example");
	}

	@Test
	void clientAuthNeedsAuthoritiesOfItsOwn() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> keys(this.server.keyStore()).clientAuth(ClientAuth.WANT).build())
			.withMessageContaining("no trust store");
		TlsSettings need = keys(this.server.keyStore()).trust(this.authority.trustStore())
			.clientAuth(ClientAuth.NEED)
			.build();
		assertThat(need.serverEngine().getNeedClientAuth()).isTrue();
		TlsSettings want = keys(this.server.keyStore()).trust(this.authority.trustStore())
			.clientAuth(ClientAuth.WANT)
			.build();
		assertThat(want.serverEngine().getWantClientAuth()).isTrue();
	}

	@Test
	void keyOfAnotherCertificateIsRefused() {
		Identity mixed = this.server.withCertificateOf(this.authority.server("localhost"));
		assertThatIllegalArgumentException().isThrownBy(() -> keys(mixed.keyStore()).build())
			.withMessageContaining("the private key is not that of the certificate of CN=server");
	}

	@Test
	void onlyAStoreWithAKeyHasKeys() {
		assertThat(keys(this.server.keyStore()).build().hasKeys()).isTrue();
		assertThat(keys(this.authority.trustStore()).build().hasKeys()).isFalse();
		assertThat(TlsSettings.builder().build().hasKeys()).isFalse();
	}

	@Test
	void oldVersionsAndUnknownCiphersAreRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> TlsSettings.builder().protocols(List.of("TLSv1.1")).build())
			.withMessage("protocol: \"TLSv1.1\" (expected: TLSv1.3, TLSv1.2)");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> TlsSettings.builder().ciphers(List.of("TLS_NONE")).build())
			.withMessageStartingWith("cipher suite: \"TLS_NONE\" (expected: TLS_");
		SSLEngine engine = TlsSettings.builder()
			.protocols(List.of("TLSv1.2"))
			.ciphers(List.of("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"))
			.build()
			.clientEngine("node", 1);
		assertThat(engine.getEnabledProtocols()).containsExactly("TLSv1.2");
		assertThat(engine.getEnabledCipherSuites()).containsExactly("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
	}

	private static TlsSettings.Builder keys(KeyStore store) {
		return TlsSettings.builder().keys(store, TestAuthority.PASSWORD);
	}

}
