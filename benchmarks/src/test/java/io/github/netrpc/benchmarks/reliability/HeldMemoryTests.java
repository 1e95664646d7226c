package io.github.netrpc.benchmarks.reliability;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HeldMemory}.
 */
class HeldMemoryTests {

	private final HeldMemory before = new HeldMemory(1024_000, 9024_000);

	@Test
	void growthIsOfEachConnectionInKibibytes() {
		HeldMemory after = new HeldMemory(1024_000 + 5 * 1024, 9024_000 + 15 * 1024);
		assertThat(after.heapEach(this.before, 5)).isEqualTo(1);
		assertThat(after.residentEach(this.before, 5)).isEqualTo(3);
	}

	@Test
	void whatWasGivenBackHidesNothingOfTheHeap() {
		HeldMemory after = new HeldMemory(1024_000 + 5 * 1024, 8024_000);
		assertThat(after.residentEach(this.before, 5)).isEqualTo(1);
	}

}
