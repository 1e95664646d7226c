package io.github.netrpc.transport.netty;

import java.util.Arrays;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

import io.github.netrpc.wire.MessageBuffer;

/**
 * The bytes that one connection has taken and not yet given to Netty, in direct buffers,
 * in order. Every byte is copied once, straight to where the operating system reads it.
 * An empty queue holds no buffers. Guarded by the connection's send lock.
 */
final class OutputQueue implements MessageBuffer.Output {

	/** Enough for a batch of small messages. */
	private static final int FIRST_CHUNK_BYTES = 4 * 1024;

	private static final int CHUNK_BYTES = 64 * 1024;

	/** The allocator does not pool larger ones. */
	private static final int LARGEST_CHUNK_BYTES = 1024 * 1024;

	private final ByteBufAllocator allocator;

	private @Nullable ByteBuf[] chunks = new ByteBuf[2];

	private int count;

	private @Nullable ByteBuf last;

	private long taken;

	private long swapped;

	OutputQueue(ByteBufAllocator allocator) {
		this.allocator = allocator;
	}

	@Override
	public void write(byte[] bytes, int offset, int length) {
		int from = offset;
		int left = length;
		while (left > 0) {
			ByteBuf chunk = this.last;
			if (chunk == null || !chunk.isWritable()) {
				chunk = add(left);
			}
			int part = Math.min(left, chunk.writableBytes());
			chunk.writeBytes(bytes, from, part);
			from += part;
			left -= part;
		}
		this.taken += length;
	}

	/**
	 * How many bytes were ever written to this queue.
	 * @return the number of bytes
	 */
	long taken() {
		return this.taken;
	}

	/**
	 * How many bytes wait to be handed over.
	 * @return the number of bytes
	 */
	long bytes() {
		return this.taken - this.swapped;
	}

	/**
	 * How many bytes were ever handed over.
	 * @return the number of bytes
	 */
	long left() {
		return this.swapped;
	}

	boolean isEmpty() {
		return this.count == 0;
	}

	int count() {
		return this.count;
	}

	/**
	 * Hands the chunks over, {@link #count} of them, and goes on with the other array.
	 * @param other takes the following chunks, holds none
	 * @return the chunks
	 */
	@Nullable ByteBuf[] swap(@Nullable ByteBuf[] other) {
		@Nullable ByteBuf[] full = this.chunks;
		this.chunks = other;
		this.count = 0;
		this.last = null;
		this.swapped = this.taken;
		return full;
	}

	/**
	 * Hands the only chunk over.
	 * @return the chunk, or null if there is none or more than one
	 */
	@Nullable ByteBuf takeOnly() {
		if (this.count != 1) {
			return null;
		}
		ByteBuf only = this.chunks[0];
		this.chunks[0] = null;
		this.count = 0;
		this.last = null;
		this.swapped = this.taken;
		return only;
	}

	void release() {
		for (int i = 0; i < this.count; i++) {
			ByteBuf chunk = this.chunks[i];
			if (chunk != null) {
				chunk.release();
			}
		}
		this.chunks = new ByteBuf[0];
		this.count = 0;
		this.last = null;
	}

	private ByteBuf add(int wanted) {
		int least = (this.count == 0) ? FIRST_CHUNK_BYTES : CHUNK_BYTES;
		ByteBuf chunk = this.allocator.directBuffer(Math.min(Math.max(wanted, least), LARGEST_CHUNK_BYTES));
		if (this.count == this.chunks.length) {
			this.chunks = Arrays.copyOf(this.chunks, Math.max(2, this.count * 2));
		}
		this.chunks[this.count++] = chunk;
		this.last = chunk;
		return chunk;
	}

}
