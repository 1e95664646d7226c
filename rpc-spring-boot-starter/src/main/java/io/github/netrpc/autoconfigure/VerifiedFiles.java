package io.github.netrpc.autoconfigure;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PropertiesSslBundle;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.core.io.ResourceLoader;

/**
 * The SSL bundles whose keys are verified ({@code keystore.verify-keys}) when Spring Boot
 * reads their files again. What does not pass, or cannot be read, it drops with a line of
 * its own in the log, and calls no update handler: so whoever wants to know has to read
 * the files, too. Thread-safe.
 */
final class VerifiedFiles {

	/** That of Spring Boot. */
	private static final Duration DEFAULT_QUIET_PERIOD = Duration.ofSeconds(10);

	private final ObjectProvider<SslProperties> properties;

	private final ResourceLoader resources;

	private final LongSupplier nanoTime;

	private final Map<String, VerifiedBundle> bundles = new ConcurrentHashMap<>();

	VerifiedFiles(ObjectProvider<SslProperties> properties, ResourceLoader resources, LongSupplier nanoTime) {
		this.properties = properties;
		this.resources = resources;
		this.nanoTime = nanoTime;
	}

	/**
	 * The files of a bundle.
	 * @param bundle the name of the bundle
	 * @return what Spring Boot would drop of it, the same object each time; null if
	 * update handlers hear of all reloads, or there are none
	 */
	@Nullable VerifiedBundle of(String bundle) {
		SslProperties all = this.properties.getIfAvailable();
		PemSslBundleProperties pem = (all != null) ? all.getBundle().getPem().get(bundle) : null;
		if (all == null || pem == null || !pem.isReloadOnUpdate()
				|| !(pem.getKeystore().isVerifyKeys() || pem.getTruststore().isVerifyKeys())) {
			return null;
		}
		Duration quietPeriod = all.getBundle().getWatch().getFile().getQuietPeriod();
		return this.bundles.computeIfAbsent(bundle, (name) -> new VerifiedBundle(name,
				(quietPeriod != null) ? quietPeriod : DEFAULT_QUIET_PERIOD, () -> failure(pem), this.nanoTime));
	}

	private @Nullable RuntimeException failure(PemSslBundleProperties pem) {
		try {
			PropertiesSslBundle.get(pem, this.resources);
			return null;
		}
		catch (RuntimeException ex) {
			return ex;
		}
	}

}
