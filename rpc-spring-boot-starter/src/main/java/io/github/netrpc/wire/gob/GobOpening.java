package io.github.netrpc.wire.gob;

import io.github.netrpc.wire.WireFormat.Detection;

/**
 * Tells from its first bytes whether a connection is gob. They are the length of a
 * message, and then the negative of a type id from 64 on, since a header is a struct and
 * must be defined first. <pre>
 * 2f ff81 03 ...   gob: length 47, -65
 * 7b 22 ...        {"  : length 123, 17: a value, so no gob
 * 43 4f ...        CO  : length 67, -40: one of gob's own types, so no gob
 * 16 03 ...        TLS : length 22, -2
 * </pre> A length takes at most 3 bytes and an id at most 5, which makes 8.
 */
final class GobOpening {

	private static final int MOST_LENGTH_BYTES = 2;

	private static final int MOST_ID_BYTES = 4;

	private static final int FIRST_USER_ID = 64;

	private GobOpening() {
	}

	static Detection detect(byte[] buffer, int from, int to, int maxMessageBytes) {
		if (from == to) {
			return Detection.MORE;
		}
		int lengthBytes = Math.max(0, -buffer[from]);
		int idAt = from + 1 + lengthBytes;
		if (lengthBytes > MOST_LENGTH_BYTES) {
			return Detection.NO;
		}
		if (idAt > to) {
			return Detection.MORE;
		}
		long length = number(buffer, from, lengthBytes);
		if (length == 0 || length > maxMessageBytes) {
			return Detection.NO;
		}
		if (idAt == to) {
			return Detection.MORE;
		}
		int idBytes = Math.max(0, -buffer[idAt]);
		if (idBytes > MOST_ID_BYTES) {
			return Detection.NO;
		}
		if (idAt + 1 + idBytes > to) {
			return Detection.MORE;
		}
		long id = number(buffer, idAt, idBytes);
		// Odd numbers are negative: 2 * ~i + 1
		boolean defines = (id & 1) == 1 && (id >>> 1) + 1 >= FIRST_USER_ID && (id >>> 1) < Integer.MAX_VALUE;
		return defines ? Detection.YES : Detection.NO;
	}

	private static long number(byte[] buffer, int at, int bytes) {
		if (bytes == 0) {
			return buffer[at];
		}
		long number = 0;
		for (int i = 1; i <= bytes; i++) {
			number = (number << 8) | (buffer[at + i] & 0xff);
		}
		return number;
	}

}
