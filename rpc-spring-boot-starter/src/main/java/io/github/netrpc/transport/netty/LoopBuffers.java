package io.github.netrpc.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * The buffers that all connections of one I/O thread read into: one that the operating
 * system fills, and the array that handlers see. So an idle connection holds none, and
 * one read takes all that has arrived.
 */
final class LoopBuffers {

	static final int SIZE_BYTES = 64 * 1024;

	private static final FastThreadLocal<LoopBuffers> CURRENT = new FastThreadLocal<>() {

		@Override
		protected LoopBuffers initialValue() {
			return new LoopBuffers();
		}

		@Override
		protected void onRemoval(LoopBuffers value) {
			value.direct.release();
		}

	};

	private final ByteBuf direct = Unpooled.directBuffer(SIZE_BYTES, SIZE_BYTES);

	private final byte[] window = new byte[SIZE_BYTES];

	private LoopBuffers() {
	}

	/**
	 * The buffers of the current I/O thread.
	 * @return the buffers
	 */
	static LoopBuffers current() {
		return CURRENT.get();
	}

	byte[] window() {
		return this.window;
	}

	private ByteBuf borrow(ByteBufAllocator allocator) {
		// Whoever kept the buffer (a decrypting handler may) goes on owning its bytes.
		if (this.direct.refCnt() != 1) {
			return allocator.directBuffer(SIZE_BYTES);
		}
		return this.direct.retain().clear();
	}

	/**
	 * Lets a channel read into buffers of its own, as large as what comes: TLS keeps the
	 * parts of records that have begun, which would keep all of a shared one.
	 * @param channel reads nothing yet
	 */
	static void leaveTo(Channel channel) {
		channel.config().setRecvByteBufAllocator(new AdaptiveRecvByteBufAllocator());
	}

	/**
	 * Lets Netty read into the shared buffer.
	 */
	static final class Receiver extends DefaultMaxMessagesRecvByteBufAllocator {

		@Override
		public ExtendedHandle newHandle() {
			return new MaxMessageHandle() {

				@Override
				public ByteBuf allocate(ByteBufAllocator allocator) {
					return current().borrow(allocator);
				}

				@Override
				public int guess() {
					return SIZE_BYTES;
				}

			};
		}

	}

}
