package io.github.netrpc.wire.json;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Strings as Go's JSON encoder writes them, and back. Go's {@code encoding/json} escapes
 * {@code <}, {@code >} and {@code &} by default (vector {@code jraw_error_text}).
 */
final class JsonText {

	private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

	/** Bytes of input in a message to people. */
	private static final int MAX_QUOTED_BYTES = 32;

	private JsonText() {
	}

	// Writes a string with its quotes.
	static void writeString(JsonBuffer out, String text) {
		out.write('"');
		int length = text.length();
		for (int i = 0; i < length; i++) {
			char c = text.charAt(i);
			if (c < 0x80) {
				writeAscii(out, c);
			}
			else if (c < 0x800) {
				out.write(0xc0 | c >> 6);
				out.write(0x80 | (c & 0x3f));
			}
			else if (c == '\u2028' || c == '\u2029') {
				writeHex(out, c);
			}
			else if (!Character.isSurrogate(c)) {
				write3(out, c);
			}
			else if (Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1))) {
				int point = Character.toCodePoint(c, text.charAt(++i));
				out.write(0xf0 | point >> 18);
				out.write(0x80 | (point >> 12 & 0x3f));
				out.write(0x80 | (point >> 6 & 0x3f));
				out.write(0x80 | (point & 0x3f));
			}
			else {
				write3(out, '\ufffd');
			}
		}
		out.write('"');
	}

	private static void write3(JsonBuffer out, int c) {
		out.write(0xe0 | c >> 12);
		out.write(0x80 | (c >> 6 & 0x3f));
		out.write(0x80 | (c & 0x3f));
	}

	private static void writeAscii(JsonBuffer out, int c) {
		if (c >= 0x20 && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&') {
			out.write(c);
			return;
		}
		switch (c) {
			case '"', '\\' -> writeEscape(out, c);
			case '\n' -> writeEscape(out, 'n');
			case '\r' -> writeEscape(out, 'r');
			case '\t' -> writeEscape(out, 't');
			default -> writeHex(out, c);
		}
	}

	private static void writeEscape(JsonBuffer out, int c) {
		out.write('\\');
		out.write(c);
	}

	private static void writeHex(JsonBuffer out, int c) {
		writeEscape(out, 'u');
		for (int shift = 12; shift >= 0; shift -= 4) {
			out.write(HEX[c >> shift & 0xf]);
		}
	}

	// A value as Go echoes it: without the blanks between tokens, and with <,
	// >, & and the two line separators escaped (vector jraw_ids).
	static byte[] compact(byte[] buffer, int from, int to) {
		if (isCompact(buffer, from, to)) {
			return Arrays.copyOfRange(buffer, from, to);
		}
		JsonBuffer out = new JsonBuffer(to - from + 16, Integer.MAX_VALUE - 8);
		boolean inString = false;
		for (int at = from; at < to; at++) {
			byte b = buffer[at];
			if (!inString && JsonScanner.isBlank(b)) {
				continue;
			}
			if (b == '"') {
				inString = !inString;
			}
			else if (b == '\\') {
				out.write(b);
				b = buffer[++at];
			}
			else if (b == '<' || b == '>' || b == '&') {
				writeHex(out, b);
				continue;
			}
			else if (b == (byte) 0xe2 && isLineSeparator(buffer, at, to)) {
				writeHex(out, 0x2000 | (buffer[at + 2] & 0x3f));
				at += 2;
				continue;
			}
			out.write(b);
		}
		return out.toByteArray();
	}

	private static boolean isCompact(byte[] buffer, int from, int to) {
		for (int at = from; at < to; at++) {
			byte b = buffer[at];
			if (b <= ' ' || b == '<' || b == '>' || b == '&') {
				return false;
			}
		}
		return true;
	}

	private static boolean isLineSeparator(byte[] buffer, int at, int to) {
		return at + 2 < to && buffer[at + 1] == (byte) 0x80 && (buffer[at + 2] & 0xfe) == 0xa8;
	}

	// The text of a string that has been scanned, in UTF-8.
	static byte[] unescape(byte[] buffer, int from, int to) {
		ByteArrayOutputStream out = new ByteArrayOutputStream(to - from);
		int at = from;
		while (at < to) {
			byte b = buffer[at++];
			if (b != '\\') {
				out.write(b);
				continue;
			}
			byte escape = buffer[at++];
			switch (escape) {
				case 'b' -> out.write('\b');
				case 'f' -> out.write('\f');
				case 'n' -> out.write('\n');
				case 'r' -> out.write('\r');
				case 't' -> out.write('\t');
				case 'u' -> {
					int c = hex(buffer, at);
					at += 4;
					if (Character.isHighSurrogate((char) c) && at + 6 <= to && buffer[at] == '\\'
							&& buffer[at + 1] == 'u' && Character.isLowSurrogate((char) hex(buffer, at + 2))) {
						c = Character.toCodePoint((char) c, (char) hex(buffer, at + 2));
						at += 6;
					}
					if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
						c = 0xfffd;
					}
					out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
				}
				default -> out.write(escape);
			}
		}
		return out.toByteArray();
	}

	// The number that four digits are.
	static int hex(byte[] buffer, int at) {
		int value = 0;
		for (int i = 0; i < 4; i++) {
			value = value << 4 | Character.digit(buffer[at + i], 16);
		}
		return value;
	}

	// A few bytes of input for a message, without control characters.
	static String quote(byte[] buffer, int from, int to) {
		int end = Math.min(to, from + MAX_QUOTED_BYTES);
		StringBuilder text = new StringBuilder(MAX_QUOTED_BYTES + 2).append('"');
		for (int at = from; at < end; at++) {
			int b = buffer[at] & 0xff;
			text.append((b >= 0x20 && b < 0x7f) ? (char) b : '.');
		}
		return text.append('"').toString();
	}

}
