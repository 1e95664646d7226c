package io.github.netrpc.security;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import reactor.core.publisher.Mono;

import io.github.netrpc.method.AsyncAdapter;

/**
 * Starts what handlers return with the caller in its Reactor context, where
 * {@link ReactiveSecurityContextHolder} finds it on any thread. For servers. Thread-safe.
 *
 * @since 0.1.0
 */
public final class SecurityMonoAdapter implements AsyncAdapter {

	private final SecurityContextHolderStrategy holder;

	/**
	 * Creates an adapter.
	 * @param holder knows the caller of the thread that starts a {@link Mono}
	 */
	public SecurityMonoAdapter(SecurityContextHolderStrategy holder) {
		this.holder = holder;
	}

	@Override
	public Class<?> type() {
		return Mono.class;
	}

	@Override
	public CompletionStage<? extends @Nullable Object> toStage(Object returned) {
		SecurityContext context = this.holder.getContext();
		if (context.getAuthentication() == null) {
			return ((Mono<?>) returned).toFuture();
		}
		return ((Mono<?>) returned).contextWrite(ReactiveSecurityContextHolder.withSecurityContext(Mono.just(context)))
			.toFuture();
	}

	@Override
	public Object fromStage(Supplier<? extends CompletionStage<? extends @Nullable Object>> call) {
		return Mono.fromCompletionStage(call);
	}

}
