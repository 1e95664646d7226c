package io.github.netrpc.security.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.ClassUtils;

import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.context.RpcServerLifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * JWTs by the properties of Boot's resource server, with a key from a file.
 */
@Timeout(60)
class JwtIntegrationTests {

	private final KeyPair keys = newKeys();

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path folder;

	private static KeyPair newKeys() {
		try {
			KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
			generator.initialize(2048);
			return generator.generateKeyPair();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private ConfigurableApplicationContext run() throws IOException {
		Path key = Files.writeString(this.folder.resolve("issuer.pub"),
				"-----BEGIN PUBLIC KEY-----\n"
						+ Base64.getMimeEncoder().encodeToString(this.keys.getPublic().getEncoded())
						+ "\n-----END PUBLIC KEY-----\n");
		SpringApplication application = new SpringApplication(LedgerApplication.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		return application.run("--rpc.server.port=0",
				"--spring.security.oauth2.resourceserver.jwt.public-key-location=file:" + key,
				"--spring.security.oauth2.resourceserver.jwt.audiences=ledger");
	}

	private static RpcChannel channel(ConfigurableApplicationContext context) {
		return RpcChannel.builder()
			.target("127.0.0.1:" + context.getBean(RpcServerLifecycle.class).server().port())
			.build();
	}

	private String token(String scope, String audience, KeyPair signedBy) throws JOSEException {
		SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.RS256),
				new JWTClaimsSet.Builder().subject("alice")
					.audience(audience)
					.claim("scope", scope)
					.expirationTime(Date.from(Instant.now().plusSeconds(3600)))
					.build());
		token.sign(new RSASSASigner(signedBy.getPrivate()));
		return token.serialize();
	}

	private static String read(RpcChannel channel) {
		return channel.call("Ledger.Read", "4711", String.class);
	}

	@Test
	void thereAreNoServlets() {
		assertThat(ClassUtils.isPresent("jakarta.servlet.Servlet", null)).isFalse();
	}

	@Test
	void whoHasATokenOfTheIssuerMayDoWhatItSays() throws Exception {
		try (ConfigurableApplicationContext context = run()) {
			try (RpcChannel reader = channel(context)) {
				reader.call("_goRPC_.Authenticate", token("ledger.read", "ledger", this.keys), Void.class);
				assertThat(read(reader)).isEqualTo("4711 for alice");
			}
			try (RpcChannel writer = channel(context)) {
				writer.call("_goRPC_.Authenticate", token("ledger.write", "ledger", this.keys), Void.class);
				assertThatExceptionOfType(RpcException.class).isThrownBy(() -> read(writer))
					.satisfies((ex) -> assertThat(ex.code()).isEqualTo(RpcCode.PERMISSION_DENIED));
			}
		}
	}

	@Test
	void othersAreNotLetIn() throws Exception {
		try (ConfigurableApplicationContext context = run(); RpcChannel channel = channel(context)) {
			for (String token : new String[] { token("ledger.read", "ledger", newKeys()),
					token("ledger.read", "till", this.keys), "none" }) {
				assertThatExceptionOfType(RpcException.class)
					.isThrownBy(() -> channel.call("_goRPC_.Authenticate", token, Void.class))
					.satisfies((ex) -> assertThat(ex.code()).isEqualTo(RpcCode.UNAUTHENTICATED));
				assertThatExceptionOfType(RpcException.class).isThrownBy(() -> read(channel))
					.satisfies((ex) -> assertThat(ex.code()).isEqualTo(RpcCode.UNAUTHENTICATED));
			}
		}
	}

}
