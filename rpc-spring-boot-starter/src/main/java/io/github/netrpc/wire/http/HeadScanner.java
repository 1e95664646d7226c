package io.github.netrpc.wire.http;

/**
 * Finds the empty line that ends the head of a request or an answer. Lines end with LF or
 * CRLF. Looks at each byte once, however the head is cut.
 */
final class HeadScanner {

	/** Largest head, in bytes, with its empty line (limit S9 of the project). */
	static final int MAX_HEAD_BYTES = 8 * 1024;

	private int scanned;

	private boolean lineIsEmpty;

	/**
	 * Looks for the end of the head.
	 * @param bytes holds the head
	 * @param from index of its first byte, the same byte each time
	 * @param to index behind the last one
	 * @return the length of the head with its empty line, 0 if its end has not come yet,
	 * or -1 if it is longer than {@link #MAX_HEAD_BYTES}
	 */
	int headLength(byte[] bytes, int from, int to) {
		int limit = Math.min(to - from, MAX_HEAD_BYTES);
		while (this.scanned < limit) {
			byte b = bytes[from + this.scanned++];
			if (b == '\n') {
				if (this.lineIsEmpty) {
					return this.scanned;
				}
				this.lineIsEmpty = true;
			}
			else if (b != '\r') {
				this.lineIsEmpty = false;
			}
		}
		return (this.scanned == MAX_HEAD_BYTES) ? -1 : 0;
	}

	/**
	 * Finds the end of the line that begins at an index.
	 * @param bytes holds the head
	 * @param from index of the line's first byte
	 * @return index of its line feed
	 */
	static int lineFeed(byte[] bytes, int from) {
		int i = from;
		while (bytes[i] != '\n') {
			i++;
		}
		return i;
	}

	/**
	 * Where the text of a line ends.
	 * @param bytes holds the head
	 * @param from index of the line's first byte
	 * @param lineFeed index of its line feed
	 * @return index behind the last byte before LF or CRLF
	 */
	static int textEnd(byte[] bytes, int from, int lineFeed) {
		return (lineFeed > from && bytes[lineFeed - 1] == '\r') ? lineFeed - 1 : lineFeed;
	}

}
