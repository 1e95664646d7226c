package io.github.netrpc.interop;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcException;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.cluster.ClusterResult;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcChannelBuilder;
import io.github.netrpc.cluster.RpcCluster;
import io.github.netrpc.cluster.RpcClusterException;
import io.github.netrpc.server.RpcServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Operations on a cluster of three servers, with lambdas that block.
 */
@Timeout(60)
class RpcClusterIntegrationTests {

	private final List<Node> nodes = new ArrayList<>();

	private final List<RpcServer> servers = new ArrayList<>();

	private RpcChannel channel;

	private RpcCluster<Work> cluster;

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
		this.channel = builder().build();
		this.cluster = this.channel.cluster(Work.class);
	}

	private RpcChannelBuilder builder() {
		return RpcChannel.builder()
			.name("cluster")
			.target(this.servers.stream()
				.map((server) -> "127.0.0.1:" + server.address().getPort())
				.collect(Collectors.joining(",")));
	}

	@AfterEach
	void stop() {
		this.channel.close();
		this.servers.forEach(RpcServer::close);
	}

	private CountDownLatch blockAll() {
		CountDownLatch running = new CountDownLatch(this.nodes.size());
		this.nodes.forEach((node) -> {
			node.blocks = true;
			node.running = running;
		});
		return running;
	}

	@Test
	void broadcastAsksEachNodeOnce() {
		ClusterResult<String> names = this.cluster.broadcast(Work::name);
		assertThat(names.orThrow().values()).containsExactly("node0", "node1", "node2");
		String second = this.cluster.onNode(names.outcomes().get(1).node().id(), Work::name);
		assertThat(second).isEqualTo("node1");
		assertThat(this.cluster.broadcastVoid(Work::touch).isComplete()).isTrue();
		assertThat(this.nodes).allSatisfy((node) -> assertThat(node.touched).hasValue(1));
	}

	@Test
	void losersOfARaceAreCancelledOnTheServer() throws Exception {
		this.nodes.get(0).blocks = true;
		this.nodes.get(1).blocks = true;
		CountDownLatch bothRun = new CountDownLatch(2);
		this.nodes.forEach((node) -> node.running = bothRun);
		this.nodes.get(2).waitsFor = bothRun;
		String winner = this.cluster.race(3, (work) -> work.work(1));
		assertThat(winner).isEqualTo("node2");
		assertThat(this.nodes.get(0).cancelled.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(this.nodes.get(1).cancelled.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void lambdaThatBlocksInItsOwnCodeIsInterruptedAtTheEnd() throws Exception {
		CountDownLatch interrupted = new CountDownLatch(3);
		ClusterResult<String> result = this.cluster.withTimeout(Duration.ofMillis(300)).broadcast((work) -> {
			try {
				new CountDownLatch(1).await();
				return "never";
			}
			catch (InterruptedException ex) {
				interrupted.countDown();
				throw ex;
			}
		});
		assertThat(result.failures()).hasSize(3)
			.allSatisfy((outcome) -> assertThat(outcome.failure().code()).isEqualTo(RpcCode.DEADLINE_EXCEEDED))
			.allSatisfy((outcome) -> assertThat(outcome.failure().known()).isEqualTo(Known.NOT_RUN));
		assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void interruptedCallerEndsTheNodes() throws Exception {
		CountDownLatch allRun = blockAll();
		AtomicReference<RpcException> failure = new AtomicReference<>();
		AtomicReference<Boolean> stillInterrupted = new AtomicReference<>();
		Thread caller = new Thread(() -> {
			try {
				this.cluster.broadcast((work) -> work.work(1));
			}
			catch (RpcException ex) {
				failure.set(ex);
				stillInterrupted.set(Thread.currentThread().isInterrupted());
			}
		});
		caller.start();
		assertThat(allRun.await(10, TimeUnit.SECONDS)).isTrue();
		caller.interrupt();
		caller.join(10_000);
		assertThat(stillInterrupted.get()).isTrue();
		assertThat(failure.get().code()).isEqualTo(RpcCode.CANCELLED);
		assertThat(failure.get().known()).isEqualTo(Known.MAYBE_RAN);
		assertThat(((RpcClusterException) failure.get()).result().outcomes()).hasSize(3);
		for (Node node : this.nodes) {
			assertThat(node.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
		}
	}

	@Test
	void broadcastsInsideBroadcastsDoNotWaitForEachOther() {
		ClusterResult<Integer> result = this.cluster.broadcast((outer) -> this.cluster
			.broadcast((middle) -> this.cluster.broadcast(Work::name).orThrow().values().size())
			.reduce(Collectors.summingInt(Integer::intValue)));
		assertThat(result.reduce(Collectors.summingInt(Integer::intValue))).isEqualTo(27);
	}

	@Test
	void broadcastInTheOnlyCallbackThreadEnds() {
		ExecutorService single = Executors.newSingleThreadExecutor();
		try (RpcChannel own = builder().callbackExecutor(single).build()) {
			RpcCluster<Work> ofOwn = own.cluster(Work.class);
			CompletableFuture<List<String>> future = ofOwn.broadcastAsync(Work::nameAsync)
				.thenApply((first) -> ofOwn.broadcast(Work::name).orThrow().values());
			assertThat(future).succeedsWithin(Duration.ofSeconds(10)).asList().hasSize(3);
			this.nodes.get(0).blocks = true;
			CompletableFuture<Integer> late = ofOwn.broadcastAsync(Work::nameAsync)
				.thenApply((first) -> ofOwn.withTimeout(Duration.ofMillis(300))
					.broadcast((work) -> work.work(1))
					.failures()
					.size());
			assertThat(late).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(1);
		}
		finally {
			single.shutdownNow();
		}
	}

	@Test
	void waitingOnAnIoThreadFailsAtOnce() {
		// The reply comes when the callback is there, which this thread would run else.
		CountDownLatch callbackIsThere = new CountDownLatch(1);
		this.nodes.forEach((node) -> node.waitsFor = callbackIsThere);
		try (RpcChannel own = builder().callbackExecutor(Runnable::run).build()) {
			RpcCluster<Work> ofOwn = own.cluster(Work.class);
			CompletableFuture<Object> future = own.callAsync("Work.Work", 1L, String.class)
				.handle((name, failure) -> ofOwn.broadcast(Work::name));
			callbackIsThere.countDown();
			assertThat(future).failsWithin(Duration.ofSeconds(10))
				.withThrowableThat()
				.havingRootCause()
				.isInstanceOfSatisfying(RpcException.class,
						(ex) -> assertThat(ex.code()).isEqualTo(RpcCode.FAILED_PRECONDITION))
				.withMessageContaining("use broadcastAsync");
		}
	}

	@Test
	void lambdasRunSideBySide() throws Exception {
		CountDownLatch together = new CountDownLatch(3);
		Set<Thread> threads = ConcurrentHashMap.newKeySet();
		ClusterResult<Boolean> result = this.cluster.broadcast((work) -> {
			threads.add(Thread.currentThread());
			together.countDown();
			return together.await(10, TimeUnit.SECONDS);
		});
		assertThat(result.values()).containsExactly(true, true, true);
		assertThat(threads).hasSize(3);
	}

	@Test
	void closingTheChannelEndsOperations() throws Exception {
		CountDownLatch allRun = blockAll();
		CompletableFuture<ClusterResult<String>> future = CompletableFuture
			.supplyAsync(() -> this.cluster.broadcast((work) -> work.work(1)));
		assertThat(allRun.await(10, TimeUnit.SECONDS)).isTrue();
		this.channel.close();
		assertThat(future).succeedsWithin(Duration.ofSeconds(5))
			.satisfies((result) -> assertThat(result.failures()).hasSize(3));
		assertThatExceptionOfType(RpcException.class).isThrownBy(() -> this.cluster.broadcast(Work::name))
			.satisfies((ex) -> assertThat(ex.code()).isEqualTo(RpcCode.UNAVAILABLE));
	}

	/**
	 * What the nodes do.
	 */
	@RpcService
	interface Work {

		String name();

		CompletableFuture<String> nameAsync();

		void touch();

		String work(long items) throws InterruptedException;

	}

	/**
	 * A node that may block until it is cancelled.
	 */
	static final class Node implements Work {

		private final String name;

		private final AtomicInteger touched = new AtomicInteger();

		private final CountDownLatch cancelled = new CountDownLatch(1);

		private volatile boolean blocks;

		private volatile CountDownLatch running = new CountDownLatch(0);

		private volatile CountDownLatch waitsFor = new CountDownLatch(0);

		Node(String name) {
			this.name = name;
		}

		@Override
		public String name() {
			return this.name;
		}

		@Override
		public CompletableFuture<String> nameAsync() {
			return CompletableFuture.completedFuture(this.name);
		}

		@Override
		public void touch() {
			this.touched.incrementAndGet();
		}

		@Override
		public String work(long items) throws InterruptedException {
			if (!this.blocks) {
				this.waitsFor.await();
				return this.name;
			}
			this.running.countDown();
			try {
				new CountDownLatch(1).await();
				return "never";
			}
			finally {
				if (RpcContext.current().cancelled()) {
					this.cancelled.countDown();
				}
			}
		}

	}

}
