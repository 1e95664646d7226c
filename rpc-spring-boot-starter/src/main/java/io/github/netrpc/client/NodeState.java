package io.github.netrpc.client;

/**
 * What the connections to a node do, taken together: the first of READY, CONNECTING and
 * TRANSIENT_FAILURE that is true of one of them, unless the node is no longer wanted. The
 * names are gRPC's connectivity states, but for DRAINING.
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

	/** The last attempt failed, and the next one comes by itself; calls fail at once. */
	TRANSIENT_FAILURE,

	/** No longer wanted: calls in flight go on to their end, and no others are taken. */
	DRAINING,

	/** Closed for good. */
	SHUTDOWN

}
