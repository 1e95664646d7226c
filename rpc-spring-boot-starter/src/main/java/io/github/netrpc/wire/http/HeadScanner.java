package io.github.netrpc.wire.http;

/**
 * Finds the empty line that ends the head of a request or an answer. Lines end with LF or
 * CRLF. Looks at each byte once, however the head is cut.
 */
final class HeadScanner {

	private final int maxBytes;

	private int scanned;

	private boolean lineIsEmpty;

	/**
	 * Creates a scanner for one head.
	 * @param maxBytes how large the head may be, in bytes, with its empty line
	 */
	HeadScanner(int maxBytes) {
		this.maxBytes = maxBytes;
	}

	/**
	 * Looks for the end of the head.
	 * @param bytes holds the head
	 * @param from index of its first byte, the same byte each time
	 * @param to index behind the last one
	 * @return the length of the head with its empty line, 0 if its end has not come yet,
	 * or -1 if it is longer than it may be
	 */
	int headLength(byte[] bytes, int from, int to) {
		int limit = Math.min(to - from, this.maxBytes);
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
		return (this.scanned == this.maxBytes) ? -1 : 0;
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
