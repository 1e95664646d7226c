package io.github.netrpc;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RpcOptions}.
 */
class RpcOptionsTests {

	@Test
	void optionsAreImmutable() {
		RpcOptions options = RpcOptions.NONE.metadata("tenant", "acme");
		assertThat(options.metadata("user", "u").metadata()).isEqualTo(Map.of("tenant", "acme", "user", "u"));
		assertThat(options.metadata()).isEqualTo(Map.of("tenant", "acme"));
		assertThat(RpcOptions.NONE.metadata()).isEmpty();
	}

	@Test
	void laterOptionsWin() {
		RpcOptions first = RpcOptions.NONE.timeout(Duration.ofSeconds(1)).node("a:1").metadata("k", "1");
		RpcOptions second = RpcOptions.NONE.timeout(Duration.ofSeconds(2)).noRetry().metadata("k", "2");
		assertThat(first.with(second))
			.isEqualTo(RpcOptions.NONE.timeout(Duration.ofSeconds(2)).node("a:1").metadata("k", "2").noRetry());
		assertThat(first.with(RpcOptions.NONE)).isSameAs(first);
		assertThat(RpcOptions.NONE.with(first)).isSameAs(first);
	}

	@Test
	void hashKeyIsKeptAndNotShown() {
		RpcOptions keyed = RpcOptions.NONE.hashKey("secret").node("a:1").noRetry();
		assertThat(keyed.timeout(Duration.ofSeconds(1)).metadata("k", "v").hashKey()).isEqualTo("secret");
		assertThat(RpcOptions.NONE.with(keyed)).isEqualTo(keyed);
		assertThat(keyed.with(RpcOptions.NONE.hashKey("other")).hashKey()).isEqualTo("other");
		assertThat(keyed.with(RpcOptions.NONE.noRetry()).hashKey()).isEqualTo("secret");
		assertThat(keyed).isNotEqualTo(RpcOptions.NONE.hashKey("other").node("a:1").noRetry())
			.hasToString("RpcOptions noRetry hashKey node=a:1");
	}

	@Test
	void valuesOfMetadataAreNotShown() {
		assertThat(RpcOptions.NONE.metadata("tenant", "secret").noRetry().node("a:1"))
			.hasToString("RpcOptions metadata=[tenant] noRetry node=a:1");
	}

	@Test
	void controlCharactersInMetadataAreRefusedWithoutRepeatingThem() {
		assertThatIllegalArgumentException().isThrownBy(() -> RpcOptions.NONE.metadata("a\nb", "x"))
			.withMessage("metadata: the key \"a\\u000ab\" has the control character U+000A at index 1");
		assertThatIllegalArgumentException().isThrownBy(() -> RpcOptions.NONE.metadata("key", "secret\u0085"))
			.withMessage("metadata: the value of \"key\" has the control character U+0085 at index 6");
	}

	@ParameterizedTest
	@ValueSource(strings = { "connection", "Drain" })
	void keysOfTheProtocolAreRefused(String key) {
		assertThatIllegalArgumentException().isThrownBy(() -> RpcOptions.NONE.metadata(key, "x"))
			.withMessageContaining("the key \"" + key + "\" is the protocol's own");
	}

	@Test
	void tooMuchMetadataIsRefused() {
		RpcOptions half = RpcOptions.NONE.metadata("a", "x".repeat(5_000));
		assertThatIllegalArgumentException().isThrownBy(() -> half.metadata("b", "x".repeat(5_000)))
			.withMessage("metadata: 10002 characters in 2 entries (limit: 8192)");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> half.with(RpcOptions.NONE.metadata("b", "x".repeat(5_000))))
			.withMessageContaining("limit: 8192");
		RpcOptions many = RpcOptions.NONE;
		for (int i = 0; i < 64; i++) {
			many = many.metadata("k" + i, "");
		}
		RpcOptions full = many;
		assertThatIllegalArgumentException().isThrownBy(() -> full.metadata("one more", ""))
			.withMessage("metadata: 65 entries (limit: 64)");
	}

	@Test
	void unusableValuesAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> RpcOptions.NONE.timeout(Duration.ZERO))
			.withMessage("timeout: PT0S (expected: more than 0)");
		assertThatIllegalArgumentException().isThrownBy(() -> RpcOptions.NONE.node(""));
		assertThatIllegalArgumentException().isThrownBy(() -> RpcOptions.NONE.metadata("", "x"));
	}

	@Test
	void onlyProxiesOfClientsHaveVariants() {
		assertThatIllegalArgumentException().isThrownBy(() -> RpcOptions.of("text"))
			.withMessageContaining("java.lang.String")
			.withMessageContaining("expected: the proxy of an RPC client");
	}

}
