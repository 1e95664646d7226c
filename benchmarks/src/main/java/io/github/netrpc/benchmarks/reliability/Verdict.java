package io.github.netrpc.benchmarks.reliability;

/**
 * Whether a figure reaches its target.
 */
enum Verdict {

	/** It does. */
	MET("met"),

	/** It does not. */
	NOT_MET("**not met**"),

	/** There is no figure: what it needs is missing, or its test failed. */
	NOT_MEASURED("not measured");

	private final String text;

	Verdict(String text) {
		this.text = text;
	}

	static Verdict of(boolean met) {
		return met ? MET : NOT_MET;
	}

	@Override
	public String toString() {
		return this.text;
	}

}
