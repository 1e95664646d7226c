package io.github.netrpc.cluster;

import java.net.InetSocketAddress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link StaticTarget}.
 */
class StaticTargetTests {

	@Test
	void nodesAreReadInOrderWithAndWithoutScheme() {
		InetSocketAddress first = InetSocketAddress.createUnresolved("127.0.0.1", 1234);
		InetSocketAddress second = InetSocketAddress.createUnresolved("node-2.example", 65535);
		assertThat(StaticTarget.parse("static://127.0.0.1:1234,node-2.example:65535")).containsExactly(first, second);
		assertThat(StaticTarget.parse("127.0.0.1:1234, node-2.example:65535")).containsExactly(first, second);
	}

	@Test
	void addressesOfVersion6StandInBrackets() {
		assertThat(StaticTarget.parse("[::1]:1234")).containsExactly(InetSocketAddress.createUnresolved("::1", 1234));
		assertThatIllegalArgumentException().isThrownBy(() -> StaticTarget.parse("::1:1234"))
			.withMessageContaining("brackets");
	}

	@ParameterizedTest
	@ValueSource(strings = { "dns://arith:1234", "discovery://arith", "etcd://arith" })
	void plannedSchemesAreRefusedAsSuch(String target) {
		assertThatIllegalArgumentException().isThrownBy(() -> StaticTarget.parse(target))
			.withMessageContaining("come later")
			.withMessageContaining(target);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "node", "node:", ":1234", "node:0", "node:65536", "node:+1", "node:x", "a:1,,b:2",
			"a:1,a:1", "a b:1", "a\n:1", "a/b:1", "ftp://a:1", "user@a:1" })
	void otherTargetsAreRefusedAndQuoted(String target) {
		assertThatIllegalArgumentException().isThrownBy(() -> StaticTarget.parse(target))
			.withMessageContaining("\"" + target + "\"");
	}

}
