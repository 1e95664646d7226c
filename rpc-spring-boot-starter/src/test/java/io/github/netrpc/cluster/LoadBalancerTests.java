package io.github.netrpc.cluster;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for the built-in balancers, with chance from a seed.
 */
class LoadBalancerTests {

	private static final int PICKS = 100_000;

	private final DoubleSupplier random = new SplittableRandom(4)::nextDouble;

	private final FakeNode a = new FakeNode("a");

	private final FakeNode b = new FakeNode("b");

	private final FakeNode c = new FakeNode("c");

	private final List<FakeNode> nodes = List.of(this.a, this.b, this.c);

	private LoadBalancer balancer(String name) {
		return new BalancerTable(List.of()).create(name, this.random);
	}

	/**
	 * The part of the calls that each node gets.
	 */
	private static double[] shares(LoadBalancer balancer, List<FakeNode> nodes) {
		double[] shares = new double[nodes.size()];
		for (int i = 0; i < PICKS; i++) {
			shares[balancer.pick(nodes, FakeRequest.PLAIN)] += 1.0 / PICKS;
		}
		return shares;
	}

	@ParameterizedTest
	@ValueSource(strings = { "least-loaded", "round-robin", "random", "weighted", "consistent-hash" })
	void equalNodesGetEqualShares(String name) {
		assertThat(shares(balancer(name), this.nodes)).containsExactly(new double[] { 1 / 3.0, 1 / 3.0, 1 / 3.0 },
				within(0.01));
	}

	@ParameterizedTest
	@ValueSource(strings = { "least-loaded", "round-robin", "random", "weighted", "consistent-hash" })
	void nodeThatStartsGetsFewerCalls(String name) {
		this.a.share = 0.1;
		this.nodes.forEach((node) -> node.inFlight = 5);
		assertThat(shares(balancer(name), this.nodes)[0]).isLessThan(0.06);
	}

	// Found by the simulation: least-loaded gave it none while nothing was in flight.
	@ParameterizedTest
	@ValueSource(strings = { "least-loaded", "round-robin", "random", "weighted", "consistent-hash" })
	void nodeThatStartsGetsSomeCallsAlsoWhereThereAreFew(String name) {
		this.a.share = 0.1;
		assertThat(shares(balancer(name), this.nodes)[0]).isBetween(0.02, 0.06);
	}

	@ParameterizedTest
	@ValueSource(strings = { "least-loaded", "round-robin", "random", "weighted", "consistent-hash" })
	void allNodesMayStartAtOnce(String name) {
		this.nodes.forEach((node) -> node.share = 0.1);
		assertThat(shares(balancer(name), this.nodes)).containsExactly(new double[] { 1 / 3.0, 1 / 3.0, 1 / 3.0 },
				within(0.01));
	}

	@ParameterizedTest
	@ValueSource(strings = { "least-loaded", "round-robin", "random", "weighted", "consistent-hash" })
	void picksAllocateNothing(String name) {
		LoadBalancer balancer = balancer(name);
		FakeRequest keyed = FakeRequest.keyed("customer");
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		this.a.share = 0.5;
		this.a.latencyNanos = 10;
		long fewest = Long.MAX_VALUE;
		// What else the thread does, such as loading classes, is not the balancer's.
		for (int round = 0; round < 5; round++) {
			long before = threads.getCurrentThreadAllocatedBytes();
			for (int i = 0; i < 10_000; i++) {
				balancer.pick(this.nodes, FakeRequest.PLAIN);
				balancer.pick(this.nodes, keyed);
			}
			fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
		}
		assertThat(fewest).isLessThan(20_000);
	}

	@Test
	void leastLoadedNeverTakesTheWorstOfAll() {
		this.a.inFlight = 3;
		this.b.inFlight = 2;
		this.c.inFlight = 1;
		double[] shares = shares(balancer("least-loaded"), this.nodes);
		assertThat(shares[0]).isZero();
		assertThat(shares[1]).isCloseTo(1 / 3.0, within(0.01));
		assertThat(shares[2]).isCloseTo(2 / 3.0, within(0.01));
	}

	@Test
	void leastLoadedMultipliesCallsAndLatencyAndDividesByWeight() {
		FakeNode heavy = new FakeNode("heavy", 10);
		LoadBalancer balancer = balancer("least-loaded");
		List<FakeNode> pair = List.of(this.a, heavy);
		this.a.inFlight = 1;
		this.a.latencyNanos = 1_000;
		// 2 × 1,000 against 21 × 1,000 ÷ 10, and against 19 × 1,000 ÷ 10
		heavy.latencyNanos = 1_000;
		heavy.inFlight = 20;
		assertThat(shares(balancer, pair)[0]).isCloseTo(1, within(1e-6));
		heavy.inFlight = 18;
		assertThat(shares(balancer, pair)[1]).isCloseTo(1, within(1e-6));
		heavy.latencyNanos = 2_000;
		assertThat(shares(balancer, pair)[0]).isCloseTo(1, within(1e-6));
	}

	@Test
	void leastLoadedTakesANodeThatNobodyHasCalledForAsFastAsTheOther() {
		this.a.latencyNanos = 1_000_000_000;
		this.a.inFlight = 1;
		this.b.inFlight = 2;
		assertThat(shares(balancer("least-loaded"), List.of(this.a, this.b))[0]).isCloseTo(1, within(1e-6));
	}

