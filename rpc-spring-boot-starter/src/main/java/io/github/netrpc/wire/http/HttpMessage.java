package io.github.netrpc.wire.http;

import java.nio.charset.StandardCharsets;

import io.github.netrpc.wire.MessageBuffer;

/**
 * Fixed bytes to send. Immutable, so it may be sent any number of times by any thread.
 */
final class HttpMessage implements MessageBuffer {

	private final byte[] bytes;

	HttpMessage(String text) {
		this.bytes = text.getBytes(StandardCharsets.ISO_8859_1);
	}

	@Override
	public void writeTo(Output out) {
		out.write(this.bytes, 0, this.bytes.length);
	}

	@Override
	public int size() {
		return this.bytes.length;
	}

	@Override
	public void trim() {
		// Nothing to give back.
	}

}
