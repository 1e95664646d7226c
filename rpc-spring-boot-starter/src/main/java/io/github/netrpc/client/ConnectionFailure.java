package io.github.netrpc.client;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcCode;

/**
 * Why a node has lost a connection, or could not be connected to.
 *
 * @param message what happened, for people
 * @param cause the cause, or null if there is none
 * @param code the code of calls that find no connection for this
 */
record ConnectionFailure(String message, @Nullable Throwable cause, RpcCode code) {

	/** The node takes no more calls on the connection. */
	static final ConnectionFailure DRAINING = new ConnectionFailure("the node is draining", null, RpcCode.UNAVAILABLE);

	/**
	 * What became of a connection.
	 * @param because what happened to it, such as "was lost"
	 */
	static ConnectionFailure of(String because, @Nullable Throwable cause, RpcCode code) {
		String detail = (cause != null && cause.getMessage() != null) ? ": " + cause.getMessage() : "";
		return new ConnectionFailure("the connection " + because + detail, cause, code);
	}

}
