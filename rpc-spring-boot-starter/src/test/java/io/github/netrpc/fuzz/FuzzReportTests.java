package io.github.netrpc.fuzz;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a report says, and when it counts as passed.
 */
class FuzzReportTests {

	private static final FuzzReport.Row TRIED = new FuzzReport.Row("connect", "a head", 60, 1_000, 10, 5, 0, "");

	private static final FuzzReport.Row FOUND = new FuzzReport.Row("connect", "a head", 60, 1_000, 10, 5, 1, "");

	private static final FuzzReport.Row LEFT_OUT = new FuzzReport.Row("gob-differences", "a stream", 0, 0, 0, 0, 0,
			"no program \"go\" on the PATH");

	@Test
	void whatWasFoundFails() {
		assertThat(new FuzzReport(List.of(TRIED)).passes(false)).isTrue();
		assertThat(new FuzzReport(List.of(TRIED, FOUND)).passes(true)).isFalse();
	}

	@Test
	void whatWasLeftOutPassesOnlyWhereItMayBe() {
		FuzzReport report = new FuzzReport(List.of(TRIED, LEFT_OUT));
		assertThat(report.passes(true)).isTrue();
		assertThat(report.passes(false)).isFalse();
		assertThat(report.table()).contains("left out: no program \"go\" on the PATH");
		assertThat(report.summary()).contains("1 targets, at least 60 s each").contains("**1 left out**");
	}

}
