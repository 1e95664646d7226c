package io.github.netrpc.benchmarks.codec;

import java.util.ServiceLoader;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.netrpc.wire.WireFormat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Runs each benchmark method once, so that it cannot rot.
 */
class CodecBenchmarkTests {

	@ParameterizedTest
	@EnumSource
	void gobRequestIsReadBack(Payload payload) throws Exception {
		assumeThat(formats()).as("formats on the class path").contains("gob");
		assertReadBack(new GobBenchmark(), payload);
	}

	@ParameterizedTest
	@EnumSource
	void jsonRequestIsReadBack(Payload payload) throws Exception {
		assertReadBack(new JsonBenchmark(), payload);
	}

	private static Stream<String> formats() {
		return ServiceLoader.load(WireFormat.Provider.class).stream().map((provider) -> provider.get().name());
	}

	private static void assertReadBack(CodecBenchmark benchmark, Payload payload) throws Exception {
		benchmark.payload = payload;
		benchmark.prepare();
		assertThat(benchmark.decode()).isEqualTo(payload.value());
		assertThat(benchmark.encode()).isGreaterThan(20);
	}

}
