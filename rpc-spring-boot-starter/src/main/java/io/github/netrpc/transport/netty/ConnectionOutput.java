package io.github.netrpc.transport.netty;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

import io.github.netrpc.transport.Connection.Offered;
import io.github.netrpc.wire.MessageBuffer;

/**
 * What a connection sends, in the order it was taken. Senders copy into
 * {@link OutputQueue} under {@link #lock}. Two ways lead out of it, one at a time:
 * <ul>
 * <li>{@link #drain} on the I/O thread gives Netty all that has come until it runs; the
 * first of several senders schedules it. One system call serves many messages.</li>
 * <li>{@link #writeDirectly} on the sender's thread saves waking the I/O thread. Only
 * while Netty has nothing of this connection left to write, and only where nothing would
 * be gained by waiting for more. The lock is not held meanwhile: whoever sends then
 * leaves the message to the I/O thread, and waits for nobody.</li>
 * </ul>
 * Bytes are counted when they are taken, when they leave the queue, and when they are
 * written; the last count is kept by the side whose turn it is to write, and the turn
 * changes under the lock.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class ConnectionOutput {

	/** As much as {@link #offer} leaves to {@link #flush}. */
	private static final long FLUSH_BYTES = 32 * 1024;

	private static final long NOT_ASKED = -1;

	private static final AtomicLongFieldUpdater<ConnectionOutput> NOTIFY_BELOW = AtomicLongFieldUpdater
		.newUpdater(ConnectionOutput.class, "notifyBelow");

	private final Object lock = new Object();

	private final NettyConnection connection;

	private final ChannelHandlerContext context;

	private final EventLoop loop;

	private final WriteProgress progress;

	private final Runnable drainTask = this::drain;

	private volatile @Nullable DirectChannel channel;

	// Guarded by the lock.

	private final OutputQueue queue;

	private final SendRate rate = new SendRate();

	private volatile boolean ended;

	private boolean released;

	private boolean broken;

	private boolean drainScheduled;

	private boolean writingDirectly;

	private boolean flushAfterwards;

	private boolean tellAfterwards;

	/** What a direct write has left over. Goes before the queue. */
	private @Nullable ByteBuf rest;

	// Written under the lock, or by whoever writes to the socket.

	private volatile long taken;

	private volatile long written;

	private volatile long notifyBelow = NOT_ASKED;

	// Used by the I/O thread only.

	private @Nullable ByteBuf[] spareChunks = new ByteBuf[2];

	private boolean inReadBatch;

	private boolean drainAfterReadBatch;

	ConnectionOutput(NettyConnection connection, ChannelHandlerContext context) {
		this.connection = connection;
		this.context = context;
		this.loop = context.channel().eventLoop();
		this.queue = new OutputQueue(context.alloc());
		this.progress = new WriteProgress(context.channel(), this);
	}

	/**
	 * Lets senders write to the socket themselves from now on.
	 * @param channel the channel, which no handler but the connection's sees bytes of
	 */
	void writeDirectlyTo(DirectChannel channel) {
		this.channel = channel;
	}

	/**
	 * The I/O thread has begun to read. What it sends itself waits for the end of the
	 * read.
	 */
	void readBegins() {
		if (!this.inReadBatch) {
			this.inReadBatch = true;
			this.rate.countRead();
		}
	}

	void readEnds() {
		this.inReadBatch = false;
		if (this.drainAfterReadBatch) {
			this.drainAfterReadBatch = false;
			drain();
		}
	}

	/**
	 * Takes a message. On any thread.
	 * @param message the message
	 * @param limit how many bytes may be unsent before
	 * @param mayWait whether {@link #flush} follows
	 * @return what became of it; closed if the output has ended
	 */
	Offered offer(MessageBuffer message, long limit, boolean mayWait) {
		ByteBuf chunk;
		synchronized (this.lock) {
			if (this.ended) {
				return Offered.CLOSED;
			}
			if (unsentBytes() > limit) {
				return Offered.FULL;
			}
			try {
				message.writeTo(this.queue);
			}
			catch (Throwable ex) {
				// Part of the message may be in the queue: the stream is broken.
				this.ended = true;
				this.connection.submit(() -> this.connection.handlerFailed("writeTo", ex));
				throw ex;
			}
			this.taken = this.queue.taken();
			this.rate.countSent();
			if ((mayWait && this.queue.bytes() < FLUSH_BYTES) || !mayLeave()) {
				return Offered.TAKEN;
			}
			chunk = this.rate.isLow() ? chunkToWrite() : null;
			this.drainScheduled = chunk == null;
		}
		leave(chunk);
		return Offered.TAKEN;
	}

	/**
	 * Sends what may have waited: as many messages as there were to collect, so that
	 * nothing is gained by waiting for more. On any thread.
	 */
	void flush() {
		ByteBuf chunk;
		synchronized (this.lock) {
			if (this.queue.isEmpty() || !mayLeave()) {
				return;
			}
			chunk = chunkToWrite();
			this.drainScheduled = chunk == null;
		}
		leave(chunk);
	}

	/**
	 * Whether it is for the current thread to see that the queue leaves, and not for
	 * somebody who is about to do it.
	 */
	private boolean mayLeave() {
		if (this.writingDirectly) {
			this.flushAfterwards = true;
		}
		return !this.writingDirectly && !this.drainScheduled;
	}

	/**
	 * What the current thread is to write, or null if that is for the I/O thread.
	 */
	private @Nullable ByteBuf chunkToWrite() {
		if (this.channel == null || this.queue.left() != this.written || this.loop.inEventLoop()) {
			return null;
		}
		ByteBuf chunk = this.queue.takeOnly();
		this.writingDirectly = chunk != null;
		return chunk;
	}

	private void leave(@Nullable ByteBuf chunk) {
		if (chunk != null) {
			writeDirectly(chunk);
		}
		else if (this.loop.inEventLoop() && this.inReadBatch) {
			this.drainAfterReadBatch = true;
		}
		else {
			this.connection.submit(this.drainTask);
		}
	}

	private void writeDirectly(ByteBuf chunk) {
		DirectChannel target = this.channel;
		int count = 0;
		Throwable failure = null;
		try {
			count = (target != null) ? target.writeDirectly(chunk) : 0;
		}
		catch (Throwable ex) {
			failure = ex;
		}
		boolean drain;
		boolean tell;
		synchronized (this.lock) {
			this.writingDirectly = false;
			boolean closed = this.released || count == DirectChannel.CLOSED;
			if (!closed) {
				chunk.skipBytes(count);
				this.written = this.written + count;
			}
			if (closed || failure != null || !chunk.isReadable()) {
				chunk.release();
			}
			else {
				this.rest = chunk;
			}
			this.broken |= failure != null;
			this.ended |= failure != null;
			drain = this.rest != null || (this.flushAfterwards && !this.queue.isEmpty());
			this.drainScheduled = drain;
			this.flushAfterwards = false;
			tell = this.tellAfterwards;
			this.tellAfterwards = false;
		}
		if (failure != null) {
			Throwable cause = failure;
			this.connection.submit(() -> this.connection.outputBroke(cause));
		}
		else if (drain) {
			this.connection.submit(this.drainTask);
		}
		if (tell) {
			this.connection.inputEndMayBeTold();
		}
		progressed();
	}

	/**
	 * Gives all that was taken to Netty. On the I/O thread.
	 */
	void drain() {
		@Nullable ByteBuf[] chunks;
		int count;
		ByteBuf first;
		synchronized (this.lock) {
			if (this.writingDirectly) {
				this.flushAfterwards = true;
				return;
			}
			this.drainScheduled = false;
			first = this.rest;
			this.rest = null;
			count = this.queue.count();
			if (count == 0 && first == null) {
				return;
			}
			chunks = this.queue.swap(this.spareChunks);
		}
		if (first != null) {
			this.context.write(first, this.progress);
		}
		for (int i = 0; i < count; i++) {
			this.context.write(chunks[i], this.progress);
			chunks[i] = null;
		}
		// A burst of large messages must not leave a large array behind.
		this.spareChunks = (chunks.length <= 16) ? chunks : new ByteBuf[2];
		this.context.flush();
	}

	/**
	 * Netty has written. On the I/O thread.
	 * @param bytes how many bytes
	 */
	void written(long bytes) {
		long sum = this.written + bytes;
		this.written = sum;
		progressed();
	}

	private void progressed() {
		if (this.notifyBelow != NOT_ASKED) {
			this.connection.drainedMayBeTold();
		}
		if (this.ended && this.written == this.taken) {
			this.connection.allWritten();
		}
	}

	/**
	 * A write of Netty has failed. On the I/O thread.
	 * @param cause the failure
	 */
	void failed(@Nullable Throwable cause) {
		this.connection.writeFailed(cause);
	}

	/**
	 * Whether the end of the input must not be told now, because the connection may be
	 * broken: a write of another thread may have been the first to learn of a reset,
	 * which the system reports once. If so, the connection is told when to ask again,
	 * unless that write has failed.
	 * @return whether to wait
	 */
	boolean mayBeBroken() {
		synchronized (this.lock) {
			this.tellAfterwards |= this.writingDirectly;
			return this.writingDirectly || this.broken;
		}
	}

	/**
	 * How many bytes the operating system has taken.
	 * @return the number of bytes
	 */
	long written() {
		return this.written;
	}

	boolean isAllWritten() {
		return this.written == this.taken;
	}

	long unsentBytes() {
		// In this order: what is written meanwhile may be missed, but the difference is
		// never below zero.
		long done = this.written;
		return Math.max(0, this.taken - done);
	}

	/**
	 * Asks to be told when half of this is unsent.
	 * @param bytes the number of unsent bytes that is too many
	 */
	void notifyBelow(long bytes) {
		this.notifyBelow = Math.max(0, bytes);
		if (unsentBytes() <= bytes / 2) {
			this.connection.drainedMayBeTold();
		}
	}

	/**
	 * Whether to tell that the output has drained, once.
	 * @return whether it has, and nobody was told
	 */
	boolean hasDrained() {
		long asked = this.notifyBelow;
		return asked != NOT_ASKED && unsentBytes() <= asked / 2 && NOTIFY_BELOW.compareAndSet(this, asked, NOT_ASKED);
	}

	/**
	 * Takes no more messages.
	 */
	void end() {
		synchronized (this.lock) {
			this.ended = true;
		}
	}

	/**
	 * Drops what was taken: the channel is closed.
	 */
	void release() {
		synchronized (this.lock) {
			this.ended = true;
			this.released = true;
			this.queue.release();
			ByteBuf left = this.rest;
			if (left != null) {
				this.rest = null;
				left.release();
			}
			this.written = this.taken;
		}
	}

}
