package io.github.netrpc.wire;

import java.util.Map;

/**
 * Bounds on the metadata of one request or reply, the same in both directions and
 * formats. Beyond them the call is refused, not the connection.
 *
 * @since 0.1.0
 */
public final class MetadataLimits {

	/** Entries. */
	public static final int MAX_ENTRIES = 64;

	/** All keys and values together in UTF-8, in bytes. */
	public static final int MAX_BYTES = 8 * 1024;

	private MetadataLimits() {
	}

	/**
	 * Checks what is to be sent: within the bounds, and without null and control
	 * characters, which would forge lines where a peer writes them into a log or header.
	 * @param metadata the entries
	 * @throws EncodeException if they cannot be sent; values are not quoted, since they
	 * may be secret
	 */
	public static void check(Map<String, String> metadata) throws EncodeException {
		int entries = metadata.size();
		if (entries == 0) {
			return;
		}
		if (entries > MAX_ENTRIES) {
			throw new EncodeException("metadata: " + entries + " entries (limit: " + MAX_ENTRIES + ")");
		}
		long bytes = 0;
		for (Map.Entry<String, String> entry : metadata.entrySet()) {
			bytes += bytes(entry.getKey(), "a key");
			bytes += bytes(entry.getValue(), "a value");
		}
		if (bytes > MAX_BYTES) {
			throw new EncodeException("metadata: " + bytes + " bytes (limit: " + MAX_BYTES + ")");
		}
	}

	/**
	 * What goes along with an error, which matters more than its metadata.
	 * @param metadata the entries
	 * @return the same, or none if they cannot be sent
	 */
	public static Map<String, String> sendable(Map<String, String> metadata) {
		try {
			check(metadata);
			return metadata;
		}
		catch (EncodeException ex) {
			return Map.of();
		}
	}

	private static long bytes(String text, String what) throws EncodeException {
		if (text == null) {
			throw new EncodeException("metadata: " + what + " is null (expected: a text)");
		}
		long bytes = text.length();
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c >= ' ' && c < 0x7f) {
				continue;
			}
			if (Character.isISOControl(c)) {
				throw new EncodeException(
						"metadata: " + what + " has the control character U+%04X at index %d".formatted((int) c, i));
			}
			if (c >= 0x80) {
				// A pair of surrogates makes 4 bytes
				bytes += (c < 0x800 || Character.isSurrogate(c)) ? 1 : 2;
			}
		}
		return bytes;
	}

}
