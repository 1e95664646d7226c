package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.RpcOptions;
import io.github.netrpc.client.CircuitState;
import io.github.netrpc.client.FakeFormat;
import io.github.netrpc.client.FakeTimer;
import io.github.netrpc.client.FakeTransport;
import io.github.netrpc.client.FakeTransport.Attempt;
import io.github.netrpc.client.FakeTransport.FakeConnection;
import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.client.NodeState;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whole channels whose nodes fail, in time that the test moves: callers that each make
 * one call after the other, nodes that answer after five milliseconds or as the test
 * says.
 */
class EjectionTests {

	private static final Duration TIMEOUT = Duration.ofMillis(500);

	private static final String ABCD = "a:1,b:1,c:1,d:1";

	private final FakeTransport transport = new FakeTransport();

	private final FakeTimer timer = new FakeTimer();

	private final SplittableRandom random = new SplittableRandom(5);

	private final Map<String, Node> nodes = new HashMap<>();

	private final List<NodeView> views = new ArrayList<>();

	private RpcChannel channel;

	private Duration timeout = TIMEOUT;

	private int connected;

	private int ended;

	private int failed;

	private void start(String target, String balancer) {
		start(RpcChannel.builder().target(target).loadBalancer(balancer));
	}

	private void start(RpcChannelBuilder builder) {
		this.channel = SimulatedChannels.build(builder.name("test")
			.slowStart(Duration.ofSeconds(5))
			.format(new FakeFormat())
			.transport(this.transport)
			.callbackExecutor(Runnable::run), this.timer, Runnable::run, this.random::nextDouble);
		call(RpcOptions.NONE);
		advance(50);
		assertThat(this.channel.nodes()).allMatch((node) -> node.state() == NodeState.READY);
		this.nodes.values().forEach((node) -> node.calls = 0);
	}

	@AfterEach
	void everyCallHasEnded() {
		if (this.channel == null) {
			return;
		}
		advance(11_000);
		assertThat(this.channel.inFlight()).isZero();
		assertThat(this.views).allMatch((view) -> view.inFlight() == 0);
		this.channel.close();
	}

	private Node node(String name) {
		return this.nodes.computeIfAbsent(name, Node::new);
	}

	/**
	 * Moves the time, millisecond by millisecond, and lets nodes work.
	 */
	private void advance(int millis) {
		for (int i = 0; i < millis; i++) {
			accept();
			this.nodes.values().forEach(Node::work);
			this.timer.advance(Duration.ofMillis(1));
		}
	}

	private void accept() {
		while (this.connected < this.transport.attempts.size()) {
			Attempt attempt = this.transport.attempts.get(this.connected++);
			node(attempt.address.getHostString()).connect(attempt);
		}
	}

	private CompletableFuture<String> call(RpcOptions options) {
		return this.channel.callAsync("S.M", "x", String.class, options.timeout(this.timeout));
	}

	/**
	 * Has callers call for a while. All nodes forget what was called before.
	 */
	private void load(int callers, int millis) {
		this.nodes.values().forEach((node) -> node.calls = 0);
		this.ended = 0;
		this.failed = 0;
		long stopNanos = this.timer.nanoTime() + Duration.ofMillis(millis).toNanos();
		for (int i = 0; i < callers; i++) {
			callAgain(stopNanos);
		}
		advance(millis);
	}

	// Each load has a stop of its own: its last calls end while the next one calls.
	private void callAgain(long stopNanos) {
		if (this.timer.nanoTime() < stopNanos) {
			call(RpcOptions.NONE).whenComplete((value, failure) -> {
				this.ended++;
				this.failed += (failure != null) ? 1 : 0;
				this.timer.schedule(() -> callAgain(stopNanos), 1);
			});
		}
	}

	private double share(String name) {
		return (double) node(name).calls / this.nodes.values().stream().mapToInt((node) -> node.calls).sum();
	}

	private CircuitState circuit(String name) {
		return snapshot(name).circuit();
	}

	private NodeSnapshot snapshot(String name) {
		return this.channel.nodes()
			.stream()
			.filter((node) -> node.address().startsWith(name + ":"))
			.findFirst()
			.orElseThrow();
	}

	private long ejected() {
		return this.channel.nodes().stream().filter((node) -> node.circuit() != CircuitState.CLOSED).count();
	}

