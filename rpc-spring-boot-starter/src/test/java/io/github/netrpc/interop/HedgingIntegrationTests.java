package io.github.netrpc.interop;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.annotation.Idempotent;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.client.HedgingPolicy;
import io.github.netrpc.client.HedgingSnapshot;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.client.RetryLimits;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.server.RpcServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Second attempts beside the first, over sockets: three servers that take calls in turns,
 * one of which keeps its calls waiting for as long as the test says.
 */
@Timeout(60)
class HedgingIntegrationTests {

	/** Long enough for many calls to begin before the first one has waited for it. */
	private static final Duration FLOOR = Duration.ofMillis(150);

	private static final int CALLS = 300;

	private final List<Node> nodes = new ArrayList<>();

	private final List<RpcServer> servers = new ArrayList<>();

	private RpcChannel channel;

	private Store store;

	private int calls;

	@BeforeEach
	void start() {
		for (int i = 0; i < 3; i++) {
			Node node = new Node("node" + i);
			this.nodes.add(node);
			this.servers.add(RpcServer.builder()
				.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
				.service(node)
				.start());
		}
	}

	@AfterEach
	void stop() {
		this.channel.close();
		this.servers.forEach(RpcServer::close);
	}

	private String address(int node) {
		return "127.0.0.1:" + this.servers.get(node).address().getPort();
	}

	private void connect(double maxExtraLoad, double retryBudget) {
		HedgingPolicy standard = HedgingPolicy.DEFAULT;
		RetryLimits retries = RetryLimits.DEFAULT;
		this.channel = RpcChannel.builder()
			.name("store")
			.target(String.join(",", address(0), address(1), address(2)))
			.loadBalancer("round-robin")
			.retryLimits(new RetryLimits(retries.maxAttempts(), retries.backoff(), retries.maxBackoff(), retryBudget,
					retries.budgetFloor()))
			.hedging(new HedgingPolicy(standard.percentile(), FLOOR, maxExtraLoad, standard.maxErrorShare(),
					standard.minimumCalls(), Set.of()))
			.build();
		this.store = this.channel.proxy(Store.class);
		await().atMost(Duration.ofSeconds(30)).until(() -> {
			find();
			return this.channel.nodes().stream().allMatch((node) -> node.state() == NodeState.READY)
					&& !hedging().waits().isEmpty();
		});
	}

	private CompletableFuture<String> begin() {
		this.calls++;
		return this.store.find(this.calls);
	}

	private String find() {
		return begin().join();
	}

	private HedgingSnapshot hedging() {
		return Objects.requireNonNull(this.channel.hedging());
	}

	private int runs() {
		return this.nodes.stream().mapToInt((node) -> node.runs.get()).sum();
	}

	@Test
	void anotherNodeAnswersAndTheFirstOneIsToldToStop() throws Exception {
		connect(1, 1);
		Node slow = this.nodes.get(1);
		slow.waits = true;
		for (int i = 0; slow.kept.isEmpty() && i < 30; i++) {
			assertThat(find()).isIn("node0", "node2");
		}
		assertThat(slow.kept).isNotEmpty();
		assertThat(slow.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(hedging().won()).isPositive();
		// All of it on connections that go on.
		slow.waits = false;
		Store slowOne = RpcOptions.of(this.store).node(address(1)).proxy();
		assertThat(slowOne.find(0)).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("node1");
		assertThat(this.channel.nodes()).allSatisfy((node) -> {
			assertThat(node.connections()).hasSize(1);
			assertThat(node.deadConnections()).isZero();
		});
		assertThat(this.channel.inFlight()).isZero();
	}

	@Test
	void loadBesideTheCallsStaysWithinItsPart() {
		HedgingPolicy standard = HedgingPolicy.DEFAULT;
		connect(standard.maxExtraLoad(), RetryLimits.DEFAULT.budget());
		Node slow = this.nodes.get(2);
		slow.waits = true;
		List<CompletableFuture<String>> begun = new ArrayList<>();
		for (int i = 0; i < CALLS; i++) {
			begun.add(begin());
		}
		// A third of them waits, and a tenth of all may be made twice.
		int least = CALLS / 10;
		await().atMost(Duration.ofSeconds(9)).until(() -> hedging().won() >= least);
		assertThat(slow.kept).hasSizeGreaterThan(2 * least);
		assertThat(begun.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join))
			.hasSizeGreaterThanOrEqualTo(CALLS - slow.kept.size() + least)
			.doesNotContain("node2");
		slow.goOn();
		CompletableFuture.allOf(begun.toArray(CompletableFuture[]::new)).join();
		assertThat(begun.stream().map(CompletableFuture::join).collect(Collectors.toSet())).contains("node2");
		assertThat(hedging().hedges()).isBetween((long) least, (long) (standard.maxExtraLoad() * this.calls));
		assertThat(runs()).isBetween(this.calls, (int) (this.calls + hedging().hedges()));
	}

	/**
	 * What the nodes do.
	 */
	@RpcService
	interface Store {

		@Idempotent
		CompletableFuture<String> find(long key);

	}

	/**
	 * A node that may keep its calls waiting.
	 */
	static final class Node implements Store {

		private final String name;

		private final AtomicInteger runs = new AtomicInteger();

		private final Queue<CompletableFuture<String>> kept = new ConcurrentLinkedQueue<>();

		private final CountDownLatch cancelled = new CountDownLatch(1);

		private volatile boolean waits;

		Node(String name) {
			this.name = name;
		}

		@Override
		public CompletableFuture<String> find(long key) {
			this.runs.incrementAndGet();
			if (!this.waits) {
				return CompletableFuture.completedFuture(this.name);
			}
			CompletableFuture<String> later = new CompletableFuture<>();
			RpcContext.current().onCancelled(this.cancelled::countDown);
			this.kept.add(later);
			return later;
		}

		private void goOn() {
			this.waits = false;
			this.kept.forEach((each) -> each.complete(this.name));
		}

	}

}
