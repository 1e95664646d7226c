package io.github.netrpc.client;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import io.github.netrpc.RpcCode;
import io.github.netrpc.transport.Connection;
import io.github.netrpc.wire.http.ConnectPath;

/**
 * How one connection comes to take calls: the transport opens it, an HTTP request is
 * answered where there is a path for one, and a first message leaves, a ping that nobody
 * waits for. Its reply tells whether the node knows our fields, and that it answers at
 * all: after a failure the connection takes calls only then, since a frozen process and
 * many a proxy accept connections too. A login follows if there is a token; where it has
 * to come first the connection takes calls when that is accepted. An attempt that takes
 * too long is given up.
 * <p>
 * Its steps come one after the other, from the transport and from {@link ReplyReader};
 * where it stands any thread may ask.
 */
final class ConnectionOpening {

	/** For the transport to say by itself why there is no connection. */
	private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

	private final NodeConnection connection;

	private final ClientResources resources;

	private final ConnectionOutput output;

	private final boolean probe;

	private final Duration timeout;

	private volatile boolean resolving;

	private volatile long beganNanos;

	/**
	 * When the name had become an address; the beginning if it was one from the start.
	 */
	private volatile long resolvedNanos;

	private volatile boolean established;

	private volatile boolean confirmed;

	private volatile Runnable cancelTimer = () -> {
	};

	/**
	 * Creates an attempt that has not begun.
	 * @param probe whether the connection takes calls only when the node has answered
	 * @param timeout how long all of it may take
	 */
	ConnectionOpening(NodeConnection connection, ClientResources resources, ConnectionOutput output, boolean probe,
			Duration timeout) {
		this.connection = connection;
		this.resources = resources;
		this.output = output;
		this.probe = probe;
		this.timeout = timeout;
	}

	void begin(InetSocketAddress address) {
		this.beganNanos = this.resources.timer().nanoTime();
		this.resolvedNanos = this.beganNanos;
		this.resolving = address.isUnresolved();
		try {
			this.cancelTimer = this.resources.timer().schedule(this::timedOut, this.timeout.toNanos() + GRACE_NANOS);
			this.resources.transport()
				.connect(address, this.timeout, this.connection)
				.whenComplete((opened, failure) -> {
					if (failure != null) {
						fail((failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
								: failure);
					}
				});
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			// No thread to be had, for now: an attempt that has failed like any other.
			fail(ex);
		}
	}

	private void fail(Throwable cause) {
		this.connection.close("could not be opened", cause);
	}

	private void timedOut() {
		if (!this.established) {
			String what = (this.output.connection() != null) ? "was open, but the node did not answer" : "was not open";
			this.connection.close(what + " within " + this.timeout.toMillis() + " ms", null);
		}
	}

	/**
	 * The name of the node has become an address.
	 */
	void resolved() {
		if (this.resolving) {
			this.resolvedNanos = this.resources.timer().nanoTime();
			this.resolving = false;
		}
	}

	/**
	 * The transport has opened the connection.
	 */
	void opened(Connection opened) {
		resolved();
		if (this.resources.token() != null && !this.resources.mayCarryTokens(opened)) {
			this.connection.close("was closed by this side: " + CallToken.READABLE, null, RpcCode.UNAUTHENTICATED);
			return;
		}
		ConnectPath path = this.resources.connectPath();
		if (path != null) {
			opened.send(path.request());
		}
		else {
			greet();
		}
	}

	/**
	 * Nothing is between the node and our messages any more: sends the first one.
	 */
	void greet() {
		if (this.resources.extensions()) {
			this.output.greet();
		}
		else if (this.probe) {
			this.output.ping();
		}
		ConnectionLogin login = this.connection.login();
		if (login != null) {
			login.begin();
		}
		if (!this.probe && !this.resources.loginComesFirst() && !this.connection.hasEnded()) {
			establish();
		}
	}

	/**
	 * The node has accepted the token.
	 */
	void loggedIn() {
		if (this.resources.loginComesFirst() && !this.established && !this.connection.hasEnded()) {
			establish();
		}
	}

	/**
	 * The node has answered, for the first time.
	 */
	void answered() {
		this.confirmed = true;
		this.connection.confirmed();
		if (this.probe && !this.resources.loginComesFirst() && !this.connection.hasEnded()) {
			establish();
		}
	}

	private void establish() {
		this.established = true;
		this.cancelTimer.run();
		this.connection.established();
	}

	/**
	 * Whether the connection takes calls, or has taken some.
	 */
	boolean isEstablished() {
		return this.established;
	}

	/**
	 * Whether the node has answered.
	 */
	boolean isConfirmed() {
		return this.confirmed;
	}

	/**
	 * What took most of the time, which need not be what goes on now.
	 * @param since when the time began to count; what was done before is left out
	 * @param now when it is over
	 */
	String phase(long since, long now) {
		if (this.resolving) {
			return "resolve";
		}
		long resolved = this.resolvedNanos;
		long resolving = resolved - Math.max(since, this.beganNanos);
		return (resolving > now - resolved) ? "resolve" : "connect";
	}

	/**
	 * When the address was known.
	 */
	long resolvedNanos() {
		return this.resolvedNanos;
	}

	/**
	 * The connection has ended.
	 */
	void stop() {
		this.cancelTimer.run();
	}

}
