package io.github.netrpc.transport.netty;

import java.io.IOException;

import io.netty.buffer.ByteBuf;

/**
 * A channel whose socket can be written to by any thread, one at a time, while Netty has
 * nothing to write to it.
 */
interface DirectChannel {

	/** The channel has been closed; nothing was written. */
	int CLOSED = -1;

	/**
	 * Writes as much as the operating system takes now. Never writes to the socket of
	 * another channel: a close that another thread begins waits for this system call, or
	 * this call sees it.
	 * @param buffer the bytes, in one direct buffer; its reader index is not moved
	 * @return how many bytes were taken, 0 if there is no room, or {@link #CLOSED}
	 * @throws IOException if the connection is broken
	 */
	int writeDirectly(ByteBuf buffer) throws IOException;

}
