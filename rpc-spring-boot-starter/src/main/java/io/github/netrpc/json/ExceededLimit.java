package io.github.netrpc.json;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Which limit of the parser's a text exceeds, as its user knows it: Jackson's messages
 * name methods of its own. <pre>
 * String value length (1048577) exceeds the maximum allowed (1048576, from `…getMaxStringLength()`)
 * </pre>
 */
final class ExceededLimit {

	private static final Pattern MESSAGE = Pattern.compile("[(](\\d+)[)].*[(](\\d+), from .*[.](getMax\\w+)[(]");

	private static final Map<String, String[]> NAMES = Map.of("getMaxStringLength",
			new String[] { "a string of %s characters", ", max-string-size" }, "getMaxNumberLength",
			new String[] { "a number of %s digits", ", max-number-digits" }, "getMaxNestingDepth",
			new String[] { "a value nested %s levels deep", ", max-depth" }, "getMaxNameLength",
			new String[] { "a name of %s characters or more", ", max-string-size" }, "getMaxDocumentLength",
			new String[] { "a text of %s bytes", ", max-message-size" });

	private ExceededLimit() {
	}

	static String describe(@Nullable String message) {
		Matcher matcher = MESSAGE.matcher((message != null) ? message : "");
		String @Nullable [] names = matcher.find() ? NAMES.get(matcher.group(3)) : null;
		return (names != null) ? names[0].formatted(matcher.group(1)) + " (limit: " + matcher.group(2) + names[1] + ")"
				: "a text, number or nesting beyond its limit";
	}

}
