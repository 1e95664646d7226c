package io.github.netrpc.transport;

import java.util.Arrays;

/**
 * The bytes of one connection that its {@link ConnectionHandler} has not consumed yet,
 * for transports to keep between two events. Appending a byte costs O(1) on average, also
 * when nothing is consumed for long; an empty window holds no memory. Used by one thread.
 *
 * <pre>{@code
 * window.append(bytes, 0, length);
 * window.consume(handler.received(window.bytes(), window.from(), window.to()));
 * }</pre>
 *
 * @since 0.1.0
 */
public final class InputWindow {

	private static final byte[] NOTHING = {};

	private static final int SMALLEST_BYTES = 256;

	/** An array above this size is replaced when less than a quarter is in use. */
	private static final int LARGE_BYTES = 64 * 1024;

	private byte[] bytes = NOTHING;

	private int from;

	private int to;

	/**
	 * The array that holds the window. Valid until the next change.
	 * @return the bytes
	 */
	public byte[] bytes() {
		return this.bytes;
	}

	/**
	 * Index of the first byte.
	 * @return the index
	 */
	public int from() {
		return this.from;
	}

	/**
	 * Index behind the last byte.
	 * @return the index
	 */
	public int to() {
		return this.to;
	}

	/**
	 * Whether there is no byte.
	 * @return true if empty
	 */
	public boolean isEmpty() {
		return this.from == this.to;
	}

	/**
	 * Adds bytes by copying them.
	 * @param source holds the bytes
	 * @param offset index of the first one
	 * @param length how many
	 */
	public void append(byte[] source, int offset, int length) {
		reserve(length);
		System.arraycopy(source, offset, this.bytes, this.to, length);
		this.to += length;
	}

	/**
	 * Makes room behind the last byte, for a writer that fills the array itself and calls
	 * {@link #added} then.
	 * @param length how many bytes
	 */
	public void reserve(int length) {
		int used = this.to - this.from;
		if (this.bytes.length - this.to >= length) {
			return;
		}
		int needed = Math.addExact(used, length);
		// Moving within the array must free at least half of it, else a window that is
		// nearly full would be moved again and again.
		boolean move = needed <= this.bytes.length && used <= this.bytes.length / 2;
		byte[] target = move ? this.bytes : new byte[capacityFor(Math.max(needed, used * 2L))];
		System.arraycopy(this.bytes, this.from, target, 0, used);
		this.bytes = target;
		this.from = 0;
		this.to = used;
	}

	/**
	 * Counts bytes that were written behind the last one.
	 * @param length how many, at most what {@link #reserve} was given
	 */
	public void added(int length) {
		this.to += length;
	}

	/**
	 * Removes bytes from the front.
	 * @param length how many
	 * @throws IllegalStateException if there are not that many
	 */
	public void consume(int length) {
		checkConsumed(length, this.to - this.from);
		this.from += length;
		int left = this.to - this.from;
		if (left == 0) {
			clear();
		}
		else if (this.bytes.length > LARGE_BYTES && left < this.bytes.length / 4) {
			this.bytes = Arrays.copyOf(Arrays.copyOfRange(this.bytes, this.from, this.to), capacityFor(left));
			this.from = 0;
			this.to = left;
		}
	}

	/**
	 * Removes all bytes and lets the memory go.
	 */
	public void clear() {
		this.bytes = NOTHING;
		this.from = 0;
		this.to = 0;
	}

	/**
	 * Checks what {@link ConnectionHandler#received} returned.
	 * @param consumed what it returned
	 * @param given how many bytes it was given
	 * @return {@code consumed}
	 * @throws IllegalStateException if it is negative or more than was given
	 */
	public static int checkConsumed(int consumed, int given) {
		if (consumed < 0 || consumed > given) {
			throw new IllegalStateException("consumed: " + consumed + " bytes (expected: 0 to " + given
					+ ", the number of bytes that were given to the handler)");
		}
		return consumed;
	}

	private static int capacityFor(long length) {
		if (length >= 1 << 30) {
			return Integer.MAX_VALUE - 8;
		}
		int least = (int) Math.max(length, SMALLEST_BYTES);
		return Integer.highestOneBit(least - 1) << 1;
	}

}
