package io.github.netrpc.server;

import io.github.netrpc.RpcException;

/**
 * Finds out who calls. A server that has one answers no call of anybody it does not know:
 * their arguments are not even read. <pre class="code">
 * RpcServer.builder().tls(() -&gt; tls).authenticator((credentials) -&gt; {
 *     Session session = this.sessions.find(credentials.token());
 *     if (session == null) {
 *         throw new RpcException(RpcCode.UNAUTHENTICATED, "unknown or old token");
 *     }
 *     return new Authenticated(session.user(), session.end());
 * });
 * </pre> Asked when a connection shows a token that is not its last one, and for its
 * certificates when it shows none. What it answers is kept for the connection until
 * {@link Authenticated#validUntil}, and asked again after
 * {@link RpcServerBuilder#maxValidity}; refusals are kept for
 * {@link RpcServerBuilder#refusalValidity}. Used by many threads at the same time.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface CallAuthenticator {

	/**
	 * Finds out who has these credentials. May block unless {@link #isQuick}: the
	 * connection is not read meanwhile, and other connections do not notice.
	 * @param credentials a token, or the certificates of a client without one
	 * @return who it is
	 * @throws RpcException with {@link io.github.netrpc.RpcCode#UNAUTHENTICATED} if that
	 * is nobody; the caller gets its message. Whatever else is thrown counts as that,
	 * too: the caller gets a fixed text. The log has the message of an
	 * {@code RpcException}, which must not quote the token, and of everything else no
	 * more than the kinds. Somebody who is known stays so, until
	 * {@link Authenticated#validUntil}, if what is thrown says that it could not be found
	 * out: an {@code RpcException} of {@code UNAVAILABLE}, {@code DEADLINE_EXCEEDED} or
	 * {@code RESOURCE_EXHAUSTED}, or anything with a {@link java.io.IOException} or a
	 * {@link java.util.concurrent.TimeoutException} among its causes
	 */
	Authenticated authenticate(CallCredentials credentials) throws RpcException;

	/**
	 * Whether it never blocks nor takes long, as a look into a table: then it is asked on
	 * the I/O thread. Else it runs where handlers run.
	 * @return false by default
	 */
	default boolean isQuick() {
		return false;
	}

}
