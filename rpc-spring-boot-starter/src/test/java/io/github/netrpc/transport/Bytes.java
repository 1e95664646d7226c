package io.github.netrpc.transport;

import java.util.Arrays;

import io.github.netrpc.wire.MessageBuffer;

/**
 * A message of given bytes.
 */
final class Bytes implements MessageBuffer {

	private final byte[] bytes;

	Bytes(byte... bytes) {
		this.bytes = bytes;
	}

	static Bytes of(String text) {
		return new Bytes(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
	}

	/**
	 * Bytes whose values tell their place.
	 */
	static Bytes pattern(int length) {
		byte[] bytes = new byte[length];
		for (int i = 0; i < length; i++) {
			bytes[i] = (byte) (i * 31 + (i >> 8));
		}
		return new Bytes(bytes);
	}

	byte[] array() {
		return Arrays.copyOf(this.bytes, this.bytes.length);
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
