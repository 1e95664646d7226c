package io.github.netrpc.client;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What a method's declaration says about its calls.
 *
 * @param timeout how long a call may take, or null if it does not say
 * @param idempotent whether calling it twice does no more than calling it once
 * @since 0.1.0
 */
public record CallPolicy(@Nullable Duration timeout, boolean idempotent) {

	/** Nothing is said. */
	public static final CallPolicy NONE = new CallPolicy(null, false);

}
