package io.github.netrpc.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.boot.io.ApplicationResourceLoader;

import io.github.netrpc.transport.TestAuthority;
import io.github.netrpc.transport.TestAuthority.Identity;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which bundles have files to look at, and for how long those may not fit.
 */
class VerifiedFilesTests {

	private static final TestAuthority AUTHORITY = new TestAuthority("verified");

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path folder;

	private final AtomicLong nanoTime = new AtomicLong();

	private final SslProperties properties = new SslProperties();

	private final PemSslBundleProperties pem = new PemSslBundleProperties();

	private final VerifiedFiles files = new VerifiedFiles(
			new StaticListableBeanFactory(Map.of("properties", this.properties)).getBeanProvider(SslProperties.class),
			ApplicationResourceLoader.get(), this.nanoTime::get);

	@BeforeEach
	void writeFiles() throws IOException {
		Identity identity = AUTHORITY.server("localhost");
		Files.writeString(this.folder.resolve("server.pem"), identity.certificatePem());
		Files.writeString(this.folder.resolve("server.key"), identity.keyPem());
		this.pem.getKeystore().setCertificate("file:" + this.folder.resolve("server.pem"));
		this.pem.getKeystore().setPrivateKey("file:" + this.folder.resolve("server.key"));
		this.pem.getKeystore().setVerifyKeys(true);
		this.pem.setReloadOnUpdate(true);
		this.properties.getBundle().getPem().put("server", this.pem);
	}

	private @Nullable String refusedAfter(Duration time) {
		this.nanoTime.addAndGet(time.toNanos());
		return Objects.requireNonNull(this.files.of("server")).refused();
	}

	@Test
	void bundlesThatToldOfReloadsAreNotRead() {
		assertThat(this.files.of("server")).isNotNull().isSameAs(this.files.of("server"));
		assertThat(this.files.of("client")).isNull();
		this.pem.setReloadOnUpdate(false);
		assertThat(this.files.of("server")).isNull();
		this.pem.setReloadOnUpdate(true);
		this.pem.getKeystore().setVerifyKeys(false);
		assertThat(this.files.of("server")).isNull();
	}

	@Test
	void filesMayFailToFitForTheQuietPeriodOfTheBundle() throws IOException {
		this.properties.getBundle().getWatch().getFile().setQuietPeriod(Duration.ofSeconds(3));
		assertThat(refusedAfter(Duration.ZERO)).isNull();
		Files.writeString(this.folder.resolve("server.key"), AUTHORITY.server("localhost").keyPem());
		assertThat(refusedAfter(Duration.ofSeconds(1))).isNull();
		assertThat(refusedAfter(Duration.ofMillis(2_999))).isNull();
		assertThat(refusedAfter(Duration.ofSeconds(1))).contains("matches none of the certificates");
		Files.delete(this.folder.resolve("server.key"));
		assertThat(refusedAfter(Duration.ofSeconds(1))).contains("server.key");
	}

	@Test
	void quietPeriodThatIsNotToBeHadIsTenSeconds() throws IOException {
		this.properties.getBundle().getWatch().getFile().setQuietPeriod(null);
		Files.writeString(this.folder.resolve("server.key"), "no key");
		assertThat(refusedAfter(Duration.ZERO)).isNull();
		assertThat(refusedAfter(Duration.ofMillis(9_999))).isNull();
		assertThat(refusedAfter(Duration.ofSeconds(1))).isNotNull();
	}

}
