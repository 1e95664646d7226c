package io.github.netrpc.client;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.client.CallToken.UnusableTokenException;
import io.github.netrpc.wire.PendingReply;
import io.github.netrpc.wire.ValuePlan;

/**
 * Tells the node by a call of {@code _goRPC_.Authenticate} who makes the calls of one
 * connection: before the first of them, and again when the token has become another one.
 * A node that does not know that method does not ask who calls. Thread-safe.
 */
final class ConnectionLogin implements PendingReply {

	private final NodeConnection connection;

	private final ConnectionOutput output;

	private final CallToken token;

	private final ValuePlan nothing;

	private final Runnable succeeded;

	/** The number of the last login, or -1 before there was one. */
	private volatile long number = -1;

	private volatile @Nullable String sent;

	/**
	 * Creates a login that was not sent.
	 * @param succeeded told each time that the node has accepted a token
	 */
	ConnectionLogin(NodeConnection connection, ConnectionOutput output, CallToken token, ClientResources resources,
			Runnable succeeded) {
		this.connection = connection;
		this.output = output;
		this.token = token;
		this.nothing = resources.controlCalls().nothing();
		this.succeeded = succeeded;
	}

	/**
	 * Logs in.
	 */
	void begin() {
		boolean sends;
		try {
			sends = send(this.token.current());
		}
		catch (UnusableTokenException ex) {
			this.connection.close("was closed by this side: " + ex.getMessage(), ex.getCause(),
					RpcCode.UNAUTHENTICATED);
			return;
		}
		closeUnless(sends);
	}

	/**
	 * Logs in again if the token has become another one. What is sent afterwards is read
	 * by the node after that.
	 * @throws UnusableTokenException if there is none that can be sent
	 */
	void renew() {
		if (this.token.current().equals(this.sent)) {
			return;
		}
		boolean sends;
		synchronized (this) {
			// Another thread may have sent one that is newer still.
			String newest = this.token.current();
			sends = newest.equals(this.sent) || send(newest);
		}
		closeUnless(sends);
	}

	private boolean send(String current) {
		boolean sends = this.output.logIn(current, (seq) -> this.number = seq);
		if (sends) {
			this.sent = current;
		}
		return sends;
	}

	/**
	 * A connection over which no login can be sent has ended, or has to: no call may
	 * follow.
	 */
	private void closeUnless(boolean sends) {
		if (!sends) {
			this.connection.close("was lost before the login was sent", null);
		}
	}

	/**
	 * Whether a reply is that to the last login.
	 */
	boolean isAnsweredBy(long seq) {
		return this.number == seq;
	}

	// The answer

	@Override
	public ValuePlan replyPlan() {
		return this.nothing;
	}

	@Override
	public void succeeded(@Nullable Object value) {
		this.succeeded.run();
	}

	@Override
	public void failed(String error, @Nullable RpcCode code, @Nullable Known known) {
		boolean unknown = (code != null) ? code == RpcCode.UNIMPLEMENTED : error.startsWith("rpc: can't find ");
		if (unknown) {
			this.succeeded.run();
			return;
		}
		boolean busy = code == RpcCode.RESOURCE_EXHAUSTED || code == RpcCode.UNAVAILABLE;
		this.connection.close("was closed by this side: the node has refused the login: " + error, null,
				busy ? RpcCode.UNAVAILABLE : RpcCode.UNAUTHENTICATED);
	}

	@Override
	public void malformed(String reason) {
		this.connection.close("was closed by this side: the node has answered the login with something else", null,
				RpcCode.UNAVAILABLE);
	}

}
