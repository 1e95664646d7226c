package io.github.netrpc.benchmarks.codec;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs each benchmark method once, so that it cannot rot.
 */
class CodecBenchmarkTests {

	@ParameterizedTest
	@EnumSource
	void gobRequestIsReadBack(Payload payload) throws Exception {
		assertReadBack(new GobBenchmark(), payload);
	}

	@ParameterizedTest
	@EnumSource
	void jsonRequestIsReadBack(Payload payload) throws Exception {
		assertReadBack(new JsonBenchmark(), payload);
	}

	private static void assertReadBack(CodecBenchmark benchmark, Payload payload) throws Exception {
		int stock = 0;
		for (Header header : Header.values()) {
			benchmark.payload = payload;
			benchmark.header = header;
			benchmark.prepare();
			assertThat(benchmark.decode()).isEqualTo(payload.value());
			assertThat(benchmark.encode()).isGreaterThan(20);
			assertThat(benchmark.encode()).isGreaterThanOrEqualTo(stock);
			assertThat(benchmark.decodeReply()).isEqualTo(payload.value());
			assertThat(benchmark.encodeReply()).isGreaterThan(10);
			stock = benchmark.encode();
		}
	}

}
