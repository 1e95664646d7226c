package io.github.netrpc.reactive;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import io.github.netrpc.method.AsyncAdapter;

/**
 * Methods that return a {@link Mono}. On a client it is cold: each subscription is a
 * call, and cancelling it cancels the call. An empty {@code Mono} is a null result.
 * Thread-safe.
 * <p>
 * Found by {@link java.util.ServiceLoader}; without Reactor on the class path it cannot
 * be loaded, and is skipped.
 *
 * @since 0.1.0
 */
public final class MonoAdapter implements AsyncAdapter {

	@Override
	public Class<?> type() {
		return Mono.class;
	}

	@Override
	public CompletionStage<? extends @Nullable Object> toStage(Object returned) {
		return ((Mono<?>) returned).toFuture();
	}

	@Override
	public Object fromStage(Supplier<? extends CompletionStage<? extends @Nullable Object>> call) {
		return Mono.fromCompletionStage(call);
	}

}
