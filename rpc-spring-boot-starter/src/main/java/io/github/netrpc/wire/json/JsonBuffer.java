package io.github.netrpc.wire.json;

import java.io.OutputStream;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

import io.github.netrpc.wire.MessageBuffer;

/**
 * One message as text. Keeps the generator that writes values into it, since making one
 * costs more than most values. Used by one thread at a time.
 */
final class JsonBuffer extends OutputStream implements MessageBuffer {

	/** What a buffer that is given back may keep. */
	private static final int KEPT_BYTES = 16 * 1024;

	private static final int FIRST_BYTES = 256;

	private final int maxBytes;

	private byte[] bytes;

	private int size;

	private @Nullable JsonGenerator generator;

	JsonBuffer(int maxBytes) {
		this(FIRST_BYTES, maxBytes);
	}

	JsonBuffer(int firstBytes, int maxBytes) {
		this.bytes = new byte[firstBytes];
		this.maxBytes = maxBytes;
	}

	@Override
	public void writeTo(Output out) {
		out.write(this.bytes, 0, this.size);
	}

	@Override
	public int size() {
		return this.size;
	}

	@Override
	public void trim() {
		if (this.bytes.length > KEPT_BYTES) {
			this.bytes = new byte[FIRST_BYTES];
		}
		this.size = 0;
	}

	void clear() {
		this.size = 0;
	}

	@Override
	public void write(int b) {
		if (this.size == this.bytes.length) {
			grow(1);
		}
		this.bytes[this.size++] = (byte) b;
	}

	@Override
	public void write(byte[] source) {
		write(source, 0, source.length);
	}

	@Override
	public void write(byte[] source, int offset, int length) {
		if (length > this.bytes.length - this.size) {
			grow(length);
		}
		System.arraycopy(source, offset, this.bytes, this.size, length);
		this.size += length;
	}

	// Writes a number in decimal digits.
	void writeDecimal(long value) {
		long rest = value;
		if (rest < 0) {
			if (rest == Long.MIN_VALUE) {
				writeUnsignedDigits(Long.toString(value));
				return;
			}
			write('-');
			rest = -rest;
		}
		writeDigits(rest);
	}

	// Writes an unsigned number in decimal digits.
	void writeUnsigned(long value) {
		if (value < 0) {
			writeUnsignedDigits(Long.toUnsignedString(value));
			return;
		}
		writeDigits(value);
	}

	private void writeDigits(long value) {
		int digits = 1;
		for (long power = 10; digits < 19 && value >= power; power *= 10) {
			digits++;
		}
		if (digits > this.bytes.length - this.size) {
			grow(digits);
		}
		int at = this.size + digits;
		this.size = at;
		long rest = value;
		do {
			this.bytes[--at] = (byte) ('0' + rest % 10);
			rest /= 10;
		}
		while (rest != 0);
	}

	private void writeUnsignedDigits(String digits) {
		for (int i = 0; i < digits.length(); i++) {
			write(digits.charAt(i));
		}
	}

	private void grow(int by) {
		long needed = (long) this.size + by;
		if (needed > this.maxBytes) {
			throw new MessageTooLargeException(this.maxBytes);
		}
		this.bytes = Arrays.copyOf(this.bytes, (int) Math.min(this.maxBytes, Math.max(needed, 2L * this.bytes.length)));
	}

	boolean endsWithNull() {
		int at = this.size - 4;
		return at >= 0 && this.bytes[at] == 'n' && this.bytes[at + 1] == 'u' && this.bytes[at + 2] == 'l'
				&& this.bytes[at + 3] == 'l';
	}

	void truncate(int size) {
		this.size = size;
	}

	byte[] toByteArray() {
		return Arrays.copyOf(this.bytes, this.size);
	}

	@Nullable JsonGenerator generator() {
		return this.generator;
	}

	void generator(@Nullable JsonGenerator generator) {
		this.generator = generator;
	}

	/** The message would be larger than its limit. */
	static final class MessageTooLargeException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		MessageTooLargeException(int limit) {
			super("message larger than " + limit + " bytes (limit: max-message-size)", null, false, false);
		}

	}

}
