package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.client.CallPolicy;
import io.github.netrpc.client.ClientLimits;
import io.github.netrpc.client.ClientResources;
import io.github.netrpc.client.FakeFormat;
import io.github.netrpc.client.FakeResources;
import io.github.netrpc.client.FakeTimer;
import io.github.netrpc.client.FakeTransport;
import io.github.netrpc.client.FakeTransport.Attempt;
import io.github.netrpc.client.FakeTransport.FakeConnection;
import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.client.Retries;
import io.github.netrpc.client.RetryLimits;
import io.github.netrpc.wire.ValueShape;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a group whose list of nodes changes: calls are made once, and the clock is
 * the test's.
 */
class ChangingNodesTests {

	private static final RpcOptions ONCE = RpcOptions.NONE.noRetry();

	private final FakeTransport transport = new FakeTransport();

	private final FakeTimer timer = new FakeTimer();

	private final FakeDirectory directory = new FakeDirectory();

	private final ClientResources resources = FakeResources.create(this.transport, this.timer, Runnable::run,
			() -> 0.5);

	private final NodeGroup nodes = new NodeGroup("test", "fake://nodes", this.directory, this.resources,
			FakeBalancing.inTurn());

	private final Retries retries = new Retries(RetryLimits.DEFAULT, this.resources, this.nodes.otherNodes());

	private final ChannelInvoker invoker = new ChannelInvoker("test", new FakeFormat(), this.nodes, this.resources,
			this.retries, new MethodSettings(Duration.ofSeconds(10), Map.of(), Set.of()), List.of(),
			(service, method, format) -> CallRecorder.NONE);

	@AfterEach
	void close() {
		this.nodes.close();
		this.retries.close();
		this.resources.close();
		assertThat(this.directory.closed).isPositive();
	}

	private CompletableFuture<String> call() {
		return call(ONCE);
	}

	private CompletableFuture<String> call(RpcOptions options) {
		return this.invoker.callAsync(this.invoker.plan(ServiceMethod.of("S", "M"), ValueShape.EMPTY, ValueShape.EMPTY,
				new CallPolicy(null, false)), options, "x");
	}

	private Attempt attempt(String host) {
		List<Attempt> attempts = attempts(host);
		assertThat(attempts).as("attempts to connect to " + host).isNotEmpty();
		return attempts.get(attempts.size() - 1);
	}

	private List<Attempt> attempts(String host) {
		return this.transport.attempts.stream().filter((each) -> each.address.getHostString().equals(host)).toList();
	}

	/**
	 * Lists nodes, and accepts the connections to them.
	 */
	private List<FakeConnection> connect(String... nodes) {
		call().cancel(true);
		this.directory.list(nodes);
		call().cancel(true);
		List<FakeConnection> connections = new ArrayList<>();
		for (String node : nodes) {
			connections.add(attempt(node.substring(node.indexOf('=') + 1, node.lastIndexOf(':'))).accept());
		}
		connections.forEach(FakeConnection::requests);
		return connections;
	}

	private static void answer(FakeConnection connection, String text) {
		connection.requests().forEach((request) -> connection.receive(request.split(" ")[0] + " ok " + text));
	}

	private static RpcException failure(CompletableFuture<?> call) {
		assertThat(call).isCompletedExceptionally();
		try {
			throw new AssertionError("succeeded: " + call.join());
		}
		catch (CompletionException ex) {
			assertThat(ex.getCause()).isInstanceOf(RpcException.class);
			return (RpcException) ex.getCause();
		}
	}

	private List<String> states() {
		return this.nodes.snapshots().stream().map((node) -> node.id() + " " + node.state()).toList();
	}

	// The first list

	@Test
	void directoryIsWatchedFromTheFirstCallOn() {
		assertThat(this.directory.watched).isZero();
		call();
		call();
		call(ONCE.node("a"));
		assertThat(this.directory.watched).isOne();
	}

	@Test
	void callsWaitForTheFirstListAndThenGoToItsNodes() {
		CompletableFuture<String> first = call();
		CompletableFuture<String> bound = call(ONCE.node("b"));
		assertThat(this.nodes.held()).isEqualTo(2);
		this.directory.list("a:1", "b:2");
		assertThat(this.nodes.held()).isZero();
		FakeConnection b = attempt("b").accept();
		answer(b, "from b");
		assertThat(first).isCompletedWithValue("from b");
		assertThat(bound).isCompletedWithValue("from b");
	}

	@Test
	void callWithoutAListFailsAtItsDeadlineAndSaysWhy() {
		CompletableFuture<String> call = call(ONCE.timeout(Duration.ofMillis(500)));
		this.directory.fail("no such name");
		this.timer.advance(Duration.ofMillis(499));
		assertThat(call).isNotDone();
		this.timer.advance(Duration.ofMillis(1));
		RpcException failure = failure(call);
		assertThat(failure.code()).isEqualTo(RpcCode.DEADLINE_EXCEEDED);
		assertThat(failure.known()).isEqualTo(Known.NOT_RUN);
		assertThat(failure)
			.hasMessageContaining("no nodes of fake://nodes (no such name) within 500 ms, not sent (phase: resolve)");
		assertThat(this.nodes.held()).isZero();
	}

