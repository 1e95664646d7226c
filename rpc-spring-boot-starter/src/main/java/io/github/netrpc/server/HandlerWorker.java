package io.github.netrpc.server;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcContextSlot;
import io.github.netrpc.exec.Unflushed;
import io.github.netrpc.wire.MessageBuffer;

/**
 * What a thread keeps while it runs calls: its context slot, and a reply buffer for each
 * format. Belongs to one thread.
 */
final class HandlerWorker implements HandlerExecutor.Worker {

	private final RpcContextSlot slot = RpcContextSlot.ofCurrentThread();

	private final List<ServedFormat> formats;

	private final @Nullable MessageBuffer[] buffers;

	private final @Nullable Unflushed<ServerConnection> unflushed;

	private final @Nullable Thread thread;

	/**
	 * Creates a worker of the current thread.
	 * @param formats the formats to have buffers for
	 * @param unflushed where replies may wait, or null if they must not
	 * @param thread the current thread, or null if it must not be interrupted
	 */
	HandlerWorker(List<ServedFormat> formats, @Nullable Unflushed<ServerConnection> unflushed,
			@Nullable Thread thread) {
		this.formats = formats;
		this.unflushed = unflushed;
		this.thread = thread;
		this.buffers = new MessageBuffer[formats.size()];
	}

	@Nullable Unflushed<ServerConnection> unflushed() {
		return this.unflushed;
	}

	@Nullable Thread thread() {
		return this.thread;
	}

	RpcContextSlot slot() {
		return this.slot;
	}

	MessageBuffer buffer(ServedFormat format) {
		MessageBuffer buffer = this.buffers[format.index()];
		if (buffer == null) {
			buffer = format.buffers().acquire();
			this.buffers[format.index()] = buffer;
		}
		return buffer;
	}

	@Override
	public void close() {
		for (int i = 0; i < this.buffers.length; i++) {
			MessageBuffer buffer = this.buffers[i];
			if (buffer != null) {
				this.buffers[i] = null;
				this.formats.get(i).buffers().release(buffer);
			}
		}
	}

}
