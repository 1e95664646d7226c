package io.github.netrpc.autoconfigure;

import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

import io.github.netrpc.transport.TlsSettings;
import io.github.netrpc.transport.TlsSettings.ClientAuth;

/**
 * Settings for TLS made of SSL bundles. They follow the bundles: when one is reloaded,
 * new connections use what it has then, and those that are open go on. A bundle that
 * cannot be used is refused with a line in the log, and the one before stays.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class TlsBundles {

	private static final Logger logger = LoggerFactory.getLogger(TlsBundles.class);

	private final ObjectProvider<SslBundles> bundles;

	private final VerifiedFiles files;

	private final Map<String, Followed> followed = new ConcurrentHashMap<>();

	TlsBundles(ObjectProvider<SslBundles> bundles, VerifiedFiles files) {
		this.bundles = bundles;
		this.files = files;
	}

	/**
	 * The settings of a server.
	 * @param property names the bundle
	 * @param bundle the name of the bundle
	 * @param clientAuth whether clients need certificates
	 * @param handshakeTimeout how long a handshake may take
	 * @return has the settings for new connections
	 * @throws InvalidConfigurationPropertyValueException if there is no such bundle, or
	 * it cannot be used
	 */
	public Supplier<TlsSettings> ofServer(String property, String bundle, ClientAuth clientAuth,
			Duration handshakeTimeout) {
		return follow(property, bundle, (ssl) -> {
			TlsSettings settings = builder(ssl, clientAuth).clientAuth(clientAuth)
				.handshakeTimeout(handshakeTimeout)
				.build();
			if (!settings.hasKeys()) {
				throw new IllegalArgumentException("there is no private key with a certificate in it");
			}
			return settings;
		});
	}

	/**
	 * The settings of a channel.
	 * @param property names the bundle
	 * @param bundle the name of the bundle, or null for what the JDK trusts
	 * @param verifyHostName whether certificates have to have the names of the nodes
	 * @param serverName that name, or null for what is connected to
	 * @return has the settings for new connections
	 * @throws InvalidConfigurationPropertyValueException if there is no such bundle, or
	 * it cannot be used
	 */
	public Supplier<TlsSettings> ofChannel(String property, @Nullable String bundle, boolean verifyHostName,
			@Nullable String serverName) {
		if (bundle == null) {
			TlsSettings settings = TlsSettings.builder().verifyHostName(verifyHostName).serverName(serverName).build();
			return () -> settings;
		}
		return follow(property, bundle,
				(ssl) -> builder(ssl, ClientAuth.NONE).verifyHostName(verifyHostName).serverName(serverName).build());
	}

	/**
	 * Which bundles were reloaded, but cannot be used. Of those whose keys are verified
	 * before a reload is told, the files are read, at most once a second and by one
	 * thread at a time; they are told of when they have been unusable for as long as
	 * Spring Boot waits for files to be quiet.
	 * @return the properties that name them, each with the reason
	 */
	public Map<String, String> refused() {
		Map<String, String> refused = new TreeMap<>();
		this.followed.forEach((property, each) -> {
			String reason = each.whyRefused();
			if (reason != null) {
				refused.put(property, reason);
			}
		});
		return refused;
	}

	private Supplier<TlsSettings> follow(String property, String name, Function<SslBundle, TlsSettings> settings) {
		try {
			SslBundles all = this.bundles.getIfAvailable();
			if (all == null) {
				throw new IllegalArgumentException("there are no SSL bundles");
			}
			Followed bundle = new Followed(property, name, settings, this.files.of(name), all.getBundle(name));
			all.addBundleUpdateHandler(name, bundle::update);
			this.followed.put(property, bundle);
			return bundle;
		}
		catch (NoSuchSslBundleException ex) {
			throw new InvalidConfigurationPropertyValueException(property, name,
					"there is no SSL bundle of that name ('spring.ssl.bundle.pem." + name + "', for example)", ex);
		}
		catch (RuntimeException ex) {
			throw new InvalidConfigurationPropertyValueException(property, name,
					"the SSL bundle cannot be used: " + reason(ex), ex);
		}
	}

	/**
	 * Only a bundle's own trust store is for the certificates of clients: else all that
	 * public authorities have certified would be let in.
	 */
	private static TlsSettings.Builder builder(SslBundle bundle, ClientAuth clientAuth) {
		TlsSettings.Builder builder = TlsSettings.builder()
			.keys(bundle.getManagers().getKeyManagerFactory())
			.protocols(list(bundle.getOptions().getEnabledProtocols()))
			.ciphers(list(bundle.getOptions().getCiphers()));
		if (clientAuth == ClientAuth.NONE || bundle.getStores().getTrustStore() != null) {
			builder.trust(bundle.getManagers().getTrustManagerFactory());
		}
		return builder;
	}

	private static List<String> list(String @Nullable [] values) {
		return (values != null) ? Arrays.asList(values) : List.of();
	}

	/**
	 * What is wrong, in the words of the innermost that has any.
	 */
	static String reason(Throwable failure) {
		String reason = String.valueOf(failure.getMessage());
		Throwable next = failure.getCause();
		for (int depth = 0; next != null && depth < 5; depth++) {
			if (next.getMessage() != null && !reason.contains(next.getMessage())) {
				reason += ": " + next.getMessage();
			}
			next = next.getCause();
		}
		return reason;
	}

	/**
	 * The settings of a bundle that may be reloaded.
	 */
	private static final class Followed implements Supplier<TlsSettings> {

		private final String property;

		private final String name;

		private final Function<SslBundle, TlsSettings> convert;

		/** What is read beside Spring Boot, or null. */
		private final @Nullable VerifiedBundle files;

		private volatile TlsSettings settings;

		private volatile @Nullable String refused;

		Followed(String property, String name, Function<SslBundle, TlsSettings> convert, @Nullable VerifiedBundle files,
				SslBundle bundle) {
			this.property = property;
			this.name = name;
			this.convert = convert;
			this.files = files;
			this.settings = convert.apply(bundle);
			String invalid = invalidCertificate(bundle);
			if (invalid != null) {
				logger.warn("The SSL bundle '{}' of '{}' will be refused by peers: {}", name, property, invalid);
			}
		}

		@Override
		public TlsSettings get() {
			return this.settings;
		}

		void update(SslBundle bundle) {
			try {
				TlsSettings next = this.convert.apply(bundle);
				String invalid = invalidCertificate(bundle);
				if (invalid != null) {
					throw new IllegalArgumentException(invalid);
				}
				this.settings = next;
				this.refused = null;
				logger.info("New connections use the SSL bundle '{}' of '{}' as it is now", this.name, this.property);
			}
			catch (RuntimeException ex) {
				String reason = reason(ex);
				this.refused = reason;
				logger.error("The SSL bundle '{}' of '{}' was reloaded, but cannot be used. New connections go on with"
						+ " the one before: {}", this.name, this.property, reason, ex);
			}
		}

		@Nullable String whyRefused() {
			String told = this.refused;
			return (told != null || this.files == null) ? told : this.files.refused();
		}

		/**
		 * Why peers would not accept the certificates at this time, or null.
		 */
		private static @Nullable String invalidCertificate(SslBundle bundle) {
			KeyStore keys = bundle.getStores().getKeyStore();
			if (keys == null) {
				return null;
			}
			try {
				for (String alias : Collections.list(keys.aliases())) {
					if (keys.isKeyEntry(alias) && keys.getCertificate(alias) instanceof X509Certificate certificate) {
						certificate.checkValidity();
					}
				}
				return null;
			}
			catch (CertificateException ex) {
				return "the certificate is not valid now: " + ex.getMessage();
			}
			catch (KeyStoreException ex) {
				return "the key store cannot be read: " + ex.getMessage();
			}
		}

	}

}
