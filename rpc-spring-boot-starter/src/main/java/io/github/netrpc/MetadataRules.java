package io.github.netrpc;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What callers may send as metadata. Control characters are refused, since the entries
 * end up in headers and logs of all kinds.
 */
final class MetadataRules {

	/** All keys and values together, in characters. */
	static final int LONGEST = 8 * 1024;

	static final int MOST_ENTRIES = 64;

	/** Entries that the protocol sends itself. */
	private static final Set<String> RESERVED = Set.of("connection", "drain");

	/** The token of a call. What says who calls is known in one spelling only. */
	private static final String TOKEN = "authorization";

	private MetadataRules() {
	}

	/**
	 * The key as it is sent.
	 */
	static String canonical(String key) {
		return key.equalsIgnoreCase(TOKEN) ? TOKEN : key;
	}

	static void check(String key, String value) {
		if (key.isEmpty()) {
			throw new IllegalArgumentException("metadata: an empty key");
		}
		if (firstControl(key) >= 0) {
			throw control("the key \"" + escape(key) + "\"", key);
		}
		if (RESERVED.contains(key.toLowerCase(Locale.ROOT))) {
			throw new IllegalArgumentException(
					"metadata: the key \"" + key + "\" is the protocol's own (expected: none of " + RESERVED + ")");
		}
		if (firstControl(value) >= 0) {
			// The value may be secret.
			throw control("the value of \"" + key + "\"", value);
		}
	}

	static void checkSize(Map<String, String> metadata) {
		if (metadata.size() > MOST_ENTRIES) {
			throw new IllegalArgumentException(
					"metadata: " + metadata.size() + " entries (limit: " + MOST_ENTRIES + ")");
		}
		int length = 0;
		for (Map.Entry<String, String> entry : metadata.entrySet()) {
			length += entry.getKey().length() + entry.getValue().length();
		}
		if (length > LONGEST) {
			throw new IllegalArgumentException(
					"metadata: " + length + " characters in " + metadata.size() + " entries (limit: " + LONGEST + ")");
		}
	}

	private static IllegalArgumentException control(String where, String text) {
		int at = firstControl(text);
		return new IllegalArgumentException("metadata: %s has the control character U+%04X at index %d".formatted(where,
				(int) text.charAt(at), at));
	}

	private static int firstControl(String text) {
		for (int i = 0; i < text.length(); i++) {
			if (Character.isISOControl(text.charAt(i))) {
				return i;
			}
		}
		return -1;
	}

	private static String escape(String key) {
		StringBuilder text = new StringBuilder();
		key.chars()
			.limit(32)
			.forEach((each) -> text
				.append(Character.isISOControl(each) ? "\\u%04x".formatted(each) : String.valueOf((char) each)));
		return text.toString();
	}

}
