package io.github.netrpc.client;

/**
 * Whether a node gets calls, as far as its answers decide.
 *
 * @since 0.1.0
 */
public enum CircuitState {

	/** The node gets its share of calls. */
	CLOSED,

	/** The node is ejected: it gets no calls for a while, unless they name it. */
	OPEN,

	/** The node is still ejected, but for one call on trial. */
	HALF_OPEN

}
