package io.github.netrpc.benchmarks.reliability;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Processors}.
 */
class ProcessorsTests {

	@Test
	void numbersAndRangesAreRead() {
		assertThat(Processors.parse("0")).containsExactly(0);
		assertThat(Processors.parse("0-3,8")).containsExactly(0, 1, 2, 3, 8);
		assertThat(Processors.parse("2,4-5")).containsExactly(2, 4, 5);
	}

}
