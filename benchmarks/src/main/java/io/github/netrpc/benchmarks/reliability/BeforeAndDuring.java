package io.github.netrpc.benchmarks.reliability;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The 99th percentiles of a {@link Bystander} without and under a fault, of which medians
 * are compared.
 */
final class BeforeAndDuring {

	private final List<Double> before = new ArrayList<>();

	private final List<Double> during = new ArrayList<>();

	void before(double millis) {
		this.before.add(millis);
	}

	void during(double millis) {
		this.during.add(millis);
	}

	/**
	 * How many times as long calls take under the fault.
	 * @return the ratio of the medians
	 */
	double ratio() {
		return median(this.during) / median(this.before);
	}

	private static double median(List<Double> values) {
		return Latencies.median(values.stream().mapToDouble(Double::doubleValue).toArray());
	}

	/**
	 * Whether nothing was measured.
	 */
	boolean isEmpty() {
		return this.during.isEmpty();
	}

	/**
	 * What the ratio is made of.
	 * @return both medians
	 */
	String both() {
		return "%s ms ÷ %s ms".formatted(Figure.number(median(this.during)), Figure.number(median(this.before)));
	}

	/**
	 * All that was measured.
	 * @return each round
	 */
	String each() {
		return "without %s; with %s ms".formatted(list(this.before), list(this.during));
	}

	private static String list(List<Double> values) {
		return values.stream().map(Figure::number).collect(Collectors.joining(", "));
	}

}
