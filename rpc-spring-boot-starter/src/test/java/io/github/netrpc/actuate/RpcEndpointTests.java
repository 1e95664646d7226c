package io.github.netrpc.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.jackson.EndpointJsonMapper;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.github.netrpc.RpcOptions;
import io.github.netrpc.client.FakeFormat;
import io.github.netrpc.client.FakeTimer;
import io.github.netrpc.client.FakeTransport;
import io.github.netrpc.client.FakeTransport.Attempt;
import io.github.netrpc.client.FakeTransport.FakeConnection;
import io.github.netrpc.client.HedgingPolicy;
import io.github.netrpc.cluster.NodeDirectory;
import io.github.netrpc.cluster.NodeEndpoint;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.SimulatedChannels;
import io.github.netrpc.context.RpcChannelRegistry;
import io.github.netrpc.work.EventfulJob;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the endpoint shows of a channel to which something has happened: each figure has a
 * value of its own, so that none can stand in the place of another. Four nodes whose
 * bytes the test reads and writes, and a clock that it moves.
 */
class RpcEndpointTests {

	private static final List<NodeEndpoint> NODES = Stream.of("a", "b", "c", "d")
		.map((name) -> new NodeEndpoint("node-" + name, name, 1234,
				name.equals("b") ? Map.of("rpc-tags", "gpu", "rpc-weight", "2.5") : Map.of()))
		.toList();

	private final FakeTransport transport = new FakeTransport();

	private final FakeTimer timer = new FakeTimer();

	private final ChangingDirectory directory = new ChangingDirectory();

	private final RpcChannel channel = SimulatedChannels.build(RpcChannel.builder()
		.name("arith")
		.directory(this.directory)
		.loadBalancer((nodes, request) -> 0)
		.slowStart(Duration.ZERO)
		.idempotent("Arith.Add")
		.hedging(new HedgingPolicy(0.95, Duration.ofMillis(1), 1, 1, 20, Set.of()))
		.format(new FakeFormat())
		.transport(this.transport)
		.callbackExecutor(Runnable::run), this.timer, Runnable::run, () -> 0.5);

	private final RpcChannelRegistry channels = new RpcChannelRegistry((name) -> this.channel);

	private final RpcEndpoint endpoint = new RpcEndpoint(null, this.channels, null);

	private final Map<String, FakeConnection> connections = new HashMap<>();

	@BeforeEach
	void connect() {
		this.channels.channel("arith");
		call();
		this.directory.listener.nodes(NODES);
		call();
		for (Attempt attempt : this.transport.attempts) {
			this.connections.put(attempt.address.getHostString(), attempt.accept());
		}
		this.connections.values().forEach((node) -> {
			node.greet(true);
			answer(node);
		});
	}

	@AfterEach
	void close() {
		this.channels.destroy();
	}

	private void call() {
		this.channel.callAsync("Arith.Add", "x", String.class);
	}

	private void advance(int millis) {
		this.timer.advance(Duration.ofMillis(millis));
	}

	private FakeConnection node(String name) {
		return this.connections.get(name);
	}

	private static void answer(FakeConnection node) {
		node.requests().forEach((line) -> node.receive(line.split(" ")[0] + " +ok x"));
	}

