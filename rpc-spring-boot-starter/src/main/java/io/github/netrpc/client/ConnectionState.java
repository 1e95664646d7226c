package io.github.netrpc.client;

/**
 * What one connection to a node does.
 *
 * @since 0.1.0
 */
public enum ConnectionState {

	/** It is not open, and will be opened for a call. */
	IDLE,

	/** It is being opened. */
	CONNECTING,

	/** It takes calls. */
	READY,

	/** It was lost or could not be opened; the next attempt comes by itself. */
	BACKING_OFF,

	/** It takes no more calls, and is closed when those that it has have ended. */
	DRAINING

}