	@Test
	void firstListWithoutNodesIsNoList() {
		CompletableFuture<String> call = call();
		this.directory.list(new NodeEndpoint[0]);
		assertThat(call).isNotDone();
		assertThat(this.nodes.directory().emptyAnswers()).isOne();
		assertThat(this.nodes.directory().age()).isNull();
		this.directory.list("a:1");
		answer(attempt("a").accept(), "late");
		assertThat(call).isCompletedWithValue("late");
	}

	@Test
	void onlySoManyCallsWaitForTheList() {
		int limit = ClientLimits.DEFAULT.waiting();
		List<CompletableFuture<String>> calls = IntStream.range(0, limit).mapToObj((i) -> call()).toList();
		RpcException failure = failure(call());
		assertThat(failure.code()).isEqualTo(RpcCode.RESOURCE_EXHAUSTED);
		assertThat(failure.known()).isEqualTo(Known.NOT_RUN);
		assertThat(failure).hasMessageContaining(limit + " calls wait, no nodes of fake://nodes");
		// One that is given up makes room.
		calls.get(7).cancel(true);
		assertThat(call()).isNotDone();
		assertThat(call()).isCompletedExceptionally();
	}

	@Test
	void callsThatWaitForTheListFailWhenTheChannelCloses() {
		CompletableFuture<String> call = call();
		this.nodes.close();
		RpcException failure = failure(call);
		assertThat(failure.code()).isEqualTo(RpcCode.UNAVAILABLE);
		assertThat(failure.known()).isEqualTo(Known.NOT_RUN);
		assertThat(failure(call())).hasMessageContaining("closed");
		this.directory.list("a:1");
		assertThat(this.transport.attempts).isEmpty();
	}

	// Changes

	@Test
	void newNodeIsConnectedByTheNextCallAndGetsItsShare() {
		FakeConnection a = connect("a:1").get(0);
		this.directory.list("a:1", "b:2");
		call();
		assertThat(a.requests()).hasSize(1);
		FakeConnection b = attempt("b").accept();
		IntStream.range(0, 10).forEach((i) -> call());
		assertThat(a.requests()).hasSize(5);
		assertThat(b.requests()).hasSize(5);
		assertThat(attempts("a")).hasSize(1);
	}

