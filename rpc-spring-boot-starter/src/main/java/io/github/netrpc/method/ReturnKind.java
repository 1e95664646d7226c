package io.github.netrpc.method;

/**
 * How a Java method hands over its result.
 *
 * @since 0.1.0
 */
public enum ReturnKind {

	/** It returns the result, an {@code Optional} too. */
	VALUE,

	/** It returns nothing: {@code void} or {@code Void}. */
	VOID,

	/** It returns a {@code CompletionStage} or a {@code CompletableFuture}. */
	STAGE,

	/** It returns a type that an {@link AsyncAdapter} knows. */
	ADAPTED

}