	@ParameterizedTest
	@ValueSource(strings = { "least-loaded", "round-robin" })
	void nodeThatAlwaysFailsGetsNearlyNoCallsAndComesBack(String balancer) {
		start(ABCD, balancer);
		load(6, 2_000);
		assertThat(share("b")).isBetween(0.15, 0.35);
		node("b").behaviour = Behaviour.FAILS;
		load(6, 1_000);
		assertThat(circuit("b")).isNotEqualTo(CircuitState.CLOSED);
		load(6, 12_000);
		assertThat(share("b")).isLessThanOrEqualTo(0.01);
		assertThat(ejected()).isEqualTo(1);
		assertThat(this.channel.ejections()).isEqualTo(1);
		node("b").behaviour = Behaviour.ANSWERS;
		load(6, 15_000);
		assertThat(circuit("b")).isEqualTo(CircuitState.CLOSED);
		assertThat(node("b").calls).isGreaterThan(10);
		assertThat(this.failed).isZero();
		load(6, 5_000);
		load(6, 2_000);
		assertThat(share("b")).isBetween(0.15, 0.35);
	}

	@Test
	void nodeThatDoesNotAnswerCallsIsEjectedWhenTheyTimeOut() {
		start(ABCD, "least-loaded");
		load(6, 2_000);
		node("b").behaviour = Behaviour.SILENT;
		load(6, 1_000);
		load(6, 12_000);
		assertThat(share("b")).isLessThanOrEqualTo(0.01);
		node("b").behaviour = Behaviour.ANSWERS;
		load(6, 15_000);
		assertThat(circuit("b")).isEqualTo(CircuitState.CLOSED);
		assertThat(node("b").calls).isGreaterThan(10);
	}

	@Test
	void slowNodeGetsFewCallsAndIsNotEjected() {
		start("a:1,b:1,c:1", "least-loaded");
		node("b").millis = 50;
		load(6, 2_000);
		load(6, 10_000);
		assertThat(share("b")).isBetween(0.0001, 0.12);
		assertThat(this.channel.ejections()).isZero();
		assertThat(snapshot("b").latency()).isGreaterThan(snapshot("a").latency());
		node("b").millis = 5;
		load(6, 10_000);
		load(6, 2_000);
		assertThat(share("b")).isBetween(0.2, 0.45);
	}

	@Test
	void neverMoreThanHalfAreEjected() {
		start(ABCD, "least-loaded");
		List.of("a", "b", "c", "d").forEach((name) -> node(name).behaviour = Behaviour.FAILS);
		for (int i = 0; i < 100; i++) {
			load(4, 100);
			assertThat(ejected()).isLessThanOrEqualTo(2);
		}
		assertThat(ejected()).isEqualTo(2);
		List.of("a", "b", "c", "d").forEach((name) -> node(name).behaviour = Behaviour.ANSWERS);
		load(4, 12_000);
		assertThat(ejected()).isZero();
	}

	@Test
	void onlyNodeIsNeverEjected() {
		start("a:1", "least-loaded");
		node("a").behaviour = Behaviour.FAILS;
		load(4, 2_000);
		assertThat(circuit("a")).isEqualTo(CircuitState.CLOSED);
		assertThat(node("a").calls).isGreaterThan(500);
		// Nobody asks for figures of the only node there will ever be.
		assertThat(this.channel.picks()).isZero();
		assertThat(snapshot("a").latency()).isZero();
	}

	@Test
	void lastConnectedNodeIsNeverEjected() {
		start("a:1,b:1", "least-loaded");
		node("b").behaviour = Behaviour.REFUSES_CONNECTIONS;
		node("b").connection.lose();
		node("a").behaviour = Behaviour.FAILS;
		load(4, 2_000);
		assertThat(circuit("a")).isEqualTo(CircuitState.CLOSED);
		assertThat(node("a").calls).isGreaterThan(500);
	}

	@Test
	void ejectedNodeIsCalledWhenNoOtherIsLeft() {
		start("a:1,b:1", "least-loaded");
		node("a").behaviour = Behaviour.FAILS;
		load(8, 1_000);
		assertThat(circuit("a")).isEqualTo(CircuitState.OPEN);
		node("a").behaviour = Behaviour.ANSWERS;
		node("b").behaviour = Behaviour.REFUSES_CONNECTIONS;
		node("b").connection.lose();
		load(8, 500);
		assertThat(node("a").calls).isGreaterThan(100);
		assertThat(this.failed).isZero();
	}

