package io.github.netrpc.server;

/**
 * Why the server has closed a connection of its own accord.
 *
 * @since 0.1.0
 */
public enum CloseReason {

	/** The first bytes are those of no protocol that the server speaks. */
	UNKNOWN_PROTOCOL,

	/** An HTTP request that is no {@code CONNECT} to the path of the server. */
	HTTP,

	/** What came cannot be followed any more: it is out of step, or malformed. */
	MALFORMED,

	/** A message, a nesting or type definitions beyond what a connection may send. */
	LIMIT,

	/** Type definitions, while those of all connections take more than they may. */
	DEFINITIONS,

	/** A request was not complete in time. */
	REQUEST_TIMEOUT,

	/** The peer has taken no bytes for too long while too many waited for it. */
	SLOW_READER,

	/** As many connections as may be are open, and all of them have said something. */
	TOO_MANY_CONNECTIONS,

	/** Too many of its address have not said who calls. */
	STRANGERS,

	/** It was not known in time who calls. */
	LOGIN_TIMEOUT,

	/** Too many of its logins were refused. */
	REFUSED_LOGINS,

	/**
	 * The oldest one that never said anything, or not who calls where that has to be
	 * known, made room for a new one.
	 */
	SILENT,

	/** The TLS handshake failed, or the peer speaks no TLS. */
	TLS,

	/** The TLS handshake was not complete in time. */
	TLS_TIMEOUT,

	/** No call came for as long as a connection may be idle. */
	IDLE,

	/** The connection is as old as one may become. */
	MAX_AGE,

	/** The server is shutting down. */
	SHUTDOWN,

	/** A fault of the server's own. */
	INTERNAL

}
