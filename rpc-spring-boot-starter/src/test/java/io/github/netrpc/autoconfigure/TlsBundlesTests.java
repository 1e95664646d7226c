package io.github.netrpc.autoconfigure;

import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.DefaultResourceLoader;

import io.github.netrpc.transport.TestAuthority;
import io.github.netrpc.transport.TestAuthority.Identity;
import io.github.netrpc.transport.TlsSettings;
import io.github.netrpc.transport.TlsSettings.ClientAuth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What becomes of SSL bundles, good and bad, at the start and when they are reloaded.
 */
@ExtendWith(OutputCaptureExtension.class)
class TlsBundlesTests {

	private static final String PROPERTY = "rpc.server.ssl.bundle";

	private final TestAuthority authority = new TestAuthority("bundles");

	private final Identity identity = this.authority.server("localhost");

	private final DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry();

	private final TlsBundles bundles = new TlsBundles(
			new StaticListableBeanFactory(Map.of("bundles", this.registry)).getBeanProvider(SslBundles.class),
			new VerifiedFiles(new StaticListableBeanFactory().getBeanProvider(SslProperties.class),
					new DefaultResourceLoader(), () -> 0));

	private static SslBundle bundle(@Nullable KeyStore keys, @Nullable KeyStore trust) {
		return SslBundle.of(SslStoreBundle.of(keys, (keys != null) ? new String(TestAuthority.PASSWORD) : null, trust));
	}

	private Supplier<TlsSettings> server(ClientAuth clientAuth) {
		return this.bundles.ofServer(PROPERTY, "server", clientAuth, Duration.ofSeconds(5));
	}

	@Test
	void optionsOfTheBundleAreKept() {
		this.registry.registerBundle("server",
				SslBundle.of(SslStoreBundle.of(this.identity.keyStore(), "secret", this.authority.trustStore()),
						SslBundleKey.NONE,
						SslOptions.of(Set.of("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"), Set.of("TLSv1.2"))));
		TlsSettings settings = server(ClientAuth.NEED).get();
		assertThat(settings.serverEngine().getEnabledProtocols()).containsExactly("TLSv1.2");
		assertThat(settings.serverEngine().getEnabledCipherSuites())
			.containsExactly("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
		assertThat(settings.serverEngine().getNeedClientAuth()).isTrue();
	}

	@Test
	void bundleThatIsNotThereNamesTheProperty() {
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> server(ClientAuth.NONE))
			.satisfies((ex) -> assertThat(ex.getName()).isEqualTo(PROPERTY))
			.satisfies((ex) -> assertThat(ex.getReason()).contains("there is no SSL bundle of that name"));
	}

	@Test
	void serverNeedsAKey() {
		this.registry.registerBundle("server", bundle(null, this.authority.trustStore()));
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> server(ClientAuth.NONE))
			.satisfies((ex) -> assertThat(ex.getReason()).contains("there is no private key with a certificate in it"));
	}

	@Test
	void keyOfAnotherCertificateIsRefused() {
		Identity mixed = this.identity.withCertificateOf(this.authority.server("localhost"));
		this.registry.registerBundle("server", bundle(mixed.keyStore(), null));
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> server(ClientAuth.NONE))
			.satisfies((ex) -> assertThat(ex.getReason()).contains("is not that of the certificate"));
	}

	@Test
	void certificatesOfClientsNeedTheBundlesOwnTrustStore() {
		this.registry.registerBundle("server", bundle(this.identity.keyStore(), null));
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> server(ClientAuth.NEED))
			.satisfies((ex) -> assertThat(ex.getReason()).contains("no trust store"));
		assertThat(server(ClientAuth.NONE).get().hasKeys()).isTrue();
	}

	@Test
	void channelWithoutABundleTrustsWhatTheJdkTrusts() {
		TlsSettings settings = this.bundles.ofChannel("rpc.client.channel.arith.ssl.bundle", null, true, "arith").get();
		assertThat(settings.hasKeys()).isFalse();
		assertThat(settings.clientEngine("10.0.0.1", 1).getPeerHost()).isEqualTo("arith");
		assertThat(settings.clientEngine("10.0.0.1", 1).getSSLParameters().getEndpointIdentificationAlgorithm())
			.isEqualTo("HTTPS");
	}

	@Test
	void reloadedBundleIsUsed(CapturedOutput output) {
		this.registry.registerBundle("server", bundle(this.identity.keyStore(), null));
		Supplier<TlsSettings> tls = server(ClientAuth.NONE);
		TlsSettings before = tls.get();
		assertThat(tls.get()).isSameAs(before);
		this.registry.updateBundle("server", bundle(this.authority.server("localhost").keyStore(), null));
		assertThat(tls.get()).isNotSameAs(before);
		assertThat(this.bundles.refused()).isEmpty();
		assertThat(output)
			.contains("New connections use the SSL bundle 'server' of 'rpc.server.ssl.bundle' as it is now");
	}

	@Test
	void reloadedBundleOfAChannelIsUsed() {
		this.registry.registerBundle("client", bundle(null, this.authority.trustStore()));
		Supplier<TlsSettings> tls = this.bundles.ofChannel("rpc.client.channel.arith.ssl.bundle", "client", true, null);
		TlsSettings before = tls.get();
		assertThat(before.hasKeys()).isFalse();
		this.registry.updateBundle("client",
				bundle(this.authority.client("alice").keyStore(), this.authority.trustStore()));
		assertThat(tls.get()).isNotSameAs(before);
		assertThat(tls.get().hasKeys()).isTrue();
	}

	@Test
	void reloadedBundleThatCannotBeUsedIsRefusedUntilAGoodOneComes(CapturedOutput output) {
		this.registry.registerBundle("server", bundle(this.identity.keyStore(), null));
		Supplier<TlsSettings> tls = server(ClientAuth.NONE);
		TlsSettings before = tls.get();
		Instant now = Instant.now();
		Identity expired = this.authority.issue("server", List.of("localhost"), TestAuthority.SERVER_USAGE,
				now.minusSeconds(7200), now.minusSeconds(3600));
		List<KeyStore> bad = List.of(this.authority.trustStore(), expired.keyStore(),
				expired.withCertificateOf(this.identity).keyStore());
		for (KeyStore each : bad) {
			this.registry.updateBundle("server", bundle(each, null));
			assertThat(tls.get()).isSameAs(before);
			assertThat(this.bundles.refused()).containsOnlyKeys(PROPERTY);
		}
		assertThat(output).contains("was reloaded, but cannot be used. New connections go on with the one before")
			.contains("the certificate is not valid now: NotAfter: ");
		this.registry.updateBundle("server", bundle(this.authority.server("localhost").keyStore(), null));
		assertThat(tls.get()).isNotSameAs(before);
		assertThat(this.bundles.refused()).isEmpty();
	}

	@Test
	void certificateThatIsNotValidIsToldAtTheStart(CapturedOutput output) {
		Instant now = Instant.now();
		Identity expired = this.authority.issue("server", List.of("localhost"), TestAuthority.SERVER_USAGE,
				now.minusSeconds(7200), now.minusSeconds(3600));
		this.registry.registerBundle("server", bundle(expired.keyStore(), null));
		assertThat(server(ClientAuth.NONE).get().hasKeys()).isTrue();
		assertThat(output).contains("The SSL bundle 'server' of 'rpc.server.ssl.bundle' will be refused by peers");
	}

}
