package io.github.netrpc.benchmarks.reliability;

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
	 * Measures.
	 * @param bench what it needs; everything it starts there is ended afterwards
	 * @return what was found
	 * @throws Exception if it cannot be measured
	 */
	Outcome run(Workbench bench) throws Exception;

}
