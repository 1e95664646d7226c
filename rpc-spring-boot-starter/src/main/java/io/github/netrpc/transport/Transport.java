package io.github.netrpc.transport;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Opens connections and accepts them. Owns the I/O threads. Thread-safe.
 *
 * @since 0.1.0
 */
public interface Transport extends AutoCloseable {

	/**
	 * Accepts connections from now on.
	 * @param address where to listen; port 0 picks a free one
	 * @param handlers makes the handler of each connection
	 * @return the listener
	 * @throws IOException if the address cannot be bound, a
	 * {@link java.net.BindException} if it is in use
	 */
	Listener listen(SocketAddress address, Supplier<ConnectionHandler> handlers) throws IOException;

	/**
	 * Opens a connection. Does not wait.
	 * @param address where to; names are resolved
	 * @param timeout how long connecting may take
	 * @param handler takes the events; {@link ConnectionHandler#opened} is called before
	 * the stage completes
	 * @return completes with the connection, or with the {@link IOException} that says
	 * why there is none
	 */
	CompletionStage<Connection> connect(SocketAddress address, Duration timeout, ConnectionHandler handler);

	/**
	 * Whether the current thread is an I/O thread, which must not wait for anything: one
	 * of this transport, or an {@link IoThread} of any other.
	 * @return false if it may wait, or if the transport does not know
	 */
	default boolean inIoThread() {
		return IoThread.isCurrent();
	}

	/**
	 * The same transport with TLS on every connection: it has the same threads, and
	 * closing one of the two closes both. A connection that is accepted is told before
	 * its handshake, again when that is over ({@link ConnectionHandler#secured}), and
	 * nothing is received from it until then; one that this side opens is told when its
	 * handshake is over.
	 * @param tls asked for each connection, so that new ones may have new certificates
	 * @return the transport with TLS
	 * @throws UnsupportedOperationException if this transport has no TLS
	 */
	default Transport secured(Supplier<TlsSettings> tls) {
		throw new UnsupportedOperationException(getClass().getName() + " has no TLS");
	}

	/**
	 * Closes all connections and ends the I/O threads. Returns when they have ended, or
	 * after 5 seconds.
	 */
	@Override
	void close();

	/**
	 * Makes the transport of servers and channels that were not given one. Found by
	 * {@link java.util.ServiceLoader}.
	 */
	interface Provider {

		/**
		 * Creates a transport.
		 * @param threadNamePrefix begins the names of its threads
		 * @param ioThreads how many I/O threads, 0 for a default
		 * @param daemon whether the threads let the JVM end
		 * @return a new transport
		 */
		Transport create(String threadNamePrefix, int ioThreads, boolean daemon);

	}

}
