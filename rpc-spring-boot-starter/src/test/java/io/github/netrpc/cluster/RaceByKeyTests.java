package io.github.netrpc.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.netrpc.RpcOptions;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.client.FakeFormat;
import io.github.netrpc.client.FakeTimer;
import io.github.netrpc.client.FakeTransport;
import io.github.netrpc.client.FakeTransport.Attempt;
import io.github.netrpc.client.FakeTransport.FakeConnection;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A race by {@code consistent-hash}: it asks the nodes to which calls of its key would
 * go, were those before them not there.
 */
@ExtendWith(OutputCaptureExtension.class)
class RaceByKeyTests {

	private static final List<String> NODES = List.of("a:1", "b:2", "c:3", "d:4");

	private final FakeTransport transport = new FakeTransport();

	private final FakeTimer timer = new FakeTimer();

	private final RpcChannel channel = RpcChannel.builder()
		.name("test")
		.target(String.join(",", NODES))
		.loadBalancer(ConsistentHashBalancer.NAME)
		.format(new FakeFormat())
		.transport(this.transport)
		.callbackExecutor(Runnable::run)
		.time(this.timer, Runnable::run, () -> 0.5)
		.build();

	private final RpcCluster<Service> cluster = this.channel.cluster(Service.class);

	private final Map<String, FakeConnection> connections = new TreeMap<>();

	@BeforeEach
	void connect() {
		this.channel.callAsync("S.M", "first", String.class);
		for (Attempt attempt : this.transport.attempts) {
			this.connections.put(attempt.address.getHostString() + ":" + attempt.address.getPort(), attempt.accept());
		}
		answer();
		assertThat(this.connections.keySet()).containsExactlyElementsOf(NODES);
	}

	@AfterEach
	void close() {
		this.channel.close();
	}

	/**
	 * Has the nodes answer what they were asked.
	 * @return which of them were asked
	 */
	private List<String> answer() {
		List<String> asked = new ArrayList<>();
		this.connections.forEach((name, connection) -> connection.requests().forEach((line) -> {
			asked.add(name);
			connection.receive(line.split(" ")[0] + " +ok " + name);
		}));
		return asked;
	}

	/**
	 * The nodes of a key: to which a call of it goes, to which it goes without that one,
	 * and so on.
	 */
	private static List<String> inTurn(String key) {
		List<String> order = new ArrayList<>();
		List<String> left = new ArrayList<>(NODES);
		while (!left.isEmpty()) {
			int picked = new ConsistentHashBalancer(() -> 0.5).pick(left.stream().map(FakeNode::new).toList(),
					FakeRequest.keyed(key));
			order.add(left.remove(picked));
		}
		return order;
	}

	private static Stream<String> keys() {
		return IntStream.range(0, 50).mapToObj((i) -> "key" + i);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 4 })
	void asksTheNextNodesOfItsKey(int runners, CapturedOutput output) {
		assertThat(keys()).allSatisfy((key) -> {
			CompletableFuture<String> race = this.cluster.withOptions(RpcOptions.NONE.hashKey(key))
				.raceAsync(runners, (node) -> node.mAsync("x"));
			List<String> expected = inTurn(key).subList(0, runners);
			assertThat(answer()).containsExactlyInAnyOrderElementsOf(expected);
			assertThat(expected).contains(race.join());
		});
		assertThat(output).doesNotContain("balancer");
	}

	@Test
	void callsOfTheKeyGoToTheFirstOfThem() {
		assertThat(keys()).allSatisfy((key) -> {
			this.channel.callAsync("S.M", "x", String.class, RpcOptions.NONE.hashKey(key));
			assertThat(answer()).containsExactly(inTurn(key).get(0));
		});
		// Else the test above compares little.
		assertThat(keys().map((key) -> inTurn(key)).distinct().count()).isGreaterThan(12);
	}

	@RpcService("S")
	interface Service {

		String m(String text);

		CompletableFuture<String> mAsync(String text);

	}

}
