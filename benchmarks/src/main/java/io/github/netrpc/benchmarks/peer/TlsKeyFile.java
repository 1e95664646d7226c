package io.github.netrpc.benchmarks.peer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;

import io.github.netrpc.benchmarks.Command;
import io.github.netrpc.transport.TlsSettings;

/**
 * A file with a key and its certificate for loopback, with which servers identify
 * themselves, and which clients trust. Made anew for each run by the JDK's
 * {@code keytool}.
 */
public final class TlsKeyFile {

	private static final String PASSWORD = "loopback";

	private TlsKeyFile() {
	}

	/**
	 * Makes a key of the curve that Go's programs use too.
	 * @param file the file, which is replaced
	 * @return the file
	 * @throws IOException if it cannot be made
	 * @throws InterruptedException if interrupted
	 */
	public static Path create(Path file) throws IOException, InterruptedException {
		Files.createDirectories(file.toAbsolutePath().getParent());
		Files.deleteIfExists(file);
		Command.run(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
				"-alias", "loopback", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=localhost", "-ext",
				"san=ip:127.0.0.1,dns:localhost", "-validity", "2", "-storetype", "PKCS12", "-keystore",
				file.toString(), "-storepass", PASSWORD));
		return file;
	}

	/**
	 * How a server speaks TLS with the key.
	 * @param file the file
	 * @return the settings
	 * @throws IOException if it cannot be read
	 */
	public static TlsSettings server(Path file) throws IOException {
		return TlsSettings.builder().keys(read(file), PASSWORD.toCharArray()).build();
	}

	/**
	 * How a client speaks TLS with such a server.
	 * @param file the file
	 * @return the settings
	 * @throws IOException if it cannot be read
	 */
	public static TlsSettings client(Path file) throws IOException {
		return TlsSettings.builder().trust(read(file)).build();
	}

	private static KeyStore read(Path file) throws IOException {
		try (InputStream in = Files.newInputStream(file)) {
			KeyStore keys = KeyStore.getInstance("PKCS12");
			keys.load(in, PASSWORD.toCharArray());
			return keys;
		}
		catch (GeneralSecurityException ex) {
			throw new IOException(file + ": " + ex.getMessage(), ex);
		}
	}

}
