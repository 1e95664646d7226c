package io.github.netrpc.benchmarks.reliability;

import java.time.Duration;
import java.util.List;

/**
 * One fault and what is measured under it.
 */
interface Scenario {

	/**
	 * The rows of the scorecard it fills.
	 * @return their names, {@code R1}
	 */
	List<String> rows();

	/**
	 * What it is about.
	 * @return a heading
	 */
	String title();

	/**
	 * How long it may take.
	 * @param options what to run
	 * @return the time, after which it is cut
	 */
	default Duration limit(ReliabilityOptions options) {
		return Duration.ofMinutes(6);
	}

	/**
	 * Measures.
	 * @param bench what it needs; everything it starts there is ended afterwards
	 * @return what was found
	 * @throws Exception if it cannot be measured
	 */
	Outcome run(Workbench bench) throws Exception;

}
