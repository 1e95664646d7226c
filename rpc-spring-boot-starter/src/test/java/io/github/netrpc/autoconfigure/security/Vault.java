package io.github.netrpc.autoconfigure.security;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import reactor.core.publisher.Mono;

import io.github.netrpc.annotation.RpcService;

/**
 * A service of which some methods are not for everybody.
 */
@RpcService
public interface Vault {

	/** Needs {@code SCOPE_open} or {@code ROLE_KEEPER}. */
	String open(String name);

	/** Gives only what belongs to the caller. */
	String owner(String name);

	String secured(String name);

	String whoami();

	String caller(@Nullable Authentication caller);

	String nonBlocking();

	CompletableFuture<String> later();

	Mono<String> mono();

	Mono<String> monoOpen();

	String fail(String kind);

}
