package io.github.netrpc.autoconfigure.security;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationEventPublisher;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.authentication.dao.DaoAuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.password.PasswordEncoder;

import io.github.netrpc.security.CertificateAuthentication;
import io.github.netrpc.security.CertificateAuthenticationProvider;

/**
 * Makes the manager of an application that has none. Its own providers come first, and
 * for what one of them is for nobody else is asked: two that check the same would let in
 * whom either believes.
 *
 * @param own the application's providers
 * @param tokenProviders check tokens with what the application has for it
 * @param tokens makes requests of tokens, or null
 * @param users the application's users, or null
 * @param encoder checks their passwords, or null for that which their prefix names
 * @param events takes what happens, or null
 */
record AuthenticationProviders(List<AuthenticationProvider> own, List<TokenProvider> tokenProviders,
		@Nullable TokenReader tokens, @Nullable UserDetailsService users, @Nullable PasswordEncoder encoder,
		@Nullable AuthenticationEventPublisher events) {

	AuthenticationManager manager() {
		List<AuthenticationProvider> all = new ArrayList<>(this.own);
		if (this.tokens != null && !ownSupports(this.tokens.request())) {
			this.tokenProviders.forEach((each) -> all.add(each.provider()));
		}
		if (this.users != null && !ownSupports(CertificateAuthentication.class)) {
			all.add(new CertificateAuthenticationProvider(this.users));
		}
		// As in Spring Security: who has providers says all that there is to say about
		// passwords.
		if (this.users != null && this.own.isEmpty()) {
			all.add(passwords(this.users));
		}
		if (all.isEmpty()) {
			throw new IllegalStateException("nobody can say who calls the RPC server: there is an "
					+ "RpcAuthenticationExtractor bean, but no AuthenticationManager, AuthenticationProvider, "
					+ "UserDetailsService, JwtDecoder or OpaqueTokenIntrospector bean");
		}
		ProviderManager manager = new ProviderManager(all);
		if (this.events != null) {
			manager.setAuthenticationEventPublisher(this.events);
		}
		return manager;
	}

	private boolean ownSupports(Class<? extends Authentication> request) {
		return this.own.stream().anyMatch((provider) -> provider.supports(request));
	}

	private DaoAuthenticationProvider passwords(UserDetailsService users) {
		DaoAuthenticationProvider provider = new DaoAuthenticationProvider(users);
		if (this.encoder != null) {
			provider.setPasswordEncoder(this.encoder);
		}
		return provider;
	}

}
