package io.github.netrpc.wire;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * A few message buffers of one format for all threads. A buffer is out only while one
 * message is encoded and handed to the connection, so about as many are needed as there
 * are processors. Not thread-local, since virtual threads come by the million and are
 * used once. Thread-safe.
 *
 * @since 0.1.0
 */
public final class BufferPool {

	/** References that share a cache line, so each slot has one of its own. */
	private static final int STRIDE = 16;

	private static final int PROBES = 4;

	/** Beyond this, in bytes, a message was unusually large. */
	private static final int TRIM_ABOVE = 64 * 1024;

	private final AtomicReferenceArray<@Nullable MessageBuffer> slots;

	private final int mask;

	private final Supplier<MessageBuffer> source;

	/**
	 * Creates an empty pool.
	 * @param format makes the buffers
	 */
	public BufferPool(WireFormat format) {
		int processors = Runtime.getRuntime().availableProcessors();
		int count = Integer.highestOneBit(Math.max(4, 2 * processors - 1)) * 2;
		this.slots = new AtomicReferenceArray<>(count * STRIDE);
		this.mask = count - 1;
		this.source = format::newBuffer;
	}

	/**
	 * Takes a buffer, a new one if there is none.
	 * @return a buffer, to be given back with {@link #release}
	 */
	public MessageBuffer acquire() {
		int start = start();
		for (int i = 0; i < PROBES; i++) {
			int slot = slot(start + i);
			if (this.slots.getPlain(slot) != null) {
				MessageBuffer buffer = this.slots.getAndSet(slot, null);
				if (buffer != null) {
					return buffer;
				}
			}
		}
		return this.source.get();
	}

	/**
	 * Gives a buffer back.
	 * @param buffer a buffer that nobody uses any more
	 */
	public void release(MessageBuffer buffer) {
		if (buffer.size() > TRIM_ABOVE) {
			buffer.trim();
		}
		int start = start();
		for (int i = 0; i < PROBES; i++) {
			int slot = slot(start + i);
			if (this.slots.getPlain(slot) == null && this.slots.compareAndSet(slot, null, buffer)) {
				return;
			}
		}
	}

	private int slot(int index) {
		return (index & this.mask) * STRIDE;
	}

	private static int start() {
		long id = Thread.currentThread().getId();
		return (int) (id ^ (id >>> 7));
	}

}
