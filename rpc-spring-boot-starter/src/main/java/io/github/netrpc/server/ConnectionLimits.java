package io.github.netrpc.server;

import java.util.concurrent.TimeUnit;

import io.github.netrpc.wire.http.ConnectRequestReader;

/**
 * Bounds on one connection. Times are in nanoseconds.
 *
 * @param calls how many calls are accepted at a time; at this bound a stock peer is not
 * read, and calls of an extended one are refused
 * @param unreadBytes how much of the replies may wait for the peer; beyond it the
 * connection is not read and its calls do not start
 * @param argumentBytes how much the arguments of its calls may take, as they were sent;
 * beyond it the same happens as at the bound of calls
 * @param firstRequestNanos how long the first request may take to arrive, counted from
 * its first byte
 * @param requestNanos how long any other request may take
 * @param stalledNanos how long a peer may take no bytes while too many wait for it
 * @param idleNanos how long there may be no call before the connection is closed, 0 for
 * ever
 * @param maxAgeNanos how old a connection may become, give or take a tenth, 0 for any age
 * @param quietNanos how long a peer that was told to go must be silent until nothing of
 * its is on its way any more
 * @param headBytes how large the head of an HTTP request may be
 */
record ConnectionLimits(int calls, long unreadBytes, long argumentBytes, long firstRequestNanos, long requestNanos,
		long stalledNanos, long idleNanos, long maxAgeNanos, long quietNanos, int headBytes) {

	static final ConnectionLimits DEFAULT = new ConnectionLimits(1024, 1 << 20, 64 << 20, TimeUnit.SECONDS.toNanos(5),
			TimeUnit.SECONDS.toNanos(10), TimeUnit.SECONDS.toNanos(30), 0, 0, TimeUnit.MILLISECONDS.toNanos(500),
			ConnectRequestReader.DEFAULT_MAX_HEAD_BYTES);

	ConnectionLimits withCalls(int calls) {
		return new ConnectionLimits(calls, this.unreadBytes, this.argumentBytes, this.firstRequestNanos,
				this.requestNanos, this.stalledNanos, this.idleNanos, this.maxAgeNanos, this.quietNanos,
				this.headBytes);
	}

	ConnectionLimits withUnread(long unreadBytes) {
		return new ConnectionLimits(this.calls, unreadBytes, this.argumentBytes, this.firstRequestNanos,
				this.requestNanos, this.stalledNanos, this.idleNanos, this.maxAgeNanos, this.quietNanos,
				this.headBytes);
	}

	ConnectionLimits withArgumentBytes(long argumentBytes) {
		return new ConnectionLimits(this.calls, this.unreadBytes, argumentBytes, this.firstRequestNanos,
				this.requestNanos, this.stalledNanos, this.idleNanos, this.maxAgeNanos, this.quietNanos,
				this.headBytes);
	}

	ConnectionLimits withRequests(long firstRequestNanos, long requestNanos) {
		return new ConnectionLimits(this.calls, this.unreadBytes, this.argumentBytes, firstRequestNanos, requestNanos,
				this.stalledNanos, this.idleNanos, this.maxAgeNanos, this.quietNanos, this.headBytes);
	}

	ConnectionLimits withStalled(long stalledNanos) {
		return new ConnectionLimits(this.calls, this.unreadBytes, this.argumentBytes, this.firstRequestNanos,
				this.requestNanos, stalledNanos, this.idleNanos, this.maxAgeNanos, this.quietNanos, this.headBytes);
	}

	ConnectionLimits withIdle(long idleNanos) {
		return new ConnectionLimits(this.calls, this.unreadBytes, this.argumentBytes, this.firstRequestNanos,
				this.requestNanos, this.stalledNanos, idleNanos, this.maxAgeNanos, this.quietNanos, this.headBytes);
	}

	ConnectionLimits withMaxAge(long maxAgeNanos) {
		return new ConnectionLimits(this.calls, this.unreadBytes, this.argumentBytes, this.firstRequestNanos,
				this.requestNanos, this.stalledNanos, this.idleNanos, maxAgeNanos, this.quietNanos, this.headBytes);
	}

	ConnectionLimits withQuiet(long quietNanos) {
		return new ConnectionLimits(this.calls, this.unreadBytes, this.argumentBytes, this.firstRequestNanos,
				this.requestNanos, this.stalledNanos, this.idleNanos, this.maxAgeNanos, quietNanos, this.headBytes);
	}

	ConnectionLimits withHeadBytes(int headBytes) {
		return new ConnectionLimits(this.calls, this.unreadBytes, this.argumentBytes, this.firstRequestNanos,
				this.requestNanos, this.stalledNanos, this.idleNanos, this.maxAgeNanos, this.quietNanos, headBytes);
	}

}