	private JsonNode shown() {
		JsonNode[] shown = new JsonNode[1];
		// As Actuator writes it.
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(JacksonEndpointAutoConfiguration.class))
			.run((context) -> {
				JsonMapper mapper = context.getBean(EndpointJsonMapper.class).get();
				shown[0] = mapper.readTree(mapper.writeValueAsString(this.endpoint.part("channels", "arith")));
			});
		return shown[0];
	}

	/**
	 * Calls that take 10 ms, then some that take longer, which a second node is asked
	 * for.
	 * @param won how many the second node answers first
	 * @param lost how many the first one does
	 */
	private void hedge(int won, int lost) {
		for (int i = 0; i < 200; i++) {
			call();
			advance(10);
			answer(node("a"));
		}
		advance(500);
		for (int i = 0; i < won + lost; i++) {
			call();
			advance(12);
			answer(node((i < won) ? "b" : "a"));
			answer(node((i < won) ? "a" : "b"));
		}
	}

	/**
	 * Calls that the first node has no room for, and the second one answers.
	 */
	private void retry(int retries) {
		for (int i = 0; i < retries; i++) {
			this.channel.callAsync("Arith.Sub", "x", String.class);
			node("a").receive(node("a").seq() + " +coded RESOURCE_EXHAUSTED NOT_RUN full");
			advance(1_000);
			answer(node("b"));
			answer(node("a"));
		}
	}

	private void eject(String name) {
		for (int i = 0; i < 5; i++) {
			this.channel.callAsync("Arith.Sub", "x", String.class, RpcOptions.NONE.node("node-" + name).noRetry());
			node(name).receive(node(name).seq() + " +coded DEADLINE_EXCEEDED MAYBE_RAN late");
		}
	}

	private void times(int times, Runnable task) {
		for (int i = 0; i < times; i++) {
			task.run();
		}
	}

	@Test
	void eachFigureOfAChannelIsInItsPlace() {
		hedge(3, 2);
		retry(1);
		times(6, () -> this.directory.listener.nodes(NODES));
		eject("c");
		advance(3_000);
		eject("d");
		advance(500);
		times(9, () -> this.directory.listener.nodes(List.of()));
		times(8, () -> this.directory.listener.failed("no such name", null));
		Instant failed = this.timer.now();
		advance(500);
		this.channel.callAsync("Arith.Sub", "x", String.class, RpcOptions.NONE.node("node-b"));

		JsonNode shown = shown();
		assertThat(shown.get("name").asString()).isEqualTo("arith");
		assertThat(shown.get("inFlight").asInt()).isOne();
		assertThat(shown.get("ejections").asInt()).isEqualTo(2);
		assertThat(shown.get("retries").asInt()).isOne();
		assertThat(shown.get("picks").asInt()).isEqualTo((int) this.channel.picks()).isGreaterThan(50);
		assertThat(shown.get("hedging").toString())
			.isEqualTo("{\"hedges\":5,\"won\":3,\"waits\":{\"Arith.Add\":\"PT0.01048576S\"}}");
		assertThat(shown.get("directory").toString()).isEqualTo("{\"age\":\"PT4S\",\"answers\":7,\"emptyAnswers\":9,"
				+ "\"failures\":8,\"lastFailure\":\"no such name\",\"lastFailureTime\":\"" + failed + "\"}");
		assertThat(nodes(shown, "id")).containsExactly("node-a", "node-b", "node-c", "node-d");
		assertThat(nodes(shown, "address")).containsExactly("a:1234", "b:1234", "c:1234", "d:1234");
		assertThat(nodes(shown, "circuit")).containsExactly("CLOSED", "CLOSED", "HALF_OPEN", "OPEN");
		assertThat(nodes(shown, "state")).containsOnly("READY");
		assertThat(nodes(shown, "weight")).containsExactly("1.0", "2.5", "1.0", "1.0");
		assertThat(nodes(shown, "inFlight")).containsExactly("0", "1", "0", "0");
		assertThat(shown.get("nodes").get(1).get("tags").toString()).isEqualTo("[\"gpu\"]");
	}

	@Test
	void eachFigureOfAJobIsInItsPlace() {
		EventfulJob.begin("sums", this.channel.jobRegistry());
		JsonNode job = shown().get("jobs").get(0);
		assertThat(job.get("id").asString()).isEqualTo("eventful");
		assertThat(job.get("name").asString()).isEqualTo("sums");
		assertThat(job.get("state").asString()).isEqualTo("RUNNING");
		assertThat(job.get("total").asInt()).isEqualTo(EventfulJob.TOTAL);
		assertThat(job.get("completed").asInt()).isEqualTo(EventfulJob.COMPLETED);
		assertThat(job.get("running").asInt()).isEqualTo(EventfulJob.RUNNING);
		assertThat(job.get("reassigned").asInt()).isEqualTo(EventfulJob.REASSIGNED);
		assertThat(job.get("refused").asInt()).isEqualTo(EventfulJob.REFUSED);
		assertThat(job.get("speculated").asInt()).isEqualTo(EventfulJob.SPECULATED);
		assertThat(job.get("late").asInt()).isEqualTo(EventfulJob.LATE);
		assertThat(job.get("parked").asInt()).isEqualTo(EventfulJob.PARKED);
		assertThat(ofNodes(job, "completed")).isEqualTo(EventfulJob.COMPLETED);
		assertThat(ofNodes(job, "running")).isEqualTo(EventfulJob.RUNNING);
		assertThat(ofNodes(job, "reassigned")).isEqualTo(EventfulJob.REASSIGNED);
		assertThat(ofNodes(job, "refused")).isEqualTo(EventfulJob.REFUSED);
		assertThat(ofNodes(job, "speculated")).isEqualTo(EventfulJob.SPECULATED);
	}

	private static int ofNodes(JsonNode job, String figure) {
		return job.get("nodes").valueStream().mapToInt((node) -> node.get(figure).asInt()).sum();
	}

	private static List<String> nodes(JsonNode channel, String figure) {
		return channel.get("nodes").valueStream().map((node) -> node.get(figure).asString()).toList();
	}

	@Test
	void ofAChannelToWhichNothingHasHappenedThereIsLittle() {
		JsonNode shown = shown();
		assertThat(shown.get("ejections").asInt()).isZero();
		assertThat(shown.get("hedging").toString()).isEqualTo("{\"hedges\":0,\"won\":0,\"waits\":{}}");
		assertThat(shown.get("directory").toString())
			.isEqualTo("{\"age\":\"PT0S\",\"answers\":1,\"emptyAnswers\":0,\"failures\":0}");
		assertThat(nodes(shown, "circuit")).containsOnly("CLOSED");
		assertThat(this.endpoint.part("channels", "other")).isNull();
		assertThat(this.endpoint.part("services", "arith")).isNull();
		assertThat(this.endpoint.rpc().channels()).singleElement().isEqualTo(this.endpoint.part("channels", "arith"));
	}

	/**
	 * A directory of the test's.
	 */
	private static final class ChangingDirectory implements NodeDirectory {

		private Listener listener;

		@Override
		public void watch(Listener listener) {
			this.listener = listener;
		}

		@Override
		public void close() {
		}

	}

}
