package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.client.FakeTimer;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.work.JobContext;
import io.github.netrpc.work.JobRegistry;
import io.github.netrpc.work.Worker;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nodes answer, the time is over and the caller gives up, all at the same moment: an
 * operation has one end, with one outcome for each node, and leaves nothing behind.
 */
@Timeout(60)
class ClusterOperationRaceTests {

	private static final int ROUNDS = 3_000;

	private static final int NODES = 6;

	private final ExecutorService threads = Executors.newFixedThreadPool(4);

	private final Random random = new Random(42);

	private final FakeTimer timer = new FakeTimer();

	private final OpenOperations open = new OpenOperations();

	private final AtomicInteger recorded = new AtomicInteger();

	private final List<ClusterNode> nodes = IntStream.range(0, NODES)
		.mapToObj((i) -> new ClusterNode("n" + i, "n" + i + ":1", Set.of(), NodeState.READY))
		.toList();

	private final RpcCluster<String> cluster = RpcCluster.of("Test",
			new ClusterContext<>("test", "static://test", Duration.ofSeconds(1).toNanos(), new Listed(), this.timer,
					this.open, Runnable::run, Runnable::run, this.threads, () -> false,
					(channel, operation, outcome, nanos) -> this.recorded.incrementAndGet(), (what, cause) -> {
						throw new AssertionError(what, cause);
					}, new JobContext(this.timer, Runnable::run, () -> false, () -> "job", new JobRegistry()),
					JobLease.OFF, (scope, options) -> scope.node()));

	@AfterEach
	void stop() {
		this.threads.shutdownNow();
	}

	@Test
	void operationsEndOnce() throws Exception {
		for (int round = 0; round < ROUNDS; round++) {
			ConcurrentLinkedQueue<CompletableFuture<String>> answers = new ConcurrentLinkedQueue<>();
			AsyncClusterCall<String, String> ask = (node) -> {
				CompletableFuture<String> answer = new CompletableFuture<>();
				answers.add(answer);
				return answer;
			};
			int kind = round % 3;
			CompletableFuture<?> future = switch (kind) {
				case 0 -> this.cluster.broadcastAsync(ask);
				case 1 -> this.cluster.raceAsync(2, ask);
				default -> this.cluster.quorumAsync(3, ask);
			};
			boolean cancels = this.random.nextInt(4) == 0;
			boolean expires = this.random.nextInt(4) == 0;
			int good = this.random.nextInt(101);
			together(() -> answer(answers, good, future), () -> answer(answers, good, future),
					cancels ? () -> future.cancel(true) : () -> answer(answers, good, future),
					expires ? () -> this.timer.advance(Duration.ofSeconds(2)) : () -> answer(answers, good, future));
			for (int i = 0; i <= NODES && !future.isDone(); i++) {
				answer(answers, good, future);
			}
			assertThat(future).as("operation of round " + round).isDone();
			check(future, kind);
			assertThat(this.open.count()).as("operations left after round " + round).isZero();
			assertThat(this.timer.scheduled()).as("timers left after round " + round).isZero();
			assertThat(answers).as("answers left after round " + round).allMatch(CompletableFuture::isDone);
			assertThat(this.recorded).as("records after round " + round).hasValue(round + 1);
		}
	}

	private void answer(ConcurrentLinkedQueue<CompletableFuture<String>> answers, int good, CompletableFuture<?> end) {
		for (CompletableFuture<String> answer : answers) {
			int chance = answer.hashCode() % 101;
			if (Math.abs(chance) < good) {
				answer.complete("fine");
			}
			else {
				answer.completeExceptionally(new RpcException(RpcCode.UNAVAILABLE, Known.NOT_RUN, "no", null));
			}
			if (end.isDone()) {
				return;
			}
		}
	}

	private void together(Runnable... tasks) throws InterruptedException {
		CyclicBarrier barrier = new CyclicBarrier(tasks.length);
		CountDownLatch ended = new CountDownLatch(tasks.length);
		for (Runnable task : tasks) {
			this.threads.execute(() -> {
				try {
					barrier.await(10, TimeUnit.SECONDS);
					task.run();
				}
				catch (Exception ex) {
					Thread.currentThread().interrupt();
				}
				finally {
					ended.countDown();
				}
			});
		}
		assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
	}

	private static void check(CompletableFuture<?> future, int kind) {
		List<NodeOutcome<?>> outcomes = new ArrayList<>();
		try {
			Object value = future.join();
			if (value instanceof ClusterResult<?> result) {
				outcomes.addAll(result.outcomes());
				assertThat(result.values().size()).isGreaterThanOrEqualTo((kind == 2) ? 3 : 0);
			}
			else {
				assertThat(value).isEqualTo("fine");
			}
		}
		catch (CompletionException ex) {
			RpcClusterException failure = (RpcClusterException) ex.getCause();
			outcomes.addAll(failure.result().outcomes());
			assertThat(failure.result().isComplete()).isFalse();
		}
		catch (CancellationException ex) {
			// Given up.
		}
		assertThat(outcomes.size()).isIn(0, NODES);
	}

	/**
	 * The nodes, in order.
	 */
	private final class Listed implements ClusterNodes {

		@Override
		public List<ClusterNode> listed() {
			return ClusterOperationRaceTests.this.nodes;
		}

		@Override
		public List<Worker> workers(Set<String> tags) {
			return listed().stream().map((node) -> new Worker(node.id(), 1, Worker.State.READY)).toList();
		}

		@Override
		public Runnable whenListed(Runnable task) {
			task.run();
			return () -> {
			};
		}

		@Override
		public String missing() {
			return "none";
		}

		@Override
		public boolean isFixed() {
			return false;
		}

		@Override
		public int[] bestFirst(List<ClusterNode> nodes, String operation, RpcOptions options) {
			return IntStream.range(0, nodes.size()).toArray();
		}

	}

}
