package io.github.netrpc.benchmarks.reliability;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a hostile request may cost goes by what is in it.
 */
class ReadCostTests {

	private static final long MEBIBYTE = 1 << 20;

	private static ReadCost numbers(long allocated) {
		return new ReadCost("[]int", 3_900_000, 8, allocated);
	}

	@Test
	void requestThatCostsMoreThanItsElementsIsNotMetThoughItIsWithinTheBudget() {
		Figure figure = ReadCost.eachWithinItsBound(List.of(numbers(60 * MEBIBYTE),
				new ReadCost("[]struct", 3_900_000, 40, 60 * MEBIBYTE), new ReadCost("[]byte", 100, 1, 0)));
		assertThat(figure.verdict()).isEqualTo(Verdict.NOT_MET);
		assertThat(figure.measured()).startsWith("2.012 ([]int: 61,440 KiB ÷ 30,533 KiB)");
		assertThat(figure.n()).isEqualTo(3);
	}

	@Test
	void requestMayCostItsElementsAndAChunk() {
		assertThat(numbers(0).bound()).isEqualTo(3_900_000 * 8 + 64 * 1024);
		Figure figure = ReadCost.eachWithinItsBound(List.of(numbers(numbers(0).bound())));
		assertThat(figure.verdict()).isEqualTo(Verdict.MET);
		assertThat(ReadCost.eachWithinItsBound(List.of(numbers(numbers(0).bound() + 1))).verdict())
			.isEqualTo(Verdict.NOT_MET);
	}

	@Test
	void whatDeclaresMoreThanThereMayBeIsBoundedByTheBudget() {
		assertThat(new ReadCost("[]struct", 1L << 40, 40, 0).bound()).isEqualTo(64 * MEBIBYTE + 64 * 1024);
	}

}
