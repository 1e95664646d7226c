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
			+ "|definition with two descriptions|Type id (1[6-9]|2[0-3]) has not been defined|Type id: -?\\d+ \\(expected: one of 32 bits");

	/**
	 * In a field that we do not have, ours refuses interface values that cannot be read:
	 * Go jumps over them, see {@link OddDefinitions}.
	 */
	private static final String SKIPPED = "(unknown field ";

	/** A complex64 beyond its range: our one type for complex numbers is the wide one. */
	private static final String NARROWER = "value for \"C64\" out of range";

	/**
	 * In a field that we do not have, Go wants every type that its type is made of,
	 * whether or not there is a value; we want what is there to be skipped.
	 */
	private static final String UNUSED = "bad data: undefined type ";

	/** A time with seconds in its offset: its length, and its version in front. */
	private static final int TIME_LENGTH = 16;

	private static final int TIME_VERSION = 2;

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
				|| (ofGo.failure().contains(UNUSED) && ofGo.beginsLike(ours))
				|| (ofGo.failure().contains(NARROWER) && ofGo.hashes().size() < ours.hashes().size());
	}

	/**
	 * Whether bytes may have a time whose offset has negative seconds: Go writes them
	 * with a sign and reads them without.
	 */
	static boolean hasSecondsBelowZero(byte[] stream) {
		for (int i = 0; i + TIME_LENGTH < stream.length; i++) {
			if (stream[i] == TIME_LENGTH && stream[i + 1] == TIME_VERSION && stream[i + TIME_LENGTH] < 0) {
				return true;
			}
		}
		return false;
	}

}
