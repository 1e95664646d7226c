package io.github.netrpc.cluster;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link StaticDirectory} and {@link TargetUri}.
 */
class StaticDirectoryTests {

	private static List<NodeEndpoint> nodes(String target) {
		List<NodeEndpoint> listed = new ArrayList<>();
		StaticDirectory.of(target).watch(new NodeDirectory.Listener() {

			@Override
			public void nodes(List<NodeEndpoint> nodes) {
				listed.addAll(nodes);
			}

			@Override
			public void failed(String reason, @Nullable Throwable cause) {
				throw new AssertionError(reason, cause);
			}

		});
		return listed;
	}

	@Test
	void nodesAreReadInOrderWithAndWithoutScheme() {
		NodeEndpoint first = NodeEndpoint.of("127.0.0.1", 1234);
		NodeEndpoint second = NodeEndpoint.of("node-2.example", 65535);
		assertThat(nodes("static://127.0.0.1:1234,node-2.example:65535")).containsExactly(first, second);
		assertThat(nodes("127.0.0.1:1234, node-2.example:65535")).containsExactly(first, second);
		assertThat(first.id()).isEqualTo("127.0.0.1:1234");
	}

	@Test
	void addressesOfVersion6StandInBrackets() {
		assertThat(nodes("[::1]:1234")).containsExactly(NodeEndpoint.of("::1", 1234));
		assertThat(nodes("[::1]:1234").get(0).id()).isEqualTo("[::1]:1234");
		assertThatIllegalArgumentException().isThrownBy(() -> nodes("::1:1234")).withMessageContaining("brackets");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "node", "node:", ":1234", "node:0", "node:65536", "node:+1", "node:x", "a:1,,b:2",
			"a:1,a:1", "a b:1", "a\n:1", "a/b:1", "user@a:1", "FTP://a:1", "://a:1", "a:1?x", "a:1?x=1&x=2",
			"a:1?x=1" })
	void otherTargetsAreRefusedAndQuoted(String target) {
		assertThatIllegalArgumentException().isThrownBy(() -> nodes(target))
			.withMessageContaining("\"" + target + "\"");
	}

	@Test
	void targetHasASchemeALocationAndParameters() {
		TargetUri target = TargetUri.parse("etcd://a:1,b:2/rpc/arith?user=x&interval=5s");
		assertThat(target.scheme()).isEqualTo("etcd");
		assertThat(target.location()).isEqualTo("a:1,b:2/rpc/arith");
		assertThat(target.parameters().toString()).isEqualTo("{user=x, interval=5s}");
		assertThat(TargetUri.parse("discovery://arith").parameters()).isEmpty();
	}

	@Test
	void unknownSchemeIsRefusedWithThoseThatThereAre() {
		assertThatIllegalArgumentException().isThrownBy(() -> RpcChannel.builder().target("ftp://a:1").build())
			.withMessageContaining("target \"ftp://a:1\": no directory has the scheme \"ftp\" (expected: ")
			.withMessageContaining("static://")
			.withMessageContaining("discovery:// needs Spring Cloud")
			.withMessageContaining("etcd://");
	}

}
