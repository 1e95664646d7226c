package io.github.netrpc.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Code that takes any bytes from anybody, and what it promises about them.
 */
public interface FuzzTarget {

	/**
	 * The name, also of the corpus.
	 * @return lower-case words with hyphens
	 */
	String name();

	/**
	 * What is tried, in a sentence for the report.
	 * @return the sentence, without its full stop
	 */
	String description();

	/**
	 * Honest inputs, from which fuzzing begins: mostly recorded from real Go.
	 * @return the inputs
	 */
	List<byte[]> seeds();

	/**
	 * What the target needs and does not find here. It can then replay inputs that are
	 * known, as far as what it needs to know of them was recorded; looking for more would
	 * prove nothing.
	 * @return what is missing, or null if nothing is
	 */
	default @Nullable String missing() {
		return null;
	}

	/**
	 * Records what replaying inputs needs where something is {@link #missing()}.
	 * @param known the inputs, in place of those recorded before
	 * @param folder where the corpora are
	 * @throws IOException if it cannot be written
	 */
	default void record(List<byte[]> known, Path folder) throws IOException {
	}

	/**
	 * Tries an input. Deterministic: the same input has the same outcome.
	 * @param input any bytes
	 * @throws Exception if a promise is broken, as does an {@link Error}: what code may
	 * throw on such input is caught here
	 */
	void run(byte[] input) throws Exception;

}
