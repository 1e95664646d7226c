package io.github.netrpc.method;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Makes methods callable that return a type of some reactive library with at most one
 * element, such as {@code Mono}. Found by {@link java.util.ServiceLoader}, or given to a
 * {@link MethodReader}. Thread-safe.
 *
 * @since 0.1.0
 */
public interface AsyncAdapter {

	/**
	 * The type that methods declare, matched exactly. Its first type argument is the type
	 * of the reply.
	 * @return the type
	 */
	Class<?> type();

	/**
	 * On a server: starts what a handler has returned.
	 * @param returned the object returned, of {@link #type}
	 * @return completes with the result, or with null for none
	 */
	CompletionStage<? extends @Nullable Object> toStage(Object returned);

	/**
	 * On a client: makes what the caller receives.
	 * @param call starts the call; each run is one call of its own, so a lazy type runs
	 * it when it is subscribed to. Cancelling the stage's future cancels the call.
	 * @return an object of {@link #type}
	 */
	Object fromStage(Supplier<? extends CompletionStage<? extends @Nullable Object>> call);

}
