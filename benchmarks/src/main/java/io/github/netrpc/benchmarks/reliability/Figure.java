package io.github.netrpc.benchmarks.reliability;

import java.util.Locale;

/**
 * One measured figure beside its target. Immutable.
 *
 * @param row the row of the scorecard, {@code R1}
 * @param test what was done
 * @param n how often
 * @param target what is to be reached
 * @param measured what was found, or why nothing was
 * @param verdict whether that is enough
 * @param go what Go's net/rpc showed in the same run, or empty
 */
record Figure(String row, String test, long n, String target, String measured, Verdict verdict, String go) {

	static Figure zero(String row, String test, long n, long found) {
		return new Figure(row, test, n, "0", count(found), (n > 0) ? Verdict.of(found == 0) : Verdict.NOT_MEASURED, "");
	}

	static Figure atMost(String row, String test, long n, double bound, double found, String unit) {
		return new Figure(row, test, n, "≤ " + number(bound) + unit, number(found) + unit,
				(n > 0) ? Verdict.of(found <= bound) : Verdict.NOT_MEASURED, "");
	}

	static Figure atLeast(String row, String test, long n, double bound, double found, String unit) {
		return new Figure(row, test, n, "≥ " + number(bound) + unit, number(found) + unit,
				(n > 0) ? Verdict.of(found >= bound) : Verdict.NOT_MEASURED, "");
	}

	static Figure notMeasured(String row, String test, String reason) {
		return new Figure(row, test, 0, "", reason, Verdict.NOT_MEASURED, "");
	}

	/**
	 * Says more about what was found.
	 * @param more what the number is made of
	 * @return the same figure with that behind it
	 */
	Figure explained(String more) {
		return new Figure(this.row, this.test, this.n, this.target, this.measured + " (" + more + ")", this.verdict,
				this.go);
	}

	Figure beside(String go) {
		return new Figure(this.row, this.test, this.n, this.target, this.measured, this.verdict, go);
	}

	static String count(long number) {
		return String.format(Locale.ROOT, "%,d", number);
	}

	/**
	 * A number as people read it: four significant digits, whole from 1,000 on.
	 */
	static String number(double value) {
		if (value == Math.rint(value) || Math.abs(value) >= 1000) {
			return String.format(Locale.ROOT, "%,.0f", value);
		}
		int places = (Math.abs(value) >= 100) ? 1 : (Math.abs(value) >= 10) ? 2 : 3;
		return String.format(Locale.ROOT, "%." + places + "f", value);
	}

}
