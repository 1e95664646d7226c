package io.github.netrpc.gob;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growable array of gob messages that remembers which type definitions they need. Has
 * no state of a stream: fill it on any thread, then let the stream's {@link SentTypes}
 * say which definitions must go first. Reusable after {@link #reset()}; not thread-safe.
 * <pre class="code">
 * type.write(args, writer);
 * sent.appendMissing(writer, out);   // definitions that this stream has not had
 * out.append(writer);
 * </pre>
 *
 * @since 0.1.0
 */
public final class GobWriter {

	private static final int INITIAL_BYTES = 256;

	/** What is kept of a large array when the writer is used again. */
	private static final int KEPT_BYTES = 64 << 10;

	private final int maxBytes;

	private final int maxDepth;

	private byte[] array = new byte[INITIAL_BYTES];

	private int length;

	private int depth;

	/** A set of process-wide type ids. */
	private long[] needed = {};

	GobWriter(int maxBytes, int maxDepth) {
		this.maxBytes = maxBytes;
		this.maxDepth = maxDepth;
	}

	/**
	 * Forgets everything written.
	 */
	public void reset() {
		this.length = 0;
		this.depth = 0;
		Arrays.fill(this.needed, 0);
		if (this.array.length > KEPT_BYTES) {
			this.array = new byte[INITIAL_BYTES];
		}
	}

	/**
	 * The bytes written, from 0 to {@link #length()}; valid until the next write.
	 * @return the writer's own array
	 */
	public byte[] array() {
		return this.array;
	}

	/**
	 * How many bytes were written.
	 * @return the number of bytes
	 */
	public int length() {
		return this.length;
	}

	/**
	 * Appends the messages of another writer, and what they need.
	 * @param other the other writer
	 */
	public void append(GobWriter other) {
		write(other.array, 0, other.length);
		need(other.needed);
	}

	long[] needed() {
		return this.needed;
	}

	void need(int id) {
		int word = id >> 6;
		if (word >= this.needed.length) {
			this.needed = Arrays.copyOf(this.needed, word + 1);
		}
		this.needed[word] |= 1L << id;
	}

	void need(long[] ids) {
		if (ids.length > this.needed.length) {
			this.needed = Arrays.copyOf(this.needed, ids.length);
		}
		for (int i = 0; i < ids.length; i++) {
			this.needed[i] |= ids[i];
		}
	}

	/** What must be kept to undo a value. Unneeded definitions do no harm. */
	void rollback(int mark) {
		this.length = mark;
		this.depth = 0;
	}

	void enter() {
		if (++this.depth > this.maxDepth) {
			throw GobException.value("The value is nested deeper than " + this.maxDepth
					+ " levels (limit: max-depth), or contains itself");
		}
	}

	void leave() {
		this.depth--;
	}

	/** Leaves one byte for the length, which is enough for most messages. */
	int beginMessage() {
		ensure(1);
		return this.length++;
	}

	void endMessage(int start) {
		int size = this.length - start - 1;
		if (size > this.maxBytes) {
			throw tooLarge();
		}
		if (size <= 127) {
			this.array[start] = (byte) size;
			return;
		}
		int bytes = (71 - Long.numberOfLeadingZeros(size)) >> 3;
		ensure(bytes);
		System.arraycopy(this.array, start + 1, this.array, start + 1 + bytes, size);
		this.array[start] = (byte) -bytes;
		for (int i = 0; i < bytes; i++) {
			this.array[start + 1 + i] = (byte) (size >> (8 * (bytes - 1 - i)));
		}
		this.length += bytes;
	}

	void writeInt(long value) {
		writeUint((value << 1) ^ (value >> 63));
	}

	void writeUint(long value) {
		ensure(9);
		if (value >= 0 && value <= 127) {
			this.array[this.length++] = (byte) value;
			return;
		}
		int bytes = (71 - Long.numberOfLeadingZeros(value)) >> 3;
		int at = this.length;
		byte[] array = this.array;
		array[at] = (byte) -bytes;
		for (int i = bytes; i > 0; i--) {
			array[at + i] = (byte) value;
			value >>>= 8;
		}
		this.length = at + bytes + 1;
	}

	void writeDouble(long bits) {
		writeUint(Long.reverseBytes(bits));
	}

	void writeString(String value) {
		int chars = value.length();
		if (chars > 127) {
			writeBytes(value.getBytes(StandardCharsets.UTF_8));
			return;
		}
		ensure(chars + 1);
		byte[] array = this.array;
		int at = this.length + 1;
		for (int i = 0; i < chars; i++) {
			char c = value.charAt(i);
			if (c >= 128) {
				writeBytes(value.getBytes(StandardCharsets.UTF_8));
				return;
			}
			array[at + i] = (byte) c;
		}
		array[at - 1] = (byte) chars;
		this.length = at + chars;
	}

	void writeBytes(byte[] value) {
		writeUint(value.length);
		write(value, 0, value.length);
	}

	void write(byte[] source, int from, int count) {
		ensure(count);
		System.arraycopy(source, from, this.array, this.length, count);
		this.length += count;
	}

	private void ensure(int more) {
		if (more > this.array.length - this.length) {
			grow(more);
		}
	}

	private void grow(int more) {
		// Room for a few definitions besides the message, which is checked on its own
		long most = 2L * this.maxBytes + (1 << 20);
		long wanted = (long) this.length + more;
		if (wanted > most || wanted > Integer.MAX_VALUE - 64) {
			throw tooLarge();
		}
		this.array = Arrays.copyOf(this.array,
				(int) Math.min(Integer.MAX_VALUE - 64, Math.max(wanted, 2L * this.array.length)));
	}

	private GobException tooLarge() {
		return GobException.value("The value takes more than " + this.maxBytes + " bytes (limit: max-message-size)");
	}

}
