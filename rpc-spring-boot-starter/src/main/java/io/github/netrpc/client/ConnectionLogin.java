package io.github.netrpc.client;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.client.CallToken.UnusableTokenException;
import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.Connection.Offered;
import io.github.netrpc.wire.MessageBuffer;
import io.github.netrpc.wire.PendingReply;
import io.github.netrpc.wire.ValuePlan;

/**
 * Tells the node by a call of {@code _goRPC_.Authenticate} who makes the calls of one
 * connection. That is among its first messages, so that a node knows also who is there
 * without calling anything. A node that does not know that method does not ask who calls.
 * <p>
 * Nodes that read what goes along with calls need no other login, since the token does.
 * For the others the connection logs in again when the token has become another one. That
 * and the call that follows are one step, with the token that is supplied in that step:
 * so nothing comes between the two, and whatever was said before is over. Thread-safe.
 */
final class ConnectionLogin implements PendingReply {

	private final NodeConnection connection;

	private final ConnectionOutput output;

	private final CallToken token;

	private final ValuePlan nothing;

	private final boolean comesFirst;

	private final Runnable succeeded;

	/** The number of the last login, or -1 before there was one. */
	private volatile long number = -1;

	/** The node has said that it does not ask who calls. */
	private volatile boolean pointless;

	/** The token of the last login. Guarded by this object. */
	private @Nullable String sent;

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
		this.comesFirst = resources.loginComesFirst();
		this.succeeded = succeeded;
	}

	/**
	 * Logs in. Where that need not come before calls and there is no token now, calls
	 * will say so.
	 */
	void begin() {
		try {
			synchronized (this) {
				renew();
			}
		}
		catch (LostLoginException ex) {
			this.connection.close(ex.because(), null);
		}
		catch (UnusableTokenException ex) {
			if (this.comesFirst) {
				this.connection.close("was closed by this side: " + ex.getMessage(), ex.getCause(),
						RpcCode.UNAUTHENTICATED);
			}
		}
	}

	/**
	 * Whether calls have to be offered here, since the node may go by the login.
	 */
	boolean isNeeded() {
		return !this.pointless && !this.connection.isExtended();
	}

	/**
	 * Offers a call, and before that a login if the token has become another one.
	 * @return what became of the call
	 * @throws UnusableTokenException if there is no token that can be sent; the call was
	 * not offered
	 * @throws LostLoginException if the login could not be sent; the call was not
	 * offered, and no other may be
	 */
	synchronized Offered offer(ClientCall<?> call, MessageBuffer buffer, Connection opened) {
		renew();
		return this.output.offer(call, buffer, opened);
	}

	/**
	 * Logs in unless that was done with the token as it is now.
	 */
	private void renew() {
		String current = this.token.current();
		if (!current.equals(this.sent)) {
			if (!this.output.logIn(current, (seq) -> this.number = seq)) {
				throw new LostLoginException();
			}
			this.sent = current;
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
			this.pointless = true;
			this.succeeded.run();
			return;
		}
		if (!this.comesFirst && this.connection.isExtended()) {
			// The node asks each call, and tells it.
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

	/**
	 * The connection has not taken the login: it has ended, or has to.
	 */
	static final class LostLoginException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		LostLoginException() {
			super("was lost before the login was sent", null, false, false);
		}

		/**
		 * Why the connection ends.
		 */
		String because() {
			return String.valueOf(getMessage());
		}

	}

}
