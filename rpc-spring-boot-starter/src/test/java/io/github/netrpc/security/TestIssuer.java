package io.github.netrpc.security;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.function.Consumer;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/**
 * Issues JWTs, with a key of its own.
 */
public final class TestIssuer {

	private final String name;

	private final KeyPair keys = newKeys();

	public TestIssuer(String name) {
		this.name = name;
	}

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

	/** Believes what this issuer says, by the clock of the machine. */
	public JwtDecoder decoder() {
		return decoder(JwtValidators.createDefaultWithIssuer(this.name));
	}

	/** Believes what this issuer says, by a clock. */
	public JwtDecoder decoder(Clock clock) {
		JwtTimestampValidator times = new JwtTimestampValidator();
		times.setClock(clock);
		return decoder(times);
	}

	private JwtDecoder decoder(OAuth2TokenValidator<Jwt> validator) {
		NimbusJwtDecoder decoder = NimbusJwtDecoder.withPublicKey((RSAPublicKey) this.keys.getPublic()).build();
		decoder.setJwtValidator(validator);
		return decoder;
	}

	public String token(String subject, String scope) {
		return token(subject, scope, (claims) -> {
		});
	}

	public String token(String subject, String scope, Consumer<JWTClaimsSet.Builder> more) {
		Instant now = Instant.now();
		JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder().issuer(this.name)
			.subject(subject)
			.claim("scope", scope)
			.issueTime(Date.from(now.minus(Duration.ofHours(2))))
			.expirationTime(Date.from(now.plus(Duration.ofHours(1))));
		more.accept(claims);
		SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.RS256), claims.build());
		try {
			token.sign(new RSASSASigner(this.keys.getPrivate()));
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
		return token.serialize();
	}

	/** A token that was good until an hour ago. */
	public String expired(String subject, String scope) {
		return token(subject, scope,
				(claims) -> claims.expirationTime(Date.from(Instant.now().minus(Duration.ofHours(1)))));
	}

}
