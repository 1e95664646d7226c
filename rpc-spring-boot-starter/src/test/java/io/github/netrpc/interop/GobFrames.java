package io.github.netrpc.interop;

/**
 * The outer shape of a gob stream, read independently of the decoder under test: each
 * message is a length and then a type id, negative in definitions.
 */
final class GobFrames {

	private GobFrames() {
	}

	/**
	 * Counts the values whose messages are complete.
	 * @param bytes holds the stream
	 * @param from where it begins
	 * @return the number of values
	 */
	static int values(byte[] bytes, int from) {
		int values = 0;
		int at = from;
		while (at < bytes.length) {
			int lengthBytes = Math.max(0, -bytes[at]);
			if (at + 1 + lengthBytes >= bytes.length) {
				break;
			}
			long length = number(bytes, at);
			int idAt = at + 1 + lengthBytes;
			if (length <= 0 || idAt + length > bytes.length) {
				break;
			}
			if ((number(bytes, idAt) & 1) == 0) {
				values++;
			}
			at = (int) (idAt + length);
		}
		return values;
	}

	/**
	 * Reads an unsigned integer.
	 * @param bytes holds it
	 * @param at where it begins
	 * @return the number
	 */
	static long number(byte[] bytes, int at) {
		int more = Math.max(0, -bytes[at]);
		if (more == 0) {
			return bytes[at];
		}
		long number = 0;
		for (int i = 1; i <= more; i++) {
			number = (number << 8) | (bytes[at + i] & 0xff);
		}
		return number;
	}

}
