package io.github.netrpc.gob;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.gob.GobDifferencesFuzz.Answer;

/**
 * What real Go makes of streams: live, or as it was recorded.
 */
interface GoAnswers {

	/**
	 * Has Go read a stream.
	 * @param kind the type of its values, an index in {@link RandomTypes}
	 * @param most how many values are read
	 * @param stream the bytes
	 * @return what it made of them, or null if that is not known
	 */
	@Nullable Answer read(int kind, int most, byte[] stream);

}
