package io.github.netrpc.benchmarks.reliability;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Figure} and its verdicts.
 */
class FigureTests {

	@Test
	void zeroWhenNothingWasFoundIsMet() {
		assertThat(Figure.zero("R1", "failed", 200_000, 0).verdict()).isEqualTo(Verdict.MET);
	}

	@Test
	void zeroWhenOneOfManyWasFoundIsNotMet() {
		assertThat(Figure.zero("R1", "failed", 200_000, 1).verdict()).isEqualTo(Verdict.NOT_MET);
	}

	@Test
	void zeroWhenNothingWasTriedIsNotMeasured() {
		assertThat(Figure.zero("R1", "failed", 0, 0).verdict()).isEqualTo(Verdict.NOT_MEASURED);
	}

	@Test
	void boundsAreInclusive() {
		assertThat(Figure.atMost("R2", "last call", 20, 200, 200, " ms").verdict()).isEqualTo(Verdict.MET);
		assertThat(Figure.atMost("R2", "last call", 20, 200, 200.01, " ms").verdict()).isEqualTo(Verdict.NOT_MET);
		assertThat(Figure.atLeast("R13", "goodput", 20, 90, 90, " %").verdict()).isEqualTo(Verdict.MET);
		assertThat(Figure.atLeast("R13", "goodput", 20, 90, 89.99, " %").verdict()).isEqualTo(Verdict.NOT_MET);
	}

	@Test
	void notANumberIsNotMet() {
		assertThat(Figure.atMost("R17", "ratio", 1, 1.5, Double.NaN, "").verdict()).isEqualTo(Verdict.NOT_MET);
		assertThat(Figure.atLeast("R14", "good", 1, 99, Double.NaN, " %").verdict()).isEqualTo(Verdict.NOT_MET);
	}

	@Test
	void numberHasFourDigits() {
		assertThat(Figure.number(1.1)).isEqualTo("1.100");
		assertThat(Figure.number(12.345)).isEqualTo("12.35");
		assertThat(Figure.number(123.45)).isEqualTo("123.5");
		assertThat(Figure.number(12345.6)).isEqualTo("12,346");
		assertThat(Figure.number(8500)).isEqualTo("8,500");
		assertThat(Figure.number(0)).isEqualTo("0");
	}

}
