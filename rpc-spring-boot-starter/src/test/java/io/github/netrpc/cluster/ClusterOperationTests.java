package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContextSlot;
import io.github.netrpc.RpcException;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.ServedCall;
import io.github.netrpc.client.FakeTimer;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.work.JobContext;
import io.github.netrpc.work.JobRegistry;
import io.github.netrpc.work.Worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for operations on a cluster: what each lambda got, and a clock that the test
 * moves. A lambda's answer is a future that the test completes.
 */
class ClusterOperationTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(1);

	private final FakeTimer timer = new FakeTimer();

	private final FakeNodes nodes = new FakeNodes();

	private final OpenOperations open = new OpenOperations();

	private final List<String> recorded = new ArrayList<>();

	/** The answers by node, in the order in which the nodes were asked. */
	private final Map<String, CompletableFuture<String>> answers = new HashMap<>();

	private final List<String> asked = new ArrayList<>();

	private final RpcCluster<String> cluster = RpcCluster.of("Test",
			new ClusterContext<>("test", "static://test", TIMEOUT.toNanos(), this.nodes, this.timer, this.open,
					Runnable::run, Runnable::run, Runnable::run, () -> false, (channel, operation, outcome,
							nanos) -> this.recorded.add(operation + " " + outcome + " " + nanos / 1_000_000),
					(what, cause) -> {
						throw new AssertionError(what, cause);
					}, new JobContext(this.timer, Runnable::run, () -> false, () -> "job", new JobRegistry()),
					JobLease.OFF, (scope, options) -> scope.node()));

	@AfterEach
	void nothingIsLeft() {
		RpcContextSlot.ofCurrentThread().set(null);
		assertThat(this.open.count()).isZero();
		assertThat(this.timer.scheduled()).isZero();
		assertThat(this.nodes.waiting).isEmpty();
	}

	private CompletableFuture<String> ask(String node) {
		this.asked.add(node);
		CompletableFuture<String> answer = new CompletableFuture<>();
		this.answers.put(node, answer);
		return answer;
	}

	private void succeed(String node) {
		this.answers.get(node).complete("from " + node);
	}

	private void fail(String node, RpcCode code, Known known) {
		this.answers.get(node).completeExceptionally(new RpcException(code, known, node + " is broken", null));
	}

	private void fail(String node) {
		fail(node, RpcCode.UNAVAILABLE, Known.NOT_RUN);
	}

	private void advance(int millis) {
		this.timer.advance(Duration.ofMillis(millis));
	}

	private static RpcException failure(CompletableFuture<?> future) {
		assertThat(future).isCompletedExceptionally();
		try {
			throw new AssertionError("succeeded: " + future.join());
		}
		catch (CompletionException ex) {
			assertThat(ex.getCause()).isInstanceOf(RpcException.class);
			return (RpcException) ex.getCause();
		}
	}

	private static List<String> described(ClusterResult<?> result) {
		return result.outcomes().stream().map(Object::toString).toList();
	}

	@Test
	void broadcastEndsWhenAllNodesHaveEnded() {
		this.nodes.list("a", "b", "c");
		CompletableFuture<ClusterResult<String>> future = this.cluster.broadcastAsync(this::ask);
		assertThat(this.asked).containsExactly("a", "b", "c");
		succeed("c");
		advance(5);
		fail("a");
		assertThat(future).isNotDone();
		advance(5);
		succeed("b");
		ClusterResult<String> result = future.join();
		assertThat(described(result)).containsExactly("a UNAVAILABLE NOT_RUN after 5 ms", "b OK after 10 ms",
				"c OK after 0 ms");
		assertThat(result.values()).containsExactly("from b", "from c");
		assertThat(result.isComplete()).isFalse();
		assertThat(this.recorded).containsExactly("BROADCAST PARTIAL 10");
	}

	@Test
	void broadcastEndsAtItsTimeWithAnOutcomeForEachNode() {
		this.nodes.list("a", "b", "c");
		CompletableFuture<ClusterResult<String>> future = this.cluster.withTimeout(Duration.ofMillis(300))
			.broadcastAsync(this::ask);
		succeed("b");
		advance(314);
		assertThat(future).isNotDone();
		advance(1);
		assertThat(described(future.join())).containsExactly("a DEADLINE_EXCEEDED NOT_RUN after 315 ms",
				"b OK after 0 ms", "c DEADLINE_EXCEEDED NOT_RUN after 315 ms");
		assertThat(future.join().failures().get(0).failure()).hasMessage("a: no result within 300 ms");
		assertThat(this.answers.get("a")).isCancelled();
		assertThat(this.answers.get("b")).isCompletedWithValue("from b");
	}

	@Test
	void answerAfterTheEndChangesNothing() {
		this.nodes.list("a");
		CompletableFuture<ClusterResult<String>> answer = new CompletableFuture<>();
		CompletableFuture<ClusterResult<Object>> future = this.cluster
			.broadcastAsync((node) -> answer.thenApply((value) -> value));
		advance(1_050);
		answer.complete(null);
		assertThat(future.join().failures()).hasSize(1);
		assertThat(this.recorded).hasSize(1);
	}

	@Test
	void stageThatIsReturnedAfterTheEndIsCancelled() {
		this.nodes.list("a");
		CompletableFuture<String> late = new CompletableFuture<>();
		CompletableFuture<ClusterResult<String>> future = this.cluster.broadcastAsync((node) -> {
			advance(1_040);
			return late;
		});
		assertThat(late).isCancelled();
		assertThat(described(future.join())).containsExactly("a DEADLINE_EXCEEDED NOT_RUN after 1040 ms");
	}

	@Test
	void raceAsksTheBestNodesAndTheNextOneForEachFailure() {
		this.nodes.list("a", "b", "c", "d");
		this.nodes.best = List.of("c", "a", "d", "b");
		CompletableFuture<String> future = this.cluster.raceAsync(2, this::ask);
		assertThat(this.asked).containsExactly("c", "a");
		fail("a", RpcCode.NOT_FOUND, Known.RAN_AND_FAILED);
		assertThat(this.asked).containsExactly("c", "a", "d");
		succeed("d");
		assertThat(future).isCompletedWithValue("from d");
		assertThat(this.asked).doesNotContain("b");
		assertThat(this.answers.get("c")).isCancelled();
		assertThat(this.recorded).containsExactly("RACE SUCCESS 0");
	}

	@Test
	void raceOfMoreNodesThanThereAreAsksAll() {
		this.nodes.list("a", "b");
		CompletableFuture<String> future = this.cluster.raceAsync(9, this::ask);
		assertThat(this.asked).containsExactly("a", "b");
		succeed("b");
		assertThat(future).isCompletedWithValue("from b");
	}

	@Test
	void raceThatAllNodesLoseSaysWhatEachDid() {
		this.nodes.list("a", "b", "c");
		CompletableFuture<String> future = this.cluster.raceAsync(1, this::ask);
		fail("a");
		fail("b", RpcCode.INTERNAL, Known.RAN_AND_FAILED);
		assertThat(future).isNotDone();
		fail("c");
		RpcException failure = failure(future);
		assertThat(failure).isInstanceOf(RpcClusterException.class)
			.hasMessage("race of 1: 0 of 3 nodes succeeded (expected: 1): "
					+ "a UNAVAILABLE NOT_RUN after 0 ms: a is broken; "
					+ "b INTERNAL RAN_AND_FAILED after 0 ms: b is broken; "
					+ "c UNAVAILABLE NOT_RUN after 0 ms: c is broken")
			.hasCause(((RpcClusterException) failure).result().failures().get(0).failure());
		assertThat(failure.code()).isEqualTo(RpcCode.UNAVAILABLE);
		assertThat(failure.known()).isEqualTo(Known.RAN_AND_FAILED);
		assertThat(failure.getSuppressed()).hasSize(2);
		assertThat(this.recorded).containsExactly("RACE FAILURE 0");
	}

	@Test
	void raceOverThousandsOfNodesThatFailAtOnceDoesNotRecurse() {
		this.nodes.list(IntStream.range(0, 20_000).mapToObj((i) -> "n" + i).toArray(String[]::new));
		CompletableFuture<String> future = this.cluster.raceAsync(3,
				(node) -> CompletableFuture.failedFuture(new RpcException(RpcCode.UNAVAILABLE, "no")));
		assertThat(failure(future)).hasMessageContaining("0 of 20000 nodes").hasMessageEndingWith("and 19995 more");
	}

	@Test
	void raceThatNoNodeEndsInTimeFails() {
		this.nodes.list("a", "b", "c");
		CompletableFuture<String> future = this.cluster.raceAsync(2, this::ask);
		advance(1_040);
		RpcException failure = failure(future);
		assertThat(failure.code()).isEqualTo(RpcCode.DEADLINE_EXCEEDED);
		assertThat(failure.known()).isEqualTo(Known.NOT_RUN);
		assertThat(failure).hasMessageContaining("c: no result within 1000 ms, not asked");
	}

	@Test
	void quorumEndsAsSoonAsEnoughHaveSucceeded() {
		this.nodes.list("a", "b", "c");
		CompletableFuture<ClusterResult<String>> future = this.cluster.quorumAsync(2, this::ask);
		assertThat(this.asked).hasSize(3);
		succeed("c");
		assertThat(future).isNotDone();
		succeed("a");
		ClusterResult<String> result = future.join();
		assertThat(described(result)).containsExactly("a OK after 0 ms", "b CANCELLED NOT_RUN after 0 ms",
				"c OK after 0 ms");
		assertThat(result.isComplete()).isTrue();
		assertThat(result.reduce(Collectors.joining(" and "))).isEqualTo("from a and from c");
		assertThat(this.answers.get("b")).isCancelled();
		assertThat(this.recorded).containsExactly("QUORUM SUCCESS 0");
	}

	@Test
	void quorumFailsAsSoonAsItCannotBeReached() {
		this.nodes.list("a", "b", "c");
		CompletableFuture<ClusterResult<String>> future = this.cluster.quorumAsync(2, this::ask);
		succeed("a");
		fail("b");
		assertThat(future).isNotDone();
		fail("c");
		RpcClusterException failure = (RpcClusterException) failure(future);
		assertThat(failure).hasMessageStartingWith("quorum of 2: 1 of 3 nodes succeeded (expected: 2): b UNAVAILABLE");
		assertThat(failure.code()).isEqualTo(RpcCode.UNAVAILABLE);
		assertThat(failure.known()).isEqualTo(Known.MAYBE_RAN);
		assertThat(failure.result().values()).hasSize(1);
	}

	@Test
	void quorumThatCannotBeReachedDoesNotWaitForTheOthers() {
		this.nodes.list("a", "b", "c");
		CompletableFuture<ClusterResult<String>> future = this.cluster.quorumAsync(3, this::ask);
		fail("b");
		assertThat(failure(future)).hasMessageContaining("b is broken").message().doesNotContain("CANCELLED");
		assertThat(this.answers.get("a")).isCancelled();
	}

	@Test
	void quorumOfMoreNodesThanThereAreFailsAtOnce() {
		this.nodes.list("a", "b");
		CompletableFuture<ClusterResult<String>> future = this.cluster.quorumAsync(3, this::ask);
		RpcException failure = failure(future);
		assertThat(failure).hasMessage("quorum of 3: 2 nodes of static://test are listed (expected: 3 or more)");
		assertThat(failure.code()).isEqualTo(RpcCode.FAILED_PRECONDITION);
		assertThat(failure.known()).isEqualTo(Known.NOT_RUN);
		assertThat(this.asked).isEmpty();
	}

	@Test
	void oneNodeIsNotCalledSeveral() {
		this.nodes.list(node("a", "a:1", "gpu"));
		assertThat(failure(this.cluster.quorumAsync(2, this::ask)))
			.hasMessage("quorum of 2: 1 node of static://test is listed (expected: 2 or more)");
		assertThat(failure(this.cluster.withTags("gpu").quorumAsync(2, this::ask)))
			.hasMessage("quorum of 2: 1 node of static://test has the tags [gpu] (expected: 2 or more)");
		assertThat(failure(this.cluster.withTags("tpu").broadcastAsync(this::ask)))
			.hasMessage("broadcast: no node of static://test has the tags [tpu]; there is 1 node with the tags [gpu]");
	}

	@Test
	void unknownNodeIsAMistakeOnAListThatNeverChanges() {
		this.nodes.list("a");
		assertThat(failure(this.cluster.onNodeAsync("b", this::ask)).code()).isEqualTo(RpcCode.UNAVAILABLE);
		this.nodes.fixed = true;
		RpcException failure = failure(this.cluster.onNodeAsync("b", this::ask));
		assertThat(failure).hasMessage("call: no node of static://test is \"b\" (expected: one of [a])");
		assertThat(failure.code()).isEqualTo(RpcCode.INVALID_ARGUMENT);
		assertThat(failure.known()).isEqualTo(Known.NOT_RUN);
	}

	@Test
	void noNodesAtAllAreNone() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.cluster.raceAsync(0, this::ask))
			.withMessage("race: 0 nodes (expected: 1 or more)");
		assertThatIllegalArgumentException().isThrownBy(() -> this.cluster.quorumAsync(0, this::ask))
			.withMessage("quorum: 0 nodes (expected: 1 or more)");
	}

	@Test
	void onNodeAsksThatNodeByIdAddressOrHost() {
		this.nodes.list(node("x", "a:1"), node("y", "b:2"), node("z", "b:3"));
		for (String name : List.of("x", "a:1", "a")) {
			CompletableFuture<String> future = this.cluster.onNodeAsync(name, this::ask);
			succeed("x");
			assertThat(future).as(name).isCompletedWithValue("from x");
		}
		assertThat(failure(this.cluster.onNodeAsync("b", this::ask)))
			.hasMessage("call: 2 nodes of static://test are at \"b\" (expected: one of [x, y, z])");
		assertThat(this.asked).containsOnly("x");
	}

	@Test
	void onNodeFailsWithTheNodesOwnFailure() {
		this.nodes.list("a");
		CompletableFuture<String> future = this.cluster.onNodeAsync("a", this::ask);
		fail("a", RpcCode.NOT_FOUND, Known.RAN_AND_FAILED);
		assertThat(failure(future)).isNotInstanceOf(RpcClusterException.class).hasMessage("a is broken");
		assertThat(this.recorded).containsExactly("ON_NODE FAILURE 0");
	}

	@Test
	void tagsNarrowTheCluster() {
		this.nodes.list(node("a", "a:1", "gpu", "eu"), node("b", "b:1", "gpu"), node("c", "c:1", "eu"));
		assertThat(this.cluster.withTags("gpu").nodes()).extracting(ClusterNode::id).containsExactly("a", "b");
		assertThat(this.cluster.withTags("gpu").withTags("eu").nodes()).extracting(ClusterNode::id)
			.containsExactly("a");
		CompletableFuture<ClusterResult<String>> future = this.cluster.withTags("gpu", "eu").broadcastAsync(this::ask);
		succeed("a");
		assertThat(future.join().outcomes()).hasSize(1);
		assertThat(failure(this.cluster.withTags("tpu").broadcastAsync(this::ask)))
			.hasMessage("broadcast: no node of static://test has the tags [tpu]; there are 3 nodes with "
					+ "the tags [eu, gpu]")
			.extracting(RpcException.class::cast)
			.extracting(RpcException::code)
			.isEqualTo(RpcCode.UNAVAILABLE);
	}

	@Test
	void operationWaitsForTheFirstList() {
		CompletableFuture<ClusterResult<String>> future = this.cluster.broadcastAsync(this::ask);
		assertThat(future).isNotDone();
		advance(900);
		this.nodes.list("a");
		succeed("a");
		assertThat(described(future.join())).containsExactly("a OK after 0 ms");
	}

	@Test
	void operationThatGetsNoListEndsAtItsTime() {
		CompletableFuture<ClusterResult<String>> future = this.cluster.broadcastAsync(this::ask);
		advance(1_040);
		RpcException failure = failure(future);
		assertThat(failure).hasMessage("broadcast: no nodes of test within 1000 ms (phase: resolve)");
		assertThat(failure.code()).isEqualTo(RpcCode.DEADLINE_EXCEEDED);
		assertThat(failure.known()).isEqualTo(Known.NOT_RUN);
	}

	@Test
	void timeIsCountedFromTheBeginningNotFromTheList() {
		CompletableFuture<ClusterResult<String>> future = this.cluster.broadcastAsync(this::ask);
		advance(900);
		this.nodes.list("a");
		advance(140);
		assertThat(described(future.join())).containsExactly("a DEADLINE_EXCEEDED NOT_RUN after 140 ms");
	}

	@Test
	void operationEndsWithTheCallThatItServes() {
		this.nodes.list("a");
		RpcContextSlot.ofCurrentThread().set(ServedCall.of(Duration.ofMillis(200), false));
		CompletableFuture<ClusterResult<String>> future = this.cluster.broadcastAsync(this::ask);
		advance(210);
		assertThat(future).isDone();
	}

	@Test
	void operationsEndWhenTheCallThatTheyServeIsCancelled() {
		this.nodes.list("a", "b");
		ServedCall served = new ServedCall(null);
		RpcContextSlot.ofCurrentThread().set(served);
		CompletableFuture<ClusterResult<String>> first = this.cluster.broadcastAsync(this::ask);
		succeed("a");
		CompletableFuture<String> second = this.cluster.raceAsync(2, this::ask);
		assertThat(served.actions()).as("one action for however many operations").isEqualTo(1);
		RpcContextSlot.ofCurrentThread().set(null);
		CompletableFuture<ClusterResult<String>> other = this.cluster.broadcastAsync(this::ask);
		served.cancel();
		assertThat(described(first.join())).containsExactly("a OK after 0 ms", "b CANCELLED NOT_RUN after 0 ms");
		assertThat(failure(second).code()).isEqualTo(RpcCode.CANCELLED);
		assertThat(failure(second)).hasMessageContaining("the call of Outer.Method that needs it was cancelled");
		assertThat(other).isNotDone();
		assertThat(this.recorded).containsExactlyInAnyOrder("BROADCAST CANCELLED 0", "RACE CANCELLED 0");
		other.cancel(true);
	}

	@Test
	void operationThatWaitsForNodesEndsWhenTheCallThatItServesIsCancelled() {
		ServedCall served = new ServedCall(null);
		RpcContextSlot.ofCurrentThread().set(served);
		CompletableFuture<ClusterResult<String>> future = this.cluster.broadcastAsync(this::ask);
		served.cancel();
		RpcException failure = failure(future);
		assertThat(failure).hasMessage("broadcast: the call of Outer.Method that needs it was cancelled");
		assertThat(failure.code()).isEqualTo(RpcCode.CANCELLED);
		assertThat(failure.known()).isEqualTo(Known.NOT_RUN);
	}

	@Test
	void operationInVainIsNotBegun() {
		this.nodes.list("a");
		RpcContextSlot.ofCurrentThread().set(ServedCall.of(Duration.ofMillis(200), true));
		assertThat(failure(this.cluster.broadcastAsync(this::ask)).code()).isEqualTo(RpcCode.CANCELLED);
		RpcContextSlot.ofCurrentThread().set(ServedCall.of(Duration.ZERO, false));
		assertThat(failure(this.cluster.broadcastAsync(this::ask)).code()).isEqualTo(RpcCode.DEADLINE_EXCEEDED);
		assertThat(this.asked).isEmpty();
	}

	@Test
	void cancellingTheResultEndsTheNodes() {
		this.nodes.list("a", "b");
		CompletableFuture<ClusterResult<String>> broadcast = this.cluster.broadcastAsync(this::ask);
		succeed("a");
		broadcast.cancel(true);
		assertThat(this.answers.get("b")).isCancelled();
		CompletableFuture<String> race = this.cluster.raceAsync(2, this::ask);
		race.complete("decided otherwise");
		assertThat(this.answers.get("a")).isCancelled();
		assertThat(this.answers.get("b")).isCancelled();
		assertThat(this.recorded).containsExactly("BROADCAST CANCELLED 0", "RACE CANCELLED 0");
	}

	@Test
	void closedChannelEndsItsOperations() {
		CompletableFuture<ClusterResult<String>> waiting = this.cluster.broadcastAsync(this::ask);
		this.open.close();
		assertThat(failure(waiting)).hasMessage("broadcast: the channel is closed");
		this.nodes.list("a");
		assertThat(failure(this.cluster.broadcastAsync(this::ask)).code()).isEqualTo(RpcCode.UNAVAILABLE);
	}

	@Test
	void closedChannelLeavesNoNodeWithoutAnOutcome() {
		this.nodes.list("a", "b");
		CompletableFuture<ClusterResult<String>> future = this.cluster.broadcastAsync(this::ask);
		succeed("a");
		this.open.close();
		assertThat(described(future.join())).containsExactly("a OK after 0 ms", "b UNAVAILABLE NOT_RUN after 0 ms");
	}

	@Test
	void whatALambdaThrowsIsTheOutcomeOfItsNode() {
		this.nodes.list("a", "b", "c", "d");
		ClusterResult<String> result = this.cluster.broadcastAsync((node) -> switch (node) {
			case "a" -> throw new IllegalStateException("broken lambda");
			case "b" -> throw new StackOverflowError();
			case "c" -> null;
			default -> CompletableFuture.<String>failedFuture(new RpcException(RpcCode.ABORTED, "conflict"))
				.thenApply(String::strip);
		}).join();
		assertThat(result.failures()).extracting((outcome) -> outcome.failure().code())
			.containsExactly(RpcCode.UNKNOWN, RpcCode.UNKNOWN, RpcCode.INTERNAL, RpcCode.ABORTED);
		assertThat(result.failures().get(0).failure())
			.hasMessage("a: the lambda failed: java.lang.IllegalStateException: broken lambda")
			.hasCauseInstanceOf(IllegalStateException.class);
		assertThat(result.failures().get(2).failure()).hasMessageContaining("returned null");
		assertThat(result.failures().get(3).failure()).hasMessage("conflict");
	}

	@Test
	void lambdaThatBlocksMustNotReturnAStage() {
		this.nodes.list("a", "b");
		assertThatIllegalArgumentException().isThrownBy(() -> this.cluster.broadcast(this::ask))
			.withMessage("broadcast: the lambda returned a CompletionStage, whose result nobody would wait for; "
					+ "use broadcastAsync");
		assertThatIllegalArgumentException().isThrownBy(() -> this.cluster.onNode("a", this::ask))
			.withMessageEndingWith("use onNodeAsync");
		assertThat(this.answers.values()).allMatch(CompletableFuture::isCancelled);
	}

	@Test
	void executorThatRefusesIsAnOutcome() {
		this.nodes.list("a", "b");
		List<Runnable> accepted = new ArrayList<>();
		CompletableFuture<ClusterResult<String>> future = this.cluster.withExecutor((task) -> {
			if (!accepted.isEmpty()) {
				throw new RejectedExecutionException("full");
			}
			accepted.add(task);
		}).broadcastAsync(this::ask);
		accepted.get(0).run();
		succeed("a");
		assertThat(described(future.join())).containsExactly("a OK after 0 ms",
				"b RESOURCE_EXHAUSTED NOT_RUN after 0 ms");
	}

	@Test
	void lambdaWhoseThreadCameTooLateDoesNotRun() {
		this.nodes.list("a");
		List<Runnable> accepted = new ArrayList<>();
		CompletableFuture<ClusterResult<String>> future = this.cluster.withExecutor(accepted::add)
			.broadcastAsync(this::ask);
		advance(1_040);
		assertThat(future).isDone();
		accepted.get(0).run();
		assertThat(this.asked).isEmpty();
	}

	@Test
	void nullsAreValues() {
		this.nodes.list("a", "b");
		ClusterResult<Void> result = this.cluster.broadcastVoid((node) -> {
		});
		assertThat(result.orThrow().values()).containsExactly(null, null);
		assertThat(this.cluster.<String>race(2, (node) -> null)).isNull();
	}

	@Test
	void reduceThrowsUnlessTheResultIsCompleteOrPartial() {
		this.nodes.list("a", "b");
		ClusterResult<Integer> result = this.cluster.broadcast((node) -> {
			if (node.equals("a")) {
				throw new RpcException(RpcCode.DATA_LOSS, "gone");
			}
			return 7;
		});
		assertThatExceptionOfType(RpcClusterException.class)
			.isThrownBy(() -> result.reduce(Collectors.summingInt(Integer::intValue)))
			.withMessage("broadcast: 1 of 2 nodes succeeded (expected: 2): "
					+ "a DATA_LOSS RAN_AND_FAILED after 0 ms: gone");
		assertThat(result.partial().reduce(Collectors.summingInt(Integer::intValue))).isEqualTo(7);
		assertThatExceptionOfType(RpcException.class).isThrownBy(() -> result.outcomes().get(0).value())
			.withMessage("gone");
	}

	@Test
	void optionsNameNoNode() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.cluster.withOptions(RpcOptions.NONE.node("a")))
			.withMessageContaining("use onNode");
		assertThatIllegalArgumentException().isThrownBy(() -> this.cluster.withTimeout(Duration.ZERO));
		assertThatIllegalArgumentException().isThrownBy(() -> this.cluster.withTags(" "));
		assertThat(this.cluster.withTags("gpu"))
			.hasToString("RpcCluster of Test over test static://test with tags [gpu]");
	}

	private static ClusterNode node(String id, String address, String... tags) {
		return new ClusterNode(id, address, Set.of(tags), NodeState.READY);
	}

	/**
	 * Nodes that a test lists.
	 */
	private static final class FakeNodes implements ClusterNodes {

		private final List<Runnable> waiting = new ArrayList<>();

		private List<ClusterNode> nodes = List.of();

		private List<String> best = List.of();

		private boolean fixed;

		void list(String... ids) {
			list(Stream.of(ids).map((id) -> node(id, id + ":1")).toArray(ClusterNode[]::new));
		}

		void list(ClusterNode... nodes) {
			this.nodes = List.of(nodes);
			List<Runnable> tasks = List.copyOf(this.waiting);
			this.waiting.clear();
			tasks.forEach(Runnable::run);
		}

		@Override
		public List<ClusterNode> listed() {
			return this.nodes;
		}

		@Override
		public List<Worker> workers(Set<String> tags) {
			return listed().stream().map((node) -> new Worker(node.id(), 1, Worker.State.READY)).toList();
		}

		@Override
		public Runnable whenListed(Runnable task) {
			if (this.nodes.isEmpty()) {
				this.waiting.add(task);
				return () -> this.waiting.remove(task);
			}
			task.run();
			return () -> {
			};
		}

		@Override
		public String missing() {
			return "no nodes of test";
		}

		@Override
		public boolean isFixed() {
			return this.fixed;
		}

		@Override
		public int[] bestFirst(List<ClusterNode> nodes, String operation, RpcOptions options) {
			List<String> ids = nodes.stream().map(ClusterNode::id).toList();
			return (this.best.isEmpty() ? ids : this.best).stream().mapToInt(ids::indexOf).toArray();
		}

	}

}