	@Test
	void drainIsNoFailure() {
		start(ABCD, "round-robin");
		node("b").behaviour = Behaviour.DRAINS;
		load(6, 5_000);
		assertThat(this.channel.ejections()).isZero();
		node("b").behaviour = Behaviour.ANSWERS;
		// It is connected to again after a while.
		load(6, 12_000);
		assertThat(this.channel.ejections()).isZero();
		assertThat(share("b")).isGreaterThan(0.15);
	}

	@Test
	void lostConnectionsOfARestartAreNoReasonToEject() {
		start(ABCD, "round-robin");
		for (int restart = 0; restart < 4; restart++) {
			load(20, 500);
			node("b").connection.lose();
			load(20, 500);
		}
		assertThat(this.channel.ejections()).isZero();
	}

	@Test
	void oneCallIsTheTrial() {
		start(ABCD, "least-loaded");
		node("b").behaviour = Behaviour.FAILS;
		load(6, 1_000);
		node("b").behaviour = Behaviour.SILENT;
		load(6, 1_900);
		assertThat(node("b").calls).isZero();
		load(6, 400);
		assertThat(node("b").calls).isOne();
		assertThat(circuit("b")).isEqualTo(CircuitState.HALF_OPEN);
		// The trial times out.
		load(6, 300);
		assertThat(node("b").calls).isZero();
		assertThat(circuit("b")).isEqualTo(CircuitState.OPEN);
	}

	/**
	 * The call on trial is never answered, though the node is well again from then on.
	 */
	@ParameterizedTest
	@CsvSource({ "least-loaded, 8", "least-loaded, 10", "round-robin, 8", "round-robin, 10" })
	void nodeWhoseTrialIsStuckIsBackBeforeThatHasTimedOut(String balancer, int timeoutSeconds) {
		start(ABCD, balancer);
		this.timeout = Duration.ofSeconds(timeoutSeconds);
		node("b").behaviour = Behaviour.FAILS;
		load(6, 1_000);
		node("b").behaviour = Behaviour.SILENT;
		load(6, 2_500);
		assertThat(node("b").calls).isOne();
		assertThat(circuit("b")).isEqualTo(CircuitState.HALF_OPEN);
		node("b").behaviour = Behaviour.ANSWERS;
		load(6, 3_100);
		assertThat(circuit("b")).isEqualTo(CircuitState.CLOSED);
		// Past the end of the trial, and of the slow start.
		load(6, timeoutSeconds * 1_000);
		assertThat(circuit("b")).isEqualTo(CircuitState.CLOSED);
		load(6, 1_000);
		assertThat(share("b")).isBetween(0.15, 0.35);
		assertThat(this.channel.ejections()).isOne();
	}

