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

	/**
	 * Creates a worker of the current thread.
	 * @param formats the formats to have buffers for
	 * @param unflushed where replies may wait, or null if they must not
	 */
	HandlerWorker(List<ServedFormat> formats, @Nullable Unflushed<ServerConnection> unflushed) {
		this.formats = formats;
		this.unflushed = unflushed;
		this.buffers = new MessageBuffer[formats.size()];
	}

	@Nullable Unflushed<ServerConnection> unflushed() {
		return this.unflushed;
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
