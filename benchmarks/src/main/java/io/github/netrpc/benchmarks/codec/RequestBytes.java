package io.github.netrpc.benchmarks.codec;

import java.util.Arrays;

import io.github.netrpc.wire.MessageBuffer;

/**
 * Takes what a message writes, into memory that is used again. Used by one thread.
 */
final class RequestBytes implements MessageBuffer.Output {

	private byte[] bytes = new byte[1 << 16];

	private int length;

	@Override
	public void write(byte[] source, int offset, int count) {
		if (this.length + count > this.bytes.length) {
			this.bytes = Arrays.copyOf(this.bytes, 2 * (this.length + count));
		}
		System.arraycopy(source, offset, this.bytes, this.length, count);
		this.length += count;
	}

	/**
	 * Takes one message, in place of what was taken before.
	 * @param message the message
	 * @return its size with all it needs, in bytes
	 */
	int take(MessageBuffer message) {
		this.length = 0;
		message.writeTo(this);
		return this.length;
	}

	byte[] copy() {
		return Arrays.copyOf(this.bytes, this.length);
	}

}
