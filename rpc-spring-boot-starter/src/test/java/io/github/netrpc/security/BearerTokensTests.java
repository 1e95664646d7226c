package io.github.netrpc.security;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.authentication.DefaultAuthenticationEventPublisher;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.authentication.event.AbstractAuthenticationFailureEvent;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;

import io.github.netrpc.server.CallCredentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tokens on their way through Spring Security, whose audits write names down.
 */
class BearerTokensTests {

	private final BearerTokens tokens = new BearerTokens();

	@Test
	void schemeIsNoPartOfTheToken() {
		assertThat(((BearerTokenAuthenticationToken) request("bearer abc")).getToken()).isEqualTo("abc");
		assertThat(((BearerTokenAuthenticationToken) request("abc")).getToken()).isEqualTo("abc");
		assertThat(this.tokens.extract(credentials("Bearer  "))).isNull();
	}

	@Test
	void requestIsNotCalledByItsToken() {
		Authentication request = request("0123456789abcdef");
		assertThat(request.getName()).isEqualTo("bearer token");
		assertThat(request.toString()).contains("[PROTECTED]").doesNotContain("0123456789abcdef");
	}

	@Test
	void eventsOfRefusedTokensDoNotNameThem() {
		TestIssuer issuer = new TestIssuer("https://issuer.test");
		String expired = issuer.expired("alice", "open");
		List<AbstractAuthenticationFailureEvent> events = new ArrayList<>();
		ProviderManager manager = new ProviderManager(new JwtAuthenticationProvider(issuer.decoder()));
		manager.setAuthenticationEventPublisher(new DefaultAuthenticationEventPublisher(publisher(events)));
		SpringSecurityAuthenticator authenticator = new SpringSecurityAuthenticator(List.of(this.tokens), manager,
				this.tokens);
		for (String token : List.of(expired, "not a JWT: secret")) {
			assertThatExceptionOfType(AuthenticationRefusedException.class)
				.isThrownBy(() -> authenticator.authenticate(credentials(token)))
				.satisfies((ex) -> assertThat(ex.getMessage()).contains("BearerToken").doesNotContain(token))
				.satisfies((ex) -> assertThat(ex.getStackTrace()).isEmpty());
		}
		assertThat(events).hasSize(2).allSatisfy((event) -> {
			assertThat(event.getAuthentication().getName()).isEqualTo("bearer token");
			assertThat(event.toString()).doesNotContain(expired).doesNotContain("secret");
		});
	}

	private static ApplicationEventPublisher publisher(List<AbstractAuthenticationFailureEvent> events) {
		return new ApplicationEventPublisher() {

			@Override
			public void publishEvent(ApplicationEvent event) {
				publishEvent((Object) event);
			}

			@Override
			public void publishEvent(Object event) {
				if (event instanceof AbstractAuthenticationFailureEvent failure) {
					events.add(failure);
				}
			}

		};
	}

	private Authentication request(String token) {
		return Objects.requireNonNull(this.tokens.extract(credentials(token)));
	}

	private static CallCredentials credentials(String token) {
		return new CallCredentials(token, List.of(), InetSocketAddress.createUnresolved("localhost", 1));
	}

}
