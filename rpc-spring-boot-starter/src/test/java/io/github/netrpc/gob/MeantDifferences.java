package io.github.netrpc.gob;

import java.util.List;
import java.util.regex.Pattern;

import io.github.netrpc.gob.GobDifferencesFuzz.Answer;

/**
 * Where our reader means to differ from Go's, on bytes that no honest peer sends.
 */
final class MeantDifferences {

	/**
	 * Ours refuses: values beyond its limits, times that do not exist or that Java has no
	 * year for, definitions that describe a type twice, and the types of gob's own
	 * definitions, which Go has in store.
	 */
	private static final Pattern STRICTER = Pattern.compile("\\(limit: |time\\.Time with |time\\.Time -?\\d+ seconds "
			+ "|definition with two descriptions|Type id (1[6-9]|2[0-3]) has not been defined");

	/**
	 * In a field that we do not have, ours refuses interface values that cannot be read:
	 * Go jumps over them, see {@link SkippedInterfaces}.
	 */
	private static final String SKIPPED = "(unknown field ";

	/** A complex64 beyond its range: our one type for complex numbers is the wide one. */
	private static final String NARROWER = "value for \"C64\" out of range";

	/**
	 * Announcements for which Go takes memory before it looks whether the bytes are
	 * there.
	 */
	private static final List<String> COSTLY = List.of("Message length: ", "Number of elements: ", "(limit: ");

	private MeantDifferences() {
	}

	static boolean tooCostlyForGo(String failure) {
		return COSTLY.stream().anyMatch(failure::contains);
	}

	static boolean explain(Answer ours, Answer ofGo) {
		return ((STRICTER.matcher(ours.failure()).find() || ours.failure().contains(SKIPPED)) && ours.beginsLike(ofGo))
				|| (ofGo.failure().contains(NARROWER) && ofGo.hashes().size() < ours.hashes().size());
	}

}
