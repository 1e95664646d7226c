package io.github.netrpc.benchmarks.reliability;

import java.util.List;

/**
 * What a scenario found. Immutable.
 *
 * @param figures the figures that are judged
 * @param details lines that explain them, in Markdown
 */
record Outcome(List<Figure> figures, List<String> details) {

	Outcome {
		figures = List.copyOf(figures);
		details = List.copyOf(details);
	}

}
