package io.github.netrpc.gob;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a peer has sent, and what it should have, in the texts of errors: little of it,
 * and nothing that could be taken for something else in a log. <pre class="code">
 * ReceivedText.quote("PURP\n");            // "PURP\x0a"
 * ReceivedText.names(List.of("A", "B"));   // "A", "B"
 * </pre>
 *
 * @since 0.1.0
 */
public final class ReceivedText {

	private static final int MAX_QUOTED_BYTES = 32;

	private static final int MAX_NAMES = 8;

	/** What is listed is no longer than this and one name more, in characters. */
	private static final int LONGEST_LIST = 200;

	/** As much of a path as is told from each of its ends, in characters. */
	private static final int TOLD_OF_PATH = 120;

	private ReceivedText() {
	}

	/**
	 * A text between quotation marks.
	 * @param text the text
	 * @return its first 32 bytes of UTF-8, as they are if they are printable ASCII, else
	 * as {@code \x0a}; an ellipsis stands for the rest
	 */
	public static String quote(String text) {
		byte[] bytes = text.substring(0, Math.min(text.length(), MAX_QUOTED_BYTES + 1))
			.getBytes(StandardCharsets.UTF_8);
		StringBuilder quoted = new StringBuilder(MAX_QUOTED_BYTES + 5).append('"');
		for (int i = 0; i < Math.min(bytes.length, MAX_QUOTED_BYTES); i++) {
			int value = bytes[i] & 0xff;
			if (value >= ' ' && value < 0x7f && value != '"' && value != '\\') {
				quoted.append((char) value);
			}
			else {
				quoted.append("\\x")
					.append(Character.forDigit(value >> 4, 16))
					.append(Character.forDigit(value & 15, 16));
			}
		}
		return quoted.append((bytes.length > MAX_QUOTED_BYTES) ? "\"..." : "\"").toString();
	}

	/**
	 * Names, each between quotation marks.
	 * @param names the names
	 * @return the first 8 of them, fewer if they are long, and how many more there are
	 */
	public static String names(List<String> names) {
		StringBuilder listed = new StringBuilder();
		int count = 0;
		while (count < Math.min(names.size(), MAX_NAMES) && listed.length() < LONGEST_LIST) {
			listed.append((count > 0) ? ", " : "").append(quote(names.get(count++)));
		}
		if (count < names.size()) {
			listed.append(" and ").append(names.size() - count).append(" more");
		}
		return listed.toString();
	}

	/**
	 * Where in a value something is wrong, which may be many levels deep.
	 * @param path the names and indexes from the outermost one on
	 * @return the path; of one longer than 240 characters its first and last 120, with an
	 * ellipsis for what is between them
	 */
	public static String path(CharSequence path) {
		int length = path.length();
		return (length <= 2 * TOLD_OF_PATH) ? path.toString()
				: path.subSequence(0, TOLD_OF_PATH) + "..." + path.subSequence(length - TOLD_OF_PATH, length);
	}

}
