package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.ServiceMethod;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MethodSettings}.
 */
class MethodSettingsTests {

	private static final ServiceMethod ADD = ServiceMethod.of("Arith", "Add");

	private static final ServiceMethod DIVIDE = ServiceMethod.of("Arith", "Divide");

	@ParameterizedTest
	@ValueSource(strings = { "Arith.Add", "Add", "add" })
	void methodGoesByEachOfItsNames(String name) {
		MethodSettings settings = new MethodSettings(Duration.ofSeconds(10), Map.of(name, Duration.ofSeconds(1)),
				Set.of(name));
		assertThat(settings.timeoutNanos(ADD, Duration.ofSeconds(2))).isEqualTo(1_000_000_000L);
		assertThat(settings.idempotent(ADD)).isTrue();
		assertThat(settings.timeoutNanos(DIVIDE, Duration.ofSeconds(2))).isEqualTo(2_000_000_000L);
		assertThat(settings.timeoutNanos(DIVIDE, null)).isEqualTo(10_000_000_000L);
		assertThat(settings.idempotent(DIVIDE)).isFalse();
	}

	@Test
	void nameWithoutAMethodHasTheSettingsOfTheChannel() {
		MethodSettings settings = new MethodSettings(Duration.ofSeconds(10), Map.of(), Set.of("add"));
		assertThat(settings.idempotent(ServiceMethod.verbatim("Arith."))).isFalse();
		assertThat(settings.timeoutNanos(ServiceMethod.verbatim(""), null)).isEqualTo(10_000_000_000L);
	}

}
