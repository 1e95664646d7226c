package io.github.netrpc.server;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.wire.MessageBuffer;

/**
 * Keeps buffers for replies. Not bound to threads, since virtual threads live for a few
 * calls only. Thread-safe.
 */
final class BufferPool {

	private static final int KEPT = 32;

	private final AtomicReferenceArray<@Nullable MessageBuffer> kept = new AtomicReferenceArray<>(KEPT);

	private final Supplier<MessageBuffer> source;

	BufferPool(Supplier<MessageBuffer> source) {
		this.source = source;
	}

	MessageBuffer acquire() {
		for (int i = 0; i < KEPT; i++) {
			if (this.kept.getPlain(i) != null) {
				MessageBuffer buffer = this.kept.getAndSet(i, null);
				if (buffer != null) {
					return buffer;
				}
			}
		}
		return this.source.get();
	}

	void release(MessageBuffer buffer) {
		buffer.trim();
		for (int i = 0; i < KEPT; i++) {
			if (this.kept.getPlain(i) == null && this.kept.compareAndSet(i, null, buffer)) {
				return;
			}
		}
	}

}
