package io.github.netrpc.transport;

import org.jspecify.annotations.Nullable;

/**
 * Takes the events of one connection, all on its I/O thread, none at the same time. Must
 * not block.
 *
 * @since 0.1.0
 */
public interface ConnectionHandler {

	/**
	 * The name of the peer's host has become addresses, and the first of them is about to
	 * be connected to. Comes before the others, possibly on another thread, and only
	 * where there was a name.
	 */
	default void resolved() {
	}

	/**
	 * The connection is open. The first event but for {@link #resolved}.
	 * @param connection the connection
	 */
	void opened(Connection connection);

	/**
	 * The TLS handshake of a connection that was accepted is over:
	 * {@link Connection#tlsSession} says who the peer is. Comes after {@link #opened} and
	 * before any bytes, where there is TLS.
	 */
	default void secured() {
	}

	/**
	 * Bytes have arrived.
	 * @param buffer holds the bytes, not to be kept
	 * @param from index of the first byte that has not been consumed
	 * @param to index behind the last one
	 * @return how many were consumed; the others are given again with more behind them,
	 * or after {@link Connection#resumeReading}
	 */
	int received(byte[] buffer, int from, int to);

	/**
	 * The peer has ended its output (a FIN): nothing more will be received, but what is
	 * sent still arrives. Bytes that were never consumed are lost. The handler decides
	 * when to close.
	 */
	void inputEnded();

	/**
	 * The unsent bytes have fallen as asked by {@link Connection#notifyBelow}.
	 */
	void drained();

	/**
	 * The connection is closed. The last event, once.
	 * @param cause the failure, or null if this side or both sides closed it
	 */
	void closed(@Nullable Throwable cause);

}
