package io.github.netrpc.transport;

import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLSession;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.wire.MessageBuffer;

/**
 * An open connection. Thread-safe unless a method says otherwise.
 *
 * @since 0.1.0
 */
public interface Connection {

	/**
	 * The address of the peer.
	 * @return the remote address
	 */
	SocketAddress remoteAddress();

	/**
	 * The address of this side.
	 * @return the local address
	 */
	SocketAddress localAddress();

	/**
	 * What was agreed on by TLS, and who the peer is. To be asked when bytes have been
	 * received.
	 * @return the session, or null without TLS
	 */
	default @Nullable SSLSession tlsSession() {
		return null;
	}

	/**
	 * Sends a message, however much waits already.
	 * @param message the message, free again afterwards
	 * @return false if the connection is closed for output, and nothing was taken
	 * @see #offer
	 */
	default boolean send(MessageBuffer message) {
		return offer(message, Long.MAX_VALUE, false) == Offered.TAKEN;
	}

	/**
	 * Takes a message like {@link #send}, to leave with the next flush: whoever sends
	 * several messages in a row saves wake-ups of the I/O thread, and has to call
	 * {@link #flush} before doing anything that may take long.
	 * @param message the message, free again afterwards
	 * @return false if the connection is closed for output, and nothing was taken
	 */
	default boolean sendLater(MessageBuffer message) {
		return offer(message, Long.MAX_VALUE, true) == Offered.TAKEN;
	}

	/**
	 * Sends a message, unless too much waits already. Its bytes are taken before this
	 * method returns, in one piece: messages of several threads never mix. Whether too
	 * much waits is decided in one step with taking them: however many threads offer at
	 * once, no more is unsent than the limit and one message. What is sent while earlier
	 * bytes wait leaves with them, in one system call. Never blocks.
	 * @param message the message, free again afterwards
	 * @param limit how many bytes may be unsent before, in bytes
	 * @param later whether it may wait for {@link #flush}, as with {@link #sendLater}
	 * @return what became of the message
	 */
	Offered offer(MessageBuffer message, long limit, boolean later);

	/**
	 * Sends what {@link #sendLater} and {@link #offer} have taken. Never blocks.
	 */
	default void flush() {
	}

	/**
	 * How much was taken and is not yet in the hands of the operating system, in bytes.
	 * @return the number of unsent bytes
	 */
	long unsentBytes();

	/**
	 * How much the operating system has taken since the connection opened, in bytes.
	 * @return the number of bytes, 0 if the transport does not count them
	 */
	default long sentBytes() {
		return 0;
	}

	/**
	 * Asks for {@link ConnectionHandler#drained} when {@link #unsentBytes} falls to half
	 * of this. One request at a time; the next one replaces it.
	 * @param bytes the number of unsent bytes that is too many
	 */
	void notifyBelow(long bytes);

	/**
	 * Stops reading: {@link ConnectionHandler#received} is not called until
	 * {@link #resumeReading}.
	 */
	void pauseReading();

	/**
	 * Goes on reading. Bytes that were not consumed are given to the handler again at
	 * once, on the I/O thread.
	 */
	void resumeReading();

	/**
	 * Runs a task on the connection's I/O thread, after what that thread does now.
	 * @param task a short task
	 */
	void execute(Runnable task);

	/**
	 * Runs a task on the connection's I/O thread, later.
	 * @param task a short task
	 * @param delay how long from now
	 * @param unit the unit of the delay
	 * @return cancels the task when run
	 */
	Runnable schedule(Runnable task, long delay, TimeUnit unit);

	/**
	 * Sends what was taken so far, ends the output, and closes when the peer has ended
	 * its output too, or 1 second later: so that the last replies are not lost to a
	 * reset. Input is dropped from now on, a little at a time: a peer that goes on
	 * sending has to wait.
	 */
	void closeGracefully();

	/**
	 * Closes at once.
	 */
	void close();

	/**
	 * What became of a message that was offered.
	 */
	enum Offered {

		/** It was taken. */
		TAKEN,

		/** Too many bytes are unsent, and nothing was taken. */
		FULL,

		/** The connection is closed for output, and nothing was taken. */
		CLOSED

	}

}
