package io.github.netrpc.server;

import java.nio.charset.StandardCharsets;

/**
 * Cuts error texts, which may come from anywhere, to a size that fits into a message,
 * even if each character is escaped.
 */
final class ErrorText {

	/** Well below what a string and a message may have by default. */
	static final int MOST_BYTES = 128 * 1024;

	/** Where messages are bounded to less than that. */
	static final int FEW_BYTES = 8 * 1024;

	private static final String ELLIPSIS = "\u2026";

	/** No char takes more in UTF-8: of four bytes there are two chars. */
	private static final int BYTES_OF_A_CHAR = 3;

	private ErrorText() {
	}

	/**
	 * Cuts a text.
	 * @param text the text
	 * @param mostBytes how long it may be
	 * @return the text, or its beginning and an ellipsis, at most so many bytes in UTF-8
	 */
	static String cut(String text, int mostBytes) {
		if (text.length() <= mostBytes / BYTES_OF_A_CHAR
				|| (text.length() <= mostBytes && text.getBytes(StandardCharsets.UTF_8).length <= mostBytes)) {
			return text;
		}
		int left = mostBytes - BYTES_OF_A_CHAR;
		int end = 0;
		while (end < text.length()) {
			int point = text.codePointAt(end);
			left -= bytes(point);
			if (left < 0) {
				break;
			}
			end += Character.charCount(point);
		}
		return text.substring(0, end) + ELLIPSIS;
	}

	private static int bytes(int point) {
		if (point < 0x80) {
			return 1;
		}
		if (point < 0x800) {
			return 2;
		}
		return (point < 0x10000) ? BYTES_OF_A_CHAR : 4;
	}

}
