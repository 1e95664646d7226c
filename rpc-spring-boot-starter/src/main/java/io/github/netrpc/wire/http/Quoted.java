package io.github.netrpc.wire.http;

import java.nio.charset.StandardCharsets;

/**
 * Input as error messages may show it: at most 32 bytes, escaped.
 */
final class Quoted {

	private static final int LONGEST = 32;

	private Quoted() {
	}

	static String bytes(byte[] bytes, int from, int to) {
		return text(new String(bytes, from, Math.min(to - from, LONGEST + 1), StandardCharsets.ISO_8859_1));
	}

	static String text(String text) {
		return '"' + plain(text) + '"';
	}

	static String plain(String text) {
		StringBuilder result = new StringBuilder();
		for (int i = 0; i < text.length() && i < LONGEST; i++) {
			char c = text.charAt(i);
			if (c < ' ' || c >= 0x7f) {
				result.append(String.format("\\u%04x", (int) c));
			}
			else {
				result.append(c);
			}
		}
		if (text.length() > LONGEST) {
			result.append("...");
		}
		return result.toString();
	}

}
