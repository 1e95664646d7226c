package io.github.netrpc.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PropertiesSslBundle;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.core.io.ResourceLoader;

/**
 * The files of SSL bundles whose keys are verified ({@code keystore.verify-keys}) when
 * Spring Boot reads them again. What does not pass, or cannot be read, it drops with a
 * line of its own in the log, and calls no update handler: so whoever wants to know has
 * to read the files, too. Thread-safe.
 */
final class VerifiedFiles {

	private final ObjectProvider<SslProperties> properties;

	private final ResourceLoader resources;

	VerifiedFiles(ObjectProvider<SslProperties> properties, ResourceLoader resources) {
		this.properties = properties;
		this.resources = resources;
	}

	/**
	 * Why Spring Boot would drop a bundle if it read its files now.
	 * @param bundle the name of the bundle
	 * @return what is wrong, or null if nothing is, or update handlers would hear of it
	 */
	@Nullable RuntimeException refused(String bundle) {
		SslProperties all = this.properties.getIfAvailable();
		PemSslBundleProperties pem = (all != null) ? all.getBundle().getPem().get(bundle) : null;
		if (pem == null || !pem.isReloadOnUpdate()
				|| !(pem.getKeystore().isVerifyKeys() || pem.getTruststore().isVerifyKeys())) {
			return null;
		}
		try {
			PropertiesSslBundle.get(pem, this.resources);
			return null;
		}
		catch (RuntimeException ex) {
			return ex;
		}
	}

}
