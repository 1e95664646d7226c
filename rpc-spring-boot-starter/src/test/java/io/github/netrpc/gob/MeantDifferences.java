package io.github.netrpc.gob;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

import io.github.netrpc.gob.GobDifferencesFuzz.Answer;

/**
 * Where our reader means to differ from Go's, on bytes that no honest peer sends.
 */
final class MeantDifferences {

	/**
	 * Ours refuses: values beyond its limits, times that do not exist or that Java has no
	 * year for, definitions that describe a type twice, arrays of negative length and
	 * fields without names (Go refuses these only if the type is used), and the types of
	 * gob's own definitions, which Go has in store.
	 */
	private static final Pattern STRICTER = Pattern.compile("\\(limit: |time\\.Time with |time\\.Time -?\\d+ seconds "
			+ "|definition with two descriptions|Array length: -|Field \\d+ of a struct in a type definition has no name"
			+ "|Type id (1[6-9]|2[0-3]) has not been defined" + "|Type id: -?\\d+ \\(expected: one of 32 bits");

	/** A complex64 beyond its range: our one type for complex numbers is the wide one. */
	private static final Pattern NARROWER = Pattern
		.compile("value for \"(C64|complex64|element of \\[\\]complex64)\" out of range");

	/** The same in interface values, within the range: Go rounds it. */
	private static final byte[] NARROW = "complex64".getBytes(StandardCharsets.US_ASCII);

	/**
	 * In a field that we do not have, Go wants every type that its type is made of, and a
	 * description in each, whether or not there is a value; we want what is there to be
	 * skipped.
	 */
	private static final Pattern UNUSED = Pattern.compile("bad data: (undefined type|ignore can't handle type) ");

	/** A time with seconds in its offset: its length, and its version in front. */
	private static final int TIME_LENGTH = 16;

	private static final int TIME_VERSION = 2;

	/**
	 * Announcements for which Go takes memory before it looks whether the bytes are
	 * there.
	 */
	private static final Pattern COSTLY = Pattern.compile("Message length: |Number of elements: \\d{5,} |\\(limit: ");

	private MeantDifferences() {
	}

	static boolean tooCostlyForGo(String failure) {
		return COSTLY.matcher(failure).find();
	}

	static boolean explain(Answer ours, Answer ofGo) {
		return (STRICTER.matcher(ours.failure()).find() && ours.beginsLike(ofGo))
				|| (UNUSED.matcher(ofGo.failure()).find() && ofGo.beginsLike(ours))
				|| (NARROWER.matcher(ofGo.failure()).find() && ofGo.hashes().size() < ours.hashes().size());
	}

	/**
	 * Whether bytes may have a value that Go reads as another one: a time whose offset
	 * has negative seconds, which Go writes with a sign and reads without; a complex64 in
	 * an interface value.
	 */
	static boolean explain(byte[] stream) {
		for (int i = 0; i < stream.length; i++) {
			if ((i + TIME_LENGTH < stream.length && stream[i] == TIME_LENGTH && stream[i + 1] == TIME_VERSION
					&& stream[i + TIME_LENGTH] < 0)
					|| (i + NARROW.length <= stream.length
							&& Arrays.equals(stream, i, i + NARROW.length, NARROW, 0, NARROW.length))) {
				return true;
			}
		}
		return false;
	}

}
