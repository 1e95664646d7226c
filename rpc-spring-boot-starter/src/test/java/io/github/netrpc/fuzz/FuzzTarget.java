package io.github.netrpc.fuzz;

import java.util.List;

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
	 * Tries an input. Deterministic: the same input has the same outcome.
	 * @param input any bytes
	 * @throws Exception if a promise is broken, as does an {@link Error}: what code may
	 * throw on such input is caught here
	 */
	void run(byte[] input) throws Exception;

}
