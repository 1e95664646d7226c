package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.netrpc.client.FakeFormat;
import io.github.netrpc.client.FakeTimer;
import io.github.netrpc.client.FakeTransport;
import io.github.netrpc.client.FakeTransport.Attempt;
import io.github.netrpc.client.FakeTransport.FakeConnection;
import io.github.netrpc.client.PickRequest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a node gets that joins others: a channel whose list the test changes, and nodes
 * that answer at once.
 */
class JoiningNodesTests {

	private final FakeTransport transport = new FakeTransport();

	private final FakeTimer timer = new FakeTimer();

	private final FakeDirectory directory = new FakeDirectory();

	private final SplittableRandom random = new SplittableRandom(7);

	private final LeastLoadedBalancer balancer = new LeastLoadedBalancer(this.random::nextDouble);

	private final Map<String, FakeConnection> connections = new HashMap<>();

	/** The part of its calls that each node gets, as the balancer saw it last. */
	private final Map<String, Double> startShares = new TreeMap<>();

	private final RpcChannel channel = RpcChannel.builder()
		.name("test")
		.directory(this.directory)
		.loadBalancer(this::pick)
		.slowStart(Duration.ofSeconds(30))
		.format(new FakeFormat())
		.transport(this.transport)
		.callbackExecutor(Runnable::run)
		.time(this.timer, Runnable::run, this.random::nextDouble)
		.build();

	private int connected;

	private int pick(List<? extends NodeView> nodes, PickRequest request) {
		nodes.forEach((node) -> this.startShares.put(node.endpoint().id(), node.startShare()));
		return this.balancer.pick(nodes, request);
	}

	@BeforeEach
	void startWithThree() {
		CompletableFuture<String> first = call();
		list("a:1", "b:1", "c:1");
		answer(new TreeMap<>());
		assertThat(first).isCompleted();
	}

	@AfterEach
	void close() {
		this.channel.close();
	}

	private CompletableFuture<String> call() {
		return this.channel.callAsync("S.M", "x", String.class);
	}

	/**
	 * Lists nodes, and has them connected by the next call.
	 */
	private void list(String... nodes) {
		this.directory.list(nodes);
		call();
		while (this.connected < this.transport.attempts.size()) {
			Attempt attempt = this.transport.attempts.get(this.connected++);
			this.connections.put(attempt.address.getHostString(), attempt.accept());
		}
	}

	private void answer(Map<String, Integer> counts) {
		this.connections.forEach((name, connection) -> connection.requests().forEach((line) -> {
			counts.merge(name, 1, Integer::sum);
			connection.receive(line.split(" ")[0] + " +ok " + name);
		}));
	}

	/**
	 * The parts of a thousand calls that nodes get.
	 */
	private Map<String, Double> shares() {
		Map<String, Integer> counts = new TreeMap<>();
		answer(counts);
		counts.clear();
		for (int i = 0; i < 1_000; i++) {
			call();
			answer(counts);
		}
		Map<String, Double> shares = new TreeMap<>();
		counts.forEach((name, count) -> shares.put(name, count / 1_000.0));
		return shares;
	}

	@Test
	void nodesOfTheFirstListStartAtOnce() {
		assertThat(shares().values()).hasSize(3).allSatisfy((share) -> assertThat(share).isBetween(0.28, 0.39));
		assertThat(this.startShares).isEqualTo(Map.of("a:1", 1.0, "b:1", 1.0, "c:1", 1.0));
	}

	@Test
	void nodeThatJoinsThemGetsLittleAtFirstAndItsShareInTheEnd() {
		list("a:1", "b:1", "c:1", "d:1");
		Map<String, Double> shares = shares();
		assertThat(shares.get("d")).isBetween(0.005, 0.1);
		assertThat(this.startShares).isEqualTo(Map.of("a:1", 1.0, "b:1", 1.0, "c:1", 1.0, "d:1", 0.1));
		this.timer.advance(Duration.ofSeconds(15));
		shares();
		assertThat(this.startShares).containsEntry("d:1", 0.5);
		this.timer.advance(Duration.ofSeconds(15));
		assertThat(shares().get("d")).isBetween(0.2, 0.3);
		assertThat(this.startShares).containsEntry("d:1", 1.0);
	}

	@Test
	void nodeThatLeavesAndComesBackStartsSlowlyToo() {
		list("a:1", "b:1");
		list("a:1", "b:1", "c:1");
		assertThat(shares().get("c")).isBetween(0.005, 0.1);
		assertThat(this.startShares).isEqualTo(Map.of("a:1", 1.0, "b:1", 1.0, "c:1", 0.1));
	}

}
