package io.github.netrpc.autoconfigure.security;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.access.annotation.Secured;
import org.springframework.security.access.prepost.PostAuthorize;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolder;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import io.github.netrpc.annotation.NonBlocking;

/**
 * {@link Vault} with Spring Security's annotations.
 */
class VaultService implements Vault {

	static final String NOBODY = "nobody";

	@Override
	@PreAuthorize("hasAnyAuthority('SCOPE_open', 'ROLE_KEEPER')")
	public String open(String name) {
		return "opened " + name;
	}

	@Override
	@PostAuthorize("returnObject == authentication.name")
	public String owner(String name) {
		return name;
	}

	@Override
	@Secured("ROLE_KEEPER")
	public String secured(String name) {
		return "secured " + name;
	}

	@Override
	public String whoami() {
		return current();
	}

	@Override
	public String caller(@Nullable Authentication caller) {
		return (caller != null) ? caller.getName() + " " + (caller == contextual()) : NOBODY;
	}

	@Override
	@NonBlocking
	public String nonBlocking() {
		return current();
	}

	@Override
	public CompletableFuture<String> later() {
		String caller = current();
		return CompletableFuture.supplyAsync(() -> caller + " " + current());
	}

	@Override
	public Mono<String> mono() {
		return ReactiveSecurityContextHolder.getContext()
			.map((context) -> context.getAuthentication().getName())
			.publishOn(Schedulers.parallel())
			.flatMap((name) -> ReactiveSecurityContextHolder.getContext()
				.map((context) -> name + " " + context.getAuthentication().getName()))
			.defaultIfEmpty(NOBODY);
	}

	@Override
	@PreAuthorize("hasAuthority('SCOPE_open')")
	public Mono<String> monoOpen() {
		return mono();
	}

	@Override
	public String fail(String kind) {
		switch (kind) {
			case "denied" -> throw new AccessDeniedException("rule 7 of the secret plan");
			case "wrapped" ->
				throw new IllegalStateException("wrapped", new AccessDeniedException("rule 7 of the secret plan"));
			case "credentials" -> throw new BadCredentialsException("the password is hunter2");
			default -> throw new IllegalArgumentException(kind);
		}
	}

	static String current() {
		Authentication authentication = contextual();
		return (authentication != null) ? authentication.getName() : NOBODY;
	}

	private static @Nullable Authentication contextual() {
		return SecurityContextHolder.getContext().getAuthentication();
	}

}