	@Test
	void roundRobinTakesTurns() {
		LoadBalancer balancer = balancer("round-robin");
		assertThat(IntStream.range(0, 6).map((i) -> balancer.pick(this.nodes, FakeRequest.PLAIN))).containsExactly(0, 1,
				2, 0, 1, 2);
	}

	@Test
	void weightedFollowsTheWeights() {
		List<FakeNode> weighted = List.of(new FakeNode("a", 5), new FakeNode("b", 3), new FakeNode("c", 0.5));
		assertThat(shares(balancer("weighted"), weighted)).containsExactly(new double[] { 5 / 8.5, 3 / 8.5, 0.5 / 8.5 },
				within(0.001));
	}

	@Test
	void weightedSpreadsTheCallsOfANode() {
		List<FakeNode> weighted = List.of(new FakeNode("a", 3), new FakeNode("b", 1));
		LoadBalancer balancer = balancer("weighted");
		String picks = IntStream.range(0, 400)
			.mapToObj((i) -> (balancer.pick(weighted, FakeRequest.PLAIN) == 0) ? "a" : "b")
			.reduce("", String::concat);
		assertThat(picks).doesNotContain("aaaaa").doesNotContain("bb");
	}

	@Test
	void calledNodeOfAKeyIsTheSameForEveryClient() {
		List<FakeNode> otherOrder = List.of(this.c, this.a, this.b);
		LoadBalancer here = balancer("consistent-hash");
		LoadBalancer there = balancer("consistent-hash");
		for (int i = 0; i < 1_000; i++) {
			FakeRequest request = FakeRequest.keyed("customer-" + i);
			FakeNode node = this.nodes.get(here.pick(this.nodes, request));
			assertThat(otherOrder.get(there.pick(otherOrder, request))).isSameAs(node);
		}
	}

	@Test
	void keysSpreadOverTheNodesByWeight() {
		List<FakeNode> weighted = List.of(new FakeNode("a", 1), new FakeNode("b", 1), new FakeNode("c", 2));
		for (List<FakeNode> nodes : List.of(this.nodes, weighted)) {
			double sum = nodes.stream().mapToDouble(FakeNode::weight).sum();
			int[] keys = new int[3];
			LoadBalancer balancer = balancer("consistent-hash");
			IntStream.range(0, 30_000).forEach((i) -> keys[balancer.pick(nodes, FakeRequest.keyed("key " + i))]++);
			for (int i = 0; i < 3; i++) {
				assertThat(keys[i] / 30_000.0).isCloseTo(nodes.get(i).weight() / sum, within(0.02));
			}
		}
	}

	@Test
	void nodesWhoseNamesHaveTheSameHashBothGetKeys() {
		assertThat("Aa").hasSameHashCodeAs("BB");
		List<FakeNode> alike = List.of(new FakeNode("Aa"), new FakeNode("BB"));
		LoadBalancer balancer = balancer("consistent-hash");
		assertThat(IntStream.range(0, 100).map((i) -> balancer.pick(alike, FakeRequest.keyed("key " + i))).sum())
			.isBetween(30, 70);
	}

	@Test
	void whenANodeLeavesOnlyItsKeysMove() {
		List<FakeNode> less = List.of(this.a, this.c);
		LoadBalancer balancer = balancer("consistent-hash");
		for (int i = 0; i < 1_000; i++) {
			FakeRequest request = FakeRequest.keyed("key " + i);
			FakeNode before = this.nodes.get(balancer.pick(this.nodes, request));
			FakeNode after = less.get(balancer.pick(less, request));
			if (before != this.b) {
				assertThat(after).isSameAs(before);
			}
		}
	}

	@Test
	void keyThatEverybodyAsksForSpillsOver() {
		List<FakeNode> four = Stream.of("a", "b", "c", "d").map(FakeNode::new).toList();
		LoadBalancer balancer = balancer("consistent-hash");
		FakeRequest hot = FakeRequest.keyed("hot");
		int home = balancer.pick(four, hot);
		List<Integer> picks = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			int pick = balancer.pick(four, hot);
			picks.add(pick);
			four.get(pick).inFlight++;
			int most = four.stream().mapToInt(FakeNode::inFlight).max().orElseThrow();
			assertThat(most).isLessThanOrEqualTo(Math.max(4, (int) Math.ceil(1.25 * (i + 1) / 4)));
		}
		// A few calls of one key are no load.
		assertThat(picks.subList(0, 4)).containsOnly(home);
		assertThat(four.get(home).inFlight).isGreaterThanOrEqualTo(31);
	}

	@Test
	void unknownBalancerIsRefusedWithTheNamesThatThereAre() {
		LoadBalancer.Provider mine = new LoadBalancer.Provider() {

			@Override
			public String name() {
				return "mine";
			}

			@Override
			public LoadBalancer create(DoubleSupplier random) {
				return (nodes, request) -> 1;
			}

		};
		BalancerTable table = new BalancerTable(List.of(mine));
		assertThat(table.create("mine", this.random).pick(this.nodes, FakeRequest.PLAIN)).isOne();
		assertThatIllegalArgumentException().isThrownBy(() -> table.create("leastloaded", this.random))
			.withMessage(
					"load balancer: \"leastloaded\" (expected: one of consistent-hash, least-loaded, mine, random, "
							+ "round-robin, weighted)");
	}

}