	@Test
	void nodeThatIsGoneEndsItsCallsAndGetsNoOthers() {
		List<FakeConnection> both = connect("a:1", "b:2");
		List<CompletableFuture<String>> calls = IntStream.range(0, 4).mapToObj((i) -> call()).toList();
		this.directory.list("b:2");
		assertThat(states()).containsExactly("b:2 READY", "a:1 DRAINING");
		IntStream.range(0, 10).forEach((i) -> call());
		List<String> last = both.get(0).requests();
		assertThat(last).hasSize(2);
		assertThat(both.get(1).requests()).hasSize(12);
		both.get(0).receive(last.get(0).split(" ")[0] + " ok first");
		assertThat(states()).hasSize(2);
		both.get(0).receive(last.get(1).split(" ")[0] + " ok second");
		assertThat(states()).containsExactly("b:2 READY");
		assertThat(calls.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join))
			.containsExactly("first", "second");
		assertThat(both.get(0).send(null)).isFalse();
		assertThat(this.nodes.snapshots().get(0).failures()).isZero();
	}

	@Test
	void callOfANodeThatIsGoneEndsAtItsDeadline() {
		FakeConnection a = connect("a:1", "b:2").get(0);
		CompletableFuture<String> call = call(ONCE.node("a:1").timeout(Duration.ofSeconds(1)));
		assertThat(a.requests()).hasSize(1);
		this.directory.list("b:2");
		this.timer.advance(Duration.ofSeconds(2));
		assertThat(failure(call).code()).isEqualTo(RpcCode.DEADLINE_EXCEEDED);
		assertThat(states()).containsExactly("b:2 READY");
	}

	@Test
	void callsThatWaitAtANodeThatIsGoneGoToAnother() {
		call().cancel(true);
		this.directory.list("a:1");
		CompletableFuture<String> call = call();
		CompletableFuture<String> bound = call(ONCE.node("a:1"));
		this.directory.list("b:2");
		assertThat(states()).containsExactly("b:2 CONNECTING");
		RpcException failure = failure(bound);
		assertThat(failure.code()).isEqualTo(RpcCode.UNAVAILABLE);
		assertThat(failure.known()).isEqualTo(Known.NOT_RUN);
		assertThat(failure).hasMessageContaining("a:1 is not among the nodes any more");
		answer(attempt("b").accept(), "from b");
		assertThat(call).isCompletedWithValue("from b");
		// Accepted too late.
		FakeConnection late = attempt("a").accept();
		assertThat(late.send(null)).isFalse();
	}

	@Test
	void nodeThatComesBackWhileItDrainsIsOpenedAnew() {
		List<FakeConnection> both = connect("a:1", "b:2");
		CompletableFuture<String> call = call(ONCE.node("a:1"));
		this.directory.list("b:2");
		this.directory.list("a:1", "b:2");
		assertThat(states()).containsExactly("a:1 IDLE", "b:2 READY", "a:1 DRAINING");
		call();
		FakeConnection again = attempt("a").accept();
		assertThat(attempts("a")).hasSize(2);
		answer(both.get(0), "old");
		assertThat(call).isCompletedWithValue("old");
		assertThat(states()).containsExactly("a:1 READY", "b:2 READY");
		CompletableFuture<String> next = call(ONCE.node("a:1"));
		answer(again, "new");
		assertThat(next).isCompletedWithValue("new");
	}

	@Test
	void sameIdAtAnotherAddressIsAnotherNode() {
		FakeConnection old = connect("n=a:1").get(0);
		CompletableFuture<String> call = call(ONCE.node("n"));
		this.directory.list("n=b:2");
		assertThat(states()).containsExactly("n IDLE", "n DRAINING");
		CompletableFuture<String> next = call(ONCE.node("n"));
		answer(attempt("b").accept(), "from b");
		answer(old, "from a");
		assertThat(next).isCompletedWithValue("from b");
		assertThat(call).isCompletedWithValue("from a");
		assertThat(this.nodes.snapshots()).extracting(NodeSnapshot::address).containsExactly("b:2");
	}

	@Test
	void otherMetadataIsNoOtherNode() {
		connect("a:1");
		this.directory.list(new NodeEndpoint("a:1", "a", 1, Map.of("rpc-tags", "gpu, eu", "rpc-weight", "2.5")));
		NodeSnapshot node = this.nodes.snapshots().get(0);
		assertThat(node.state()).isEqualTo(NodeState.READY);
		assertThat(node.tags()).containsExactlyInAnyOrder("gpu", "eu");
		assertThat(node.weight()).isEqualTo(2.5);
		assertThat(attempts("a")).hasSize(1);
	}

	@Test
	void nodeIsChosenByItsIdItsAddressOrItsHost() {
		FakeConnection b = connect("n=a:1", "m=b:2").get(1);
		for (String name : List.of("m", "b:2", "b")) {
			call(ONCE.node(name));
			assertThat(b.requests()).as(name).hasSize(1);
		}
		RpcException failure = failure(call(ONCE.node("x")));
		assertThat(failure.code()).isEqualTo(RpcCode.UNAVAILABLE);
		assertThat(failure.known()).isEqualTo(Known.NOT_RUN);
		assertThat(failure).hasMessageContaining("no node is \"x\" (expected: one of [n, m])");
	}

	@Test
	void secondNodeWithTheSameIdIsLeftOut() {
		connect("n=a:1");
		this.directory.list("n=a:1", "n=b:2");
		assertThat(this.nodes.snapshots()).extracting(NodeSnapshot::address).containsExactly("a:1");
	}

	@Test
	void listThatIsTooLongIsCut() {
		call().cancel(true);
		this.directory.list(IntStream.rangeClosed(1, MemberRegistry.MOST_NODES + 1)
			.mapToObj((port) -> NodeEndpoint.of("a", port))
			.toArray(NodeEndpoint[]::new));
		assertThat(this.nodes.snapshots()).hasSize(MemberRegistry.MOST_NODES)
			.extracting(NodeSnapshot::id)
			.endsWith("a:10000");
	}

	// What keeps the list

	@Test
	void emptyOrFailedAnswerKeepsTheListAndItsAgeGrows() {
		FakeConnection a = connect("a:1").get(0);
		this.timer.advance(Duration.ofSeconds(3));
		this.directory.list(new NodeEndpoint[0]);
		this.directory.fail("connection refused\n by the registry");
		DirectorySnapshot directory = this.nodes.directory();
		assertThat(directory.age()).isEqualTo(Duration.ofSeconds(3));
		assertThat(directory.answers()).isOne();
		assertThat(directory.emptyAnswers()).isOne();
		assertThat(directory.failures()).isOne();
		assertThat(directory.lastFailure()).isEqualTo("connection refused? by the registry");
		assertThat(directory.lastFailureTime()).isEqualTo(this.timer.now());
		assertThat(states()).containsExactly("a:1 READY");
		CompletableFuture<String> call = call();
		answer(a, "still there");
		assertThat(call).isCompletedWithValue("still there");
	}

	@Test
	void goodAnswerThatChangesNothingRenewsTheAge() {
		connect("a:1");
		this.timer.advance(Duration.ofSeconds(3));
		this.directory.list("a:1");
		assertThat(this.nodes.directory().age()).isZero();
		assertThat(this.nodes.directory().answers()).isEqualTo(2);
		assertThat(attempts("a")).hasSize(1);
	}

	@Test
	void directoryIsAskedWhenNoNodeCanBeConnectedTo() {
		List<FakeConnection> both = connect("a:1", "b:2");
		both.get(0).lose();
		assertThat(this.directory.refreshed).isZero();
		both.get(1).lose();
		assertThat(this.directory.refreshed).isOne();
	}

}
