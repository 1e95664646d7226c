package io.github.netrpc.client;

/**
 * What the connection to a node does. The names are gRPC's connectivity states.
 *
 * @since 0.1.0
 */
public enum NodeState {

	/** There is no connection; the next call opens one. */
	IDLE,

	/** A connection is being opened; calls wait for it. */
	CONNECTING,

	/** Calls are sent. */
	READY,

	/** The last attempt failed; until the next one, calls fail at once. */
	TRANSIENT_FAILURE,

	/** Closed for good. */
	SHUTDOWN

}
