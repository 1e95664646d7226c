package io.github.netrpc.discovery.etcd;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.cluster.TargetUri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class EtcdTargetTests {

	private static final EtcdSettings SET = EtcdSettings.DEFAULT.withEndpoints(List.of("etcd1:2379"));

	private static EtcdTarget target(String text) {
		return EtcdTarget.of(TargetUri.parse(text), SET);
	}

	@Test
	void endpointsOfTheTargetWin() {
		EtcdTarget target = target("etcd://a:1,[::1]:2/arith");
		assertThat(target.settings().endpoints()).containsExactly("a:1", "[::1]:2");
		assertThat(target.keys()).isEqualTo("/netrpc/arith/");
	}

	@Test
	void targetWithoutEndpointsUsesThoseThatAreSet() {
		assertThat(target("etcd://arith").settings().endpoints()).containsExactly("etcd1:2379");
	}

	@Test
	void prefixOfTheTargetWins() {
		assertThat(target("etcd://arith?prefix=/test/").keys()).isEqualTo("/test/arith/");
	}

	@ParameterizedTest
	@ValueSource(strings = { "etcd://", "etcd://a:1", "etcd://a:1/", "etcd://a:1/b/c", "etcd://a/arith",
			"etcd:///arith", "etcd://a:1,a:1/arith", "etcd://arith?prefix=/test", "etcd://arith?user=me" })
	void malformedTargetIsNamed(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> target(text)).withMessageContaining(text);
	}

	@Test
	void targetWithoutAnyEndpointsNamesTheProperty() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> EtcdTarget.of(TargetUri.parse("etcd://arith"), EtcdSettings.DEFAULT))
			.withMessageContaining("rpc.discovery.etcd.endpoints");
	}

	@Test
	void passwordIsNotPrinted() {
		assertThat(SET.withLogin("rpc", "secret").toString()).doesNotContain("secret");
	}

}
