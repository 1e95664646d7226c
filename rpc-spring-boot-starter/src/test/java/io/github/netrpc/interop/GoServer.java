package io.github.netrpc.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A running {@code goserver}. It ends when its input does, so it cannot outlive the test.
 */
final class GoServer implements AutoCloseable {

	private final Process process;

	private final Map<String, String> addresses = new HashMap<>();

	private final Path certificate;

	/**
	 * Starts a server.
	 * @param more further arguments
	 */
	GoServer(String... more) {
		Path program = GoPrograms.build("goserver");
		try {
			this.certificate = Files.createTempFile("goserver", ".pem");
			List<String> command = new ArrayList<>(
					List.of(program.toString(), "-all", "-stdin", "-certout", this.certificate.toString()));
			command.addAll(List.of(more));
			this.process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
			BufferedReader output = new BufferedReader(
					new InputStreamReader(this.process.getInputStream(), StandardCharsets.UTF_8));
			for (String line = output.readLine(); !"READY".equals(line); line = output.readLine()) {
				if (line == null) {
					throw new IllegalStateException("goserver ended before it was ready");
				}
				String[] words = line.split(" ");
				this.addresses.put(words[0], words[1]);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Where a transport is served.
	 * @param transport {@code gob}, {@code jsonrpc}, {@code http} and others
	 * @return host and port
	 */
	String address(String transport) {
		return this.addresses.get(transport);
	}

	/**
	 * Has it stay connected and do nothing, until it is woken.
	 */
	void freeze() {
		new StoppableProcess(this.process).stop();
	}

	void wake() {
		new StoppableProcess(this.process).goOn();
	}

	/**
	 * A store that trusts the certificate which the server has made for itself.
	 */
	KeyStore trustStore() throws IOException, GeneralSecurityException {
		KeyStore store = KeyStore.getInstance("PKCS12");
		store.load(null, null);
		try (InputStream pem = Files.newInputStream(this.certificate)) {
			store.setCertificateEntry("goserver", CertificateFactory.getInstance("X.509").generateCertificate(pem));
		}
		return store;
	}

	@Override
	public void close() throws Exception {
		this.process.getOutputStream().close();
		if (!this.process.waitFor(5, TimeUnit.SECONDS)) {
			this.process.destroyForcibly();
		}
		Files.deleteIfExists(this.certificate);
	}

}
