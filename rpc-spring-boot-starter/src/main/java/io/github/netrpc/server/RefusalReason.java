package io.github.netrpc.server;

import io.github.netrpc.RpcCode;

/**
 * Why a call was refused. A refused call has not run.
 *
 * @since 0.1.0
 */
public enum RefusalReason {

	/** It is not known who calls, and has to be. */
	UNAUTHENTICATED(RpcCode.UNAUTHENTICATED, "the caller is not authenticated"),

	/** It was not found out in time who calls. */
	AUTHENTICATION_TIMEOUT(RpcCode.UNAVAILABLE, "it was not found out in time who calls"),

	/** The caller may not call the method. */
	PERMISSION_DENIED(RpcCode.PERMISSION_DENIED, "the caller may not call this method"),

	/** The argument, or its metadata, pass a limit on what peers may send. */
	LIMIT(RpcCode.INVALID_ARGUMENT, "the argument passes a limit"),

	/** As many calls as may wait for a handler do. */
	QUEUE_FULL(RpcCode.RESOURCE_EXHAUSTED, "server is overloaded: too many calls wait"),

	/** The server is overloaded, and the call would have waited too long. */
	OVERLOAD(RpcCode.RESOURCE_EXHAUSTED, "server is overloaded: the call would wait too long"),

	/** The server is overloaded, and the call has waited too long. */
	WAITED_TOO_LONG(RpcCode.RESOURCE_EXHAUSTED, "server is overloaded: the call has waited too long"),

	/** As many calls of one connection as may be under way are. */
	CONNECTION_FULL(RpcCode.RESOURCE_EXHAUSTED, "too many calls of this connection are under way"),

	/** The arguments of the calls under way take as many bytes as they may. */
	ARGUMENTS_FULL(RpcCode.RESOURCE_EXHAUSTED, "too many bytes of arguments are held for calls under way"),

	/** As many handlers as may have returned before their results were there. */
	ASYNC_FULL(RpcCode.RESOURCE_EXHAUSTED, "server is overloaded: too many asynchronous calls are under way"),

	/** The server has no thread for the call. */
	NO_THREAD(RpcCode.RESOURCE_EXHAUSTED, "server has no thread for the call"),

	/** The server is shutting down. */
	SHUTDOWN(RpcCode.UNAVAILABLE, "server is shutting down"),

	/** The caller's time was over while the call waited. */
	DEADLINE(RpcCode.DEADLINE_EXCEEDED, "deadline exceeded in phase server queue"),

	/** The caller has cancelled the call while it waited, or has gone. */
	CANCELLED(RpcCode.CANCELLED, "the call was cancelled while it waited");

	private final RpcCode code;

	private final String message;

	RefusalReason(RpcCode code, String message) {
		this.code = code;
		this.message = message;
	}

	/**
	 * The code that callers get.
	 * @return the code, not {@link RpcCode#OK}
	 */
	public RpcCode code() {
		return this.code;
	}

	/**
	 * What has happened, in words. Callers are told numbers and limits, too, where there
	 * are any.
	 * @return a short text
	 */
	public String message() {
		return this.message;
	}

}
