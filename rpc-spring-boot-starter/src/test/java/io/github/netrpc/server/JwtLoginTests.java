package io.github.netrpc.server;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;

import io.github.netrpc.RpcContext;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.security.BearerTokens;
import io.github.netrpc.security.SpringSecurityAuthenticator;
import io.github.netrpc.security.TestIssuer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Callers whose JWTs end while their connections stay.
 */
class JwtLoginTests {

	private static final TestIssuer ISSUER = new TestIssuer("https://issuer.test");

	private final ManualServer server = new ManualServer(new Desk());

	JwtLoginTests() {
		InstantSource time = () -> this.server.wallClock;
		Clock clock = time.withZone(ZoneOffset.UTC);
		BearerTokens tokens = new BearerTokens();
		this.server.authenticator = new SpringSecurityAuthenticator(List.of(tokens),
				new ProviderManager(new JwtAuthenticationProvider(ISSUER.decoder(clock))), tokens);
	}

	private String token(Duration lasts) {
		Instant end = this.server.wallClock.plus(lasts);
		return ISSUER.token("alice", "open", (claims) -> claims.expirationTime(Date.from(end)));
	}

	private String send(FakeConnection connection, String line) {
		connection.receive(line + "\n");
		for (int i = 0; i < 4; i++) {
			this.server.runHandlers();
			connection.runTasks();
		}
		String[] replies = connection.sent().split("\n");
		return replies[replies.length - 1];
	}

	@Test
	void callsAreRefusedAMinuteAfterTheTokenHasEnded() {
		FakeConnection connection = this.server.open();
		assertThat(send(connection, ">>1 _goRPC_.Authenticate " + token(Duration.ofMinutes(10)))).isEqualTo("1=null");
		assertThat(send(connection, "2 Desk.Say a")).isEqualTo("2=alice says a");
		this.server.wallClock = this.server.wallClock.plus(Duration.ofMinutes(10)).plusSeconds(59);
		assertThat(send(connection, "3 Desk.Say b")).isEqualTo("3=alice says b");
		this.server.wallClock = this.server.wallClock.plusSeconds(1);
		assertThat(send(connection, "4 Desk.Say c")).startsWith("4!");
		assertThat(connection.isClosed()).isFalse();
		assertThat(send(connection, "5 _goRPC_.Authenticate " + token(Duration.ofMinutes(10)))).isEqualTo("5=null");
		assertThat(send(connection, "6 Desk.Say d")).isEqualTo("6=alice says d");
	}

	@Test
	void tokenOfACallEndsLikeThatOfALogin() {
		FakeConnection connection = this.server.open();
		String token = token(Duration.ofMinutes(10));
		assertThat(send(connection, ">>1;0;authorization=" + token + " Desk.Say a")).isEqualTo("1=alice says a");
		this.server.wallClock = this.server.wallClock.plus(Duration.ofMinutes(11));
		assertThat(send(connection, "2;0;authorization=" + token + " Desk.Say b"))
			.startsWith("2!UNAUTHENTICATED NOT_RUN");
		assertThat(send(connection, "3;0;authorization=" + token(Duration.ofMinutes(1)) + " Desk.Say c"))
			.isEqualTo("3=alice says c");
	}

	@RpcService
	public static class Desk {

		public String say(String text, RpcContext context) {
			return ((context.principal() != null) ? context.principal().getName() : null) + " says " + text;
		}

	}

}
