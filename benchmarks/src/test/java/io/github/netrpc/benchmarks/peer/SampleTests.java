package io.github.netrpc.benchmarks.peer;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Sample}.
 */
class SampleTests {

	private static final String LINE = """
			{"calls":32433,"seconds":1.000015653,"p50Micros":29.952,"p99Micros":53.76,"p999Micros":99.328,"cpuMicros":542439}""";

	private static final Sample SAMPLE = new Sample(32433, 1.000015653, 29.952, 53.76, 99.328, 542439);

	@Test
	void parseReadsLineOfGoClient() {
		assertThat(Sample.parse(LINE)).isEqualTo(SAMPLE);
	}

	@Test
	void toJsonIsReadBack() {
		assertThat(Sample.parse(SAMPLE.toJson())).isEqualTo(SAMPLE);
	}

}
