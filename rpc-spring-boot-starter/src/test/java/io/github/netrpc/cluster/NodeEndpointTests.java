package io.github.netrpc.cluster;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link NodeEndpoint} and {@link NodeMetadata}.
 */
class NodeEndpointTests {

	private static NodeEndpoint with(String key, String value) {
		return new NodeEndpoint("n", "host", 1, Map.of(key, value));
	}

	@Test
	void nodeWithoutMetadataHasDefaults() {
		NodeEndpoint node = NodeEndpoint.of("::1", 1234);
		assertThat(node.id()).isEqualTo("[::1]:1234").isEqualTo(node.address());
		assertThat(node.tags()).isEmpty();
		assertThat(node.weight()).isEqualTo(1);
		assertThat(node.capacity()).isZero();
		assertThat(node.cpus()).isZero();
		assertThat(node.version()).isNull();
		assertThat(node.codec()).isNull();
		assertThat(node.problems()).isEmpty();
	}

	@Test
	void metadataIsRead() {
		NodeEndpoint node = new NodeEndpoint("n", "host", 1, Map.of("rpc-tags", " gpu ,,eu,gpu", "rpc-weight", "0.5",
				"rpc-capacity", "200", "rpc-cpus", "8", "rpc-version", "1.2", "rpc-codec", "gob,json", "other", "x"));
		assertThat(node.tags()).containsExactly("gpu", "eu");
		assertThat(node.weight()).isEqualTo(0.5);
		assertThat(node.capacity()).isEqualTo(200);
		assertThat(node.cpus()).isEqualTo(8);
		assertThat(node.version()).isEqualTo("1.2");
		assertThat(node.codec()).isEqualTo("gob,json");
		assertThat(node.problems()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "rpc-weight, 0", "rpc-weight, -1", "rpc-weight, heavy", "rpc-weight, NaN", "rpc-weight, Infinity",
			"rpc-weight, 1e300", "rpc-capacity, -1", "rpc-capacity, 1.5", "rpc-capacity, 99999999999", "rpc-port, 0",
			"rpc-port, 70000", "rpc-cpus, 0", "rpc-cpus, many" })
	void valueThatCannotBeReadIsAbsentAndNamed(String key, String value) {
		NodeEndpoint node = with(key, value);
		assertThat(node.weight()).isEqualTo(1);
		assertThat(node.capacity()).isZero();
		assertThat(node.cpus()).isZero();
		assertThat(NodeMetadata.port(node.metadata())).isNull();
		assertThat(node.problems()).singleElement().asString().startsWith(key + ": \"" + value + "\" (expected: ");
	}

	@Test
	void problemsAreFitForALog() {
		assertThat(with("rpc-weight", "1\n2\u001b[31m" + "x".repeat(1_000)).problems()).singleElement()
			.asString()
			.hasSizeLessThan(200)
			.contains("1?2?[31m");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "a\nb" })
	void idsThatCannotBeShownAreRefused(String id) {
		assertThatIllegalArgumentException().isThrownBy(() -> new NodeEndpoint(id, "host", 1, Map.of()))
			.withMessageContaining("node id");
		assertThatIllegalArgumentException().isThrownBy(() -> new NodeEndpoint("x".repeat(201), "host", 1, Map.of()));
	}

	@ParameterizedTest
	@CsvSource({ "'', 1", "a b, 1", "a/b, 1", "[::1], 1", "a, 0", "a, 65536", "a, -1" })
	void addressesThatAreNoneAreRefused(String host, int port) {
		assertThatIllegalArgumentException().isThrownBy(() -> new NodeEndpoint("n", host, port, Map.of()))
			.withMessageStartingWith("node n, ");
	}

}
