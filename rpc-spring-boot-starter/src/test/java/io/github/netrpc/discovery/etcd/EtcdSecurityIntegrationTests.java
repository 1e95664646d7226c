package io.github.netrpc.discovery.etcd;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.TrustManagerFactory;

import io.etcd.jetcd.Auth;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.auth.Permission;
import io.etcd.jetcd.options.OptionsUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * etcd with a login, and etcd with TLS.
 */
@Timeout(120)
class EtcdSecurityIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	@TempDir
	Path folder;

	@Test
	void userRegistersAndFindsNodesAlsoAfterEtcdHasForgottenItsTokens() throws Exception {
		try (EtcdServer etcd = new EtcdServer(this.folder)) {
			EtcdSettings anybody = EtcdIntegrationTests.settings(etcd.endpoint());
			requireLogin(etcd.endpoint());
			try (EtcdSession session = JetcdSession.open(anybody)) {
				assertThatExceptionOfType(ExecutionException.class)
					.isThrownBy(() -> session.list("/netrpc/arith/").toCompletableFuture().get());
			}
			try (EtcdNodes nodes = new EtcdNodes(anybody.withLogin("rpc", "secret"))) {
				nodes.start("one");
				assertThat(nodes.call()).isEqualTo("one");
				etcd.kill();
				await().atMost(SOON).until(() -> nodes.channel.directory().failures() > 0);
				etcd.start();
				nodes.start("two");
				await().atMost(SOON).untilAsserted(() -> assertThat(nodes.listed()).containsExactly("one", "two"));
			}
		}
	}

	private static void requireLogin(String endpoint) throws Exception {
		try (Client client = Client.builder().endpoints("http://" + endpoint).build()) {
			Auth auth = client.getAuthClient();
			ByteSequence root = bytes("root");
			auth.userAdd(root, bytes("rootsecret")).get();
			auth.roleAdd(root).get();
			auth.userGrantRole(root, root).get();
			auth.userAdd(bytes("rpc"), bytes("secret")).get();
			auth.roleAdd(bytes("nodes")).get();
			auth.roleGrantPermission(bytes("nodes"), bytes("/netrpc/"), OptionsUtil.prefixEndOf(bytes("/netrpc/")),
					Permission.Type.READWRITE)
				.get();
			auth.userGrantRole(bytes("rpc"), bytes("nodes")).get();
			auth.authEnable().get();
		}
	}

	private static ByteSequence bytes(String text) {
		return ByteSequence.from(text, StandardCharsets.UTF_8);
	}

	@Test
	void nodesAreFoundByTls() throws Exception {
		certify("127.0.0.1");
		try (EtcdServer etcd = secured();
				EtcdNodes nodes = new EtcdNodes(EtcdIntegrationTests.settings(etcd.endpoint()).withTls(trusting()))) {
			nodes.start("one");
			assertThat(nodes.call()).isEqualTo("one");
		}
	}

	@Test
	void certificateOfAnotherServerIsNotTrusted() throws Exception {
		certify("127.0.0.9");
		try (EtcdServer etcd = secured();
				EtcdSession session = JetcdSession
					.open(EtcdIntegrationTests.settings(etcd.endpoint()).withTls(trusting()))) {
			assertThatExceptionOfType(ExecutionException.class)
				.isThrownBy(() -> session.list("/netrpc/arith/").toCompletableFuture().get(20, TimeUnit.SECONDS))
				.withStackTraceContaining("127.0.0.1");
		}
	}

	private EtcdServer secured() {
		return new EtcdServer(this.folder, "--cert-file", this.folder.resolve("cert.pem").toString(), "--key-file",
				this.folder.resolve("key.pem").toString());
	}

	private void certify(String address) throws Exception {
		Process process = new ProcessBuilder("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
				"-subj", "/CN=etcd", "-addext", "subjectAltName=IP:" + address, "-keyout", "key.pem", "-out",
				"cert.pem")
			.directory(this.folder.toFile())
			.redirectErrorStream(true)
			.redirectOutput(this.folder.resolve("openssl.log").toFile())
			.start();
		assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
		assertThat(process.exitValue()).isZero();
	}

	private EtcdSettings.Tls trusting() throws Exception {
		KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
		store.load(null, null);
		try (var in = Files.newInputStream(this.folder.resolve("cert.pem"))) {
			store.setCertificateEntry("etcd", CertificateFactory.getInstance("X.509").generateCertificate(in));
		}
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(store);
		return new EtcdSettings.Tls(null, trust, List.of("TLSv1.3"), List.of());
	}

}
