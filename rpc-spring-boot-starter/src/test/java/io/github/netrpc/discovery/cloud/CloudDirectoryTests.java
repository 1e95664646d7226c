package io.github.netrpc.discovery.cloud;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;

import io.github.netrpc.client.FakeTimer;
import io.github.netrpc.cluster.DirectoryContext;
import io.github.netrpc.cluster.NodeDirectory;
import io.github.netrpc.cluster.NodeEndpoint;
import io.github.netrpc.cluster.TargetUri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link CloudDirectoryProvider}: the clock is the test's, look-ups run at
 * once.
 */
@ExtendWith(OutputCaptureExtension.class)
class CloudDirectoryTests {

	private final FakeClient client = new FakeClient();

	private final FakeTimer timer = new FakeTimer();

	private final CloudDirectoryProvider provider = new CloudDirectoryProvider(() -> this.client,
			Duration.ofSeconds(3));

	private final List<List<NodeEndpoint>> lists = new ArrayList<>();

	private final List<String> failures = new ArrayList<>();

	private NodeDirectory watch(CloudDirectoryProvider provider, @Nullable Duration refresh) {
		NodeDirectory directory = provider.create(TargetUri.parse("discovery://arith"),
				new DirectoryContext("test", this.timer, () -> 0.5, Runnable::run, refresh));
		directory.watch(new NodeDirectory.Listener() {

			@Override
			public void nodes(List<NodeEndpoint> nodes) {
				CloudDirectoryTests.this.lists.add(nodes);
			}

			@Override
			public void failed(String reason, @Nullable Throwable cause) {
				CloudDirectoryTests.this.failures.add(reason);
			}

		});
		return directory;
	}

	private NodeDirectory watch() {
		return watch(this.provider, null);
	}

	@Test
	void metadataNamesThePort() {
		this.client.with("a", "10.0.0.7", 8080, Map.of("rpc-port", "1234", "rpc-tags", "gpu", "zone", "b"));
		watch();
		assertThat(this.lists).containsExactly(List
			.of(new NodeEndpoint("a", "10.0.0.7", 1234, Map.of("rpc-port", "1234", "rpc-tags", "gpu", "zone", "b"))));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "0", "70000", "http" })
	void portThatCannotBeReadIsTheInstances(String port) {
		this.client.with("a", "10.0.0.7", 8080, Map.of("rpc-port", port));
		watch();
		assertThat(this.lists.get(0)).extracting(NodeEndpoint::address).containsExactly("10.0.0.7:8080");
	}

	@Test
	void instanceWithoutIdHasItsAddress() {
		this.client.with(null, "10.0.0.7", 8080, Map.of()).with(" ", "[::1]", 8081, Map.of("rpc-port", "9"));
		watch();
		assertThat(this.lists.get(0)).extracting(NodeEndpoint::id).containsExactly("10.0.0.7:8080", "[::1]:9");
		assertThat(this.lists.get(0)).extracting(NodeEndpoint::host).containsExactly("10.0.0.7", "::1");
	}

	@Test
	void metadataWithoutValuesIsLeftOut() {
		Map<String, String> metadata = new HashMap<>();
		metadata.put("empty", null);
		this.client.with("a", "10.0.0.7", 8080, metadata);
		watch();
		assertThat(this.lists.get(0).get(0).metadata()).isEmpty();
	}

	@Test
	void instanceThatCanBeNoNodeIsLeftOut(CapturedOutput output) {
		this.client.with("a", "10.0.0.7", 8080, Map.of()).with("bad", "10.0.0.8", 0, Map.of());
		watch();
		this.timer.advance(Duration.ofSeconds(7));
		assertThat(this.lists).hasSize(3)
			.allSatisfy((nodes) -> assertThat(nodes).extracting(NodeEndpoint::id).containsExactly("a"));
		assertThat(output).containsOnlyOnce("Channel test: discovery://arith lists instances that can be no nodes: "
				+ "node bad, port: 0 (expected: 1 to 65535)");
	}

	@Test
	void listOfNothingButBadInstancesIsAFailure() {
		this.client.with("bad", "10.0.0.8", 0, Map.of());
		watch();
		assertThat(this.lists).isEmpty();
		assertThat(this.failures)
			.containsExactly("none of 1 instances can be a node, such as node bad, port: 0 (expected: 1 to 65535)");
	}

	@Test
	void serviceWithoutInstancesIsAnEmptyAnswer() {
		watch();
		assertThat(this.lists).containsExactly(List.of());
		assertThat(this.failures).isEmpty();
	}

	@Test
	void clientThatThrowsIsAFailure() {
		this.client.failure = new IllegalStateException("connection refused");
		watch();
		assertThat(this.lists).isEmpty();
		assertThat(this.failures).containsExactly("connection refused");
	}

	@Test
	void withoutClientTheFailureNamesWhatIsMissing() {
		watch(new CloudDirectoryProvider(() -> null, Duration.ofSeconds(3)), null);
		assertThat(this.failures).singleElement()
			.asString()
			.contains("no DiscoveryClient", "spring-cloud-starter-consul-discovery");
	}

	@Test
	void asksEveryThreeSeconds() {
		watch();
		this.timer.advance(Duration.ofMillis(2_999));
		assertThat(this.client.lookups).isEqualTo(1);
		this.timer.advance(Duration.ofMillis(1));
		assertThat(this.client.lookups).isEqualTo(2);
	}

	@Test
	void channelsOwnIntervalWins() {
		watch(this.provider, Duration.ofSeconds(1));
		this.timer.advance(Duration.ofSeconds(1));
		assertThat(this.client.lookups).isEqualTo(2);
	}

	@Test
	void heartbeatAsksAtOnceIfItsValueHasChanged() {
		CloudHeartbeatListener heartbeats = new CloudHeartbeatListener(this.provider);
		heartbeats.onApplicationEvent(new HeartbeatEvent(this, 7L));
		watch();
		this.timer.advance(Duration.ofSeconds(1));
		heartbeats.onApplicationEvent(new HeartbeatEvent(this, 7L));
		this.timer.advance(Duration.ZERO);
		assertThat(this.client.lookups).isEqualTo(1);
		heartbeats.onApplicationEvent(new HeartbeatEvent(this, 8L));
		this.timer.advance(Duration.ZERO);
		assertThat(this.client.lookups).isEqualTo(2);
	}

	@Test
	void heartbeatsInARowDoNotFloodTheRegistry() {
		CloudHeartbeatListener heartbeats = new CloudHeartbeatListener(this.provider);
		watch();
		for (int i = 0; i < 100; i++) {
			heartbeats.onApplicationEvent(new HeartbeatEvent(this, i));
			this.timer.advance(Duration.ofMillis(10));
		}
		assertThat(this.client.lookups).isBetween(2, 4);
	}

	@Test
	void closedDirectoryIsForgotten() {
		NodeDirectory directory = watch();
		directory.close();
		this.provider.refresh();
		this.timer.advance(Duration.ofSeconds(10));
		assertThat(this.client.lookups).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "discovery://", "discovery://arith/x", "discovery://arith?zone=b" })
	void targetIsTheNameOfAServiceOnly(String target) {
		DirectoryContext context = new DirectoryContext("test", this.timer, () -> 0.5, Runnable::run, null);
		assertThatIllegalArgumentException().isThrownBy(() -> this.provider.create(TargetUri.parse(target), context))
			.withMessageContaining(target)
			.withMessageContaining("discovery://service");
	}

}
