package io.github.netrpc.wire;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CallLease}.
 */
class CallLeaseTests {

	@Test
	void whatOneSideWritesTheOtherReads() {
		Map<String, String> metadata = Map.of(CallLease.KEY, CallLease.value(Duration.ofSeconds(9)));
		assertThat(metadata).containsExactly(Map.entry("rpc-lease", "9000"));
		assertThat(CallLease.nanos(metadata)).isEqualTo(Duration.ofSeconds(9).toNanos());
	}

	@Test
	void lessThanAMillisecondIsOne() {
		assertThat(CallLease.value(Duration.ofNanos(1))).isEqualTo("1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "-1", "9s", "9.5", " 9", "1234567890123", "٩" })
	void whatIsNoNumberIsNoLease(String text) {
		assertThat(CallLease.nanos(Map.of(CallLease.KEY, text))).isZero();
	}

	@Test
	void requestsWithoutTheEntryHaveNone() {
		assertThat(CallLease.nanos(Map.of())).isZero();
		assertThat(CallLease.nanos(Map.of("tenant", "acme"))).isZero();
	}

}
