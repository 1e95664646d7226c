package io.github.netrpc.transport.netty;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

import io.netty.util.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class NettyVersionsTests {

	@TempDir
	private Path folder;

	@ParameterizedTest
	@ValueSource(strings = { "4.2.17.Final", "4.2.9.Final", "4.1.199.Final", "4.2.0.RC1" })
	void oldVersionIsNamedWithThePropertyToSet(String version) throws IOException {
		assertThat(NettyVersions.warning(jars("netty-handler", version))).contains("netty-handler " + version)
			.contains("expected: 4.2.18.Final or newer")
			.contains("'netty.version'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "4.2.18.Final", "4.2.19.Final", "4.10.0.Final", "5.0.0.Final", "2.0.74.Final", "dev" })
	void otherVersionsPass(String version) throws IOException {
		assertThat(NettyVersions.warning(jars("netty-handler", version))).isNull();
	}

	@Test
	void classPathOfThisBuildPasses() {
		Collection<Version> own = Version.identify().values();
		assertThat(own).extracting(Version::artifactId).contains("netty-handler", "netty-common");
		assertThat(NettyVersions.warning(own)).isNull();
	}

	// Netty's jars say their version in a file, which is all that is read.
	private Collection<Version> jars(String artifact, String version) throws IOException {
		Path file = Files.createDirectories(this.folder.resolve("META-INF")).resolve("io.netty.versions.properties");
		Files.writeString(file, """
				%1$s.version=%2$s
				%1$s.buildDate=2026-11-22 00\\:00\\:00 +0000
				%1$s.commitDate=2026-11-22 00\\:00\\:00 +0000
				%1$s.shortCommitHash=0
				%1$s.longCommitHash=0
				%1$s.repoStatus=clean
				""".formatted(artifact, version));
		try (URLClassLoader loader = new URLClassLoader(new URL[] { this.folder.toUri().toURL() }, null)) {
			return Version.identify(loader).values();
		}
	}

}
