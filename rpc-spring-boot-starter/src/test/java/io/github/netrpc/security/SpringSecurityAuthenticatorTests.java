package io.github.netrpc.security;

import java.net.InetSocketAddress;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.InternalAuthenticationServiceException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.AuthenticationException;

import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.server.CallCredentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class SpringSecurityAuthenticatorTests {

	@Test
	void whoIsNotLetInIsToldFromWhoCouldNotBeLookedUp() {
		RpcException refused = refusal(new BadCredentialsException("secret"));
		assertThat(refused.code()).isEqualTo(RpcCode.INTERNAL);
		assertThat(refused).hasMessage("BadCredentialsException");
		RpcException unasked = refusal(new InternalAuthenticationServiceException("the directory does not answer"));
		assertThat(unasked.code()).isEqualTo(RpcCode.UNAVAILABLE);
		assertThat(unasked).hasMessage("InternalAuthenticationServiceException");
	}

	private static RpcException refusal(AuthenticationException failure) {
		SpringSecurityAuthenticator authenticator = new SpringSecurityAuthenticator(
				List.of((credentials) -> UsernamePasswordAuthenticationToken.unauthenticated("alice", "secret")),
				(request) -> {
					throw failure;
				}, (caller) -> null);
		CallCredentials credentials = new CallCredentials("secret", List.of(),
				InetSocketAddress.createUnresolved("peer", 1));
		return catchThrowableOfType(RpcException.class, () -> authenticator.authenticate(credentials));
	}

}