	/**
	 * All handlers of the node are stuck, and stay so when it is well again.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 8, 10 })
	void nodeWhoseHandlersAreStuckHasItsShareInTimeAgain(int timeoutSeconds) {
		start(ABCD, "round-robin");
		this.timeout = Duration.ofSeconds(timeoutSeconds);
		node("b").behaviour = Behaviour.SILENT;
		load(24, 1_000);
		load(24, timeoutSeconds * 1_000);
		assertThat(circuit("b")).isNotEqualTo(CircuitState.CLOSED);
		load(24, 3_000);
		assertThat(node("b").calls).isBetween(1, 2);
		node("b").behaviour = Behaviour.ANSWERS;
		load(24, 10_000);
		assertThat(circuit("b")).isEqualTo(CircuitState.CLOSED);
		load(24, 5_000);
		assertThat(share("b")).isBetween(0.15, 0.35);
	}

	@Test
	void callThatNamesAnEjectedNodeReachesIt() {
		start(ABCD, "least-loaded");
		node("b").behaviour = Behaviour.FAILS;
		load(6, 1_000);
		node("b").behaviour = Behaviour.ANSWERS;
		CompletableFuture<String> call = call(RpcOptions.NONE.node("b:1"));
		advance(10);
		assertThat(call).isCompletedWithValue("from b");
		// That it works is for the trial to say.
		assertThat(circuit("b")).isEqualTo(CircuitState.OPEN);
	}

	@Test
	void callsOfOneKeyStayTogether() {
		start(ABCD, "consistent-hash");
		List<CompletableFuture<String>> calls = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			calls.add(call(RpcOptions.NONE.hashKey("acme")));
			advance(10);
		}
		assertThat(calls.stream().map(CompletableFuture::join)).containsOnly(calls.get(0).join());
		String home = calls.get(0).join().substring(5);
		node(home).behaviour = Behaviour.FAILS;
		load(6, 1_000);
		CompletableFuture<String> elsewhere = call(RpcOptions.NONE.hashKey("acme"));
		advance(10);
		assertThat(elsewhere.join()).isNotEqualTo("from " + home);
		node(home).behaviour = Behaviour.ANSWERS;
		load(6, 15_000);
		CompletableFuture<String> back = call(RpcOptions.NONE.hashKey("acme"));
		advance(10);
		assertThat(back).isCompletedWithValue("from " + home);
	}

	@Test
	void whateverABalancerDoesTheFirstNodeIsTaken() {
		int[] picks = { -1, 4, Integer.MAX_VALUE };
		int[] next = { 0 };
		start(RpcChannel.builder().target(ABCD).loadBalancer((nodes, request) -> {
			if (next[0] == picks.length) {
				throw new IllegalStateException("planned");
			}
			return picks[next[0]++];
		}));
		for (int i = 0; i < 4; i++) {
			CompletableFuture<String> call = call(RpcOptions.NONE);
			advance(10);
			assertThat(call).isCompletedWithValue("from a");
		}
	}

	@Test
	void figuresComeOutEvenHoweverCallsEnd() {
		start(RpcChannel.builder().target(ABCD).loadBalancer((nodes, request) -> {
			this.views.clear();
			this.views.addAll(nodes);
			return this.random.nextInt(nodes.size());
		}));
		Behaviour[] behaviours = Behaviour.values();
		for (int i = 0; i < 200; i++) {
			load(8, 20);
			Node changed = node(String.valueOf((char) ('a' + this.random.nextInt(4))));
			changed.behaviour = behaviours[this.random.nextInt(behaviours.length)];
			changed.millis = 1 + this.random.nextInt(20);
			if (this.random.nextInt(4) == 0 && changed.connection != null && !changed.lost) {
				changed.lost = true;
				changed.connection.lose();
			}
			CompletableFuture<String> given = call(RpcOptions.NONE);
			if (this.random.nextBoolean()) {
				advance(this.random.nextInt(3));
				given.cancel(false);
			}
		}
		List.of("a", "b", "c", "d").forEach((name) -> node(name).behaviour = Behaviour.ANSWERS);
		load(4, 12_000);
		assertThat(this.ended).isGreaterThan(500);
	}

	/**
	 * What a node does.
	 */
	private enum Behaviour {

		ANSWERS, FAILS, DRAINS, SILENT, REFUSES_CONNECTIONS

	}

	/**
	 * A node and its newest connection.
	 */
	private final class Node {

		private final String name;

		private Behaviour behaviour = Behaviour.ANSWERS;

		private int millis = 5;

		private int calls;

		private FakeConnection connection;

		private boolean lost;

		Node(String name) {
			this.name = name;
		}

		void connect(Attempt attempt) {
			if (this.behaviour == Behaviour.REFUSES_CONNECTIONS || this.behaviour == Behaviour.DRAINS) {
				attempt.refuse();
			}
			else {
				this.connection = attempt.accept();
				this.lost = false;
			}
		}

		void work() {
			FakeConnection connection = this.connection;
			if (connection == null || this.lost) {
				return;
			}
			for (String line : connection.control()) {
				connection.receive(line.split(" ")[0] + " +ok {}");
			}
			for (String line : connection.requests()) {
				String seq = line.split(" ")[0];
				this.calls++;
				Behaviour behaviour = this.behaviour;
				int millis = (behaviour == Behaviour.ANSWERS) ? this.millis : 1;
				EjectionTests.this.timer.schedule(() -> answer(connection, seq, behaviour),
						Duration.ofMillis(millis).toNanos());
			}
		}

		private void answer(FakeConnection connection, String seq, Behaviour behaviour) {
			if (this.lost || connection != this.connection) {
				return;
			}
			switch (behaviour) {
				case ANSWERS, REFUSES_CONNECTIONS -> connection.receive(seq + " +ok from " + this.name);
				case FAILS -> connection.receive(seq + " +coded UNAVAILABLE NOT_RUN out of order");
				case DRAINS -> connection.receive("notice drain true", seq + " +coded UNAVAILABLE NOT_RUN stopping");
				case SILENT -> {
				}
			}
		}

	}

}
