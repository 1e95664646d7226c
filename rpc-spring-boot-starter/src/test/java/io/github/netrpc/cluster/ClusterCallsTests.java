package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCall;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.RpcReply;
import io.github.netrpc.annotation.Idempotent;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.client.FakeFormat;
import io.github.netrpc.client.FakeTimer;
import io.github.netrpc.client.FakeTransport;
import io.github.netrpc.client.FakeTransport.Attempt;
import io.github.netrpc.client.FakeTransport.FakeConnection;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the calls that operations on a cluster make: three nodes whose bytes the test
 * reads and writes, and a clock that it moves.
 */
class ClusterCallsTests {

	private final FakeTransport transport = new FakeTransport();

	private final FakeTimer timer = new FakeTimer();

	private final RpcChannel channel = builder().build();

	private final RpcCluster<Service> cluster = this.channel.cluster(Service.class);

	private final Map<String, FakeConnection> connections = new HashMap<>();

	private RpcChannelBuilder builder() {
		return RpcChannel.builder()
			.name("test")
			.target("a:1,b:2,c:3")
			.format(new FakeFormat())
			.transport(this.transport)
			.timeout(Duration.ofSeconds(1))
			.callbackExecutor(Runnable::run)
			.time(this.timer, Runnable::run, () -> 0.5);
	}

	@BeforeEach
	void connect() {
		this.channel.callAsync("S.M", "first", String.class);
		for (Attempt attempt : this.transport.attempts) {
			FakeConnection connection = attempt.accept();
			connection.greet(true);
			connection.requests().forEach((line) -> connection.receive(line.split(" ")[0] + " +ok x"));
			this.connections.put(attempt.address.getHostString(), connection);
		}
	}

	@AfterEach
	void close() {
		this.channel.close();
	}

	private FakeConnection node(String host) {
		return this.connections.get(host);
	}

	private void answer(String host, String reply) {
		FakeConnection node = node(host);
		node.receive(node.seq() + " +" + reply);
	}

	private void advance(int millis) {
		this.timer.advance(Duration.ofMillis(millis));
	}

	private static List<String> described(ClusterResult<?> result) {
		return result.outcomes().stream().map(Object::toString).toList();
	}

	private static RpcException failure(CompletableFuture<?> future) {
		assertThat(future).isCompletedExceptionally();
		try {
			throw new AssertionError("succeeded: " + future.join());
		}
		catch (CompletionException ex) {
			return (RpcException) ex.getCause();
		}
	}

	@Test
	void eachNodeGetsItsOwnCall() {
		CompletableFuture<ClusterResult<String>> future = this.cluster
			.withOptions(RpcOptions.NONE.metadata("tenant", "acme"))
			.broadcastAsync((node) -> node.mAsync("hello").thenApply((text) -> text + "!"));
		for (String host : List.of("a", "b", "c")) {
			assertThat(node(host).requests()).singleElement()
				.satisfies((line) -> assertThat(line).endsWith(" S.M hello {tenant=acme}"));
		}
		assertThat(future).isNotDone();
		this.channel.close();
		assertThat(future.join().failures()).hasSize(3);
	}

	@Test
	void valuesAndFailuresAreThoseOfTheCalls() {
		CompletableFuture<ClusterResult<String>> future = this.cluster
			.broadcastAsync((node) -> node.mAsync("hello").thenApply((text) -> text + "!"));
		answer("a", "ok from a");
		answer("b", "coded NOT_FOUND RAN_AND_FAILED nothing there");
		node("c").seq();
		node("c").lose();
		assertThat(described(future.join())).containsExactly("a:1 OK after 0 ms",
				"b:2 NOT_FOUND RAN_AND_FAILED after 0 ms", "c:3 UNAVAILABLE MAYBE_RAN after 0 ms");
		assertThat(future.join().values()).containsExactly("from a!");
		assertThat(future.join().failures().get(0).failure()).hasMessage("nothing there");
	}

	@Test
	void nodeThatRefusesConnectionsHasAnOutcome() {
		node("b").lose();
		advance(200);
		Attempt again = this.transport.attempts.get(this.transport.attempts.size() - 1);
		assertThat(again.address.getHostString()).isEqualTo("b");
		again.refuse();
		CompletableFuture<ClusterResult<String>> future = this.cluster.withOptions(RpcOptions.NONE.noRetry())
			.broadcastAsync((node) -> node.mAsync("hello"));
		answer("a", "ok 1");
		answer("c", "ok 3");
		assertThat(described(future.join())).containsExactly("a:1 OK after 0 ms", "b:2 UNAVAILABLE NOT_RUN after 0 ms",
				"c:3 OK after 0 ms");
	}

	@Test
	void retriesOfAnIdempotentMethodStayOnTheNode() {
		CompletableFuture<String> future = this.cluster.onNodeAsync("b", (node) -> node.safeAsync("hello"));
		answer("b", "coded UNAVAILABLE NOT_RUN the node is stopping");
		assertThat(node("a").requests()).isEmpty();
		assertThat(node("c").requests()).isEmpty();
		advance(50);
		answer("b", "ok again");
		assertThat(future).isCompletedWithValue("again");
	}

	@Test
	void losersOfARaceAreCancelledAtTheirNodes() {
		CompletableFuture<String> future = this.cluster.raceAsync(3,
				(node) -> node.mAsync("hello").thenApply((x) -> x));
		String loser = node("c").seq();
		node("b").seq();
		answer("a", "ok first");
		assertThat(future).isCompletedWithValue("first");
		assertThat(node("c").control()).singleElement()
			.satisfies((line) -> assertThat(line).contains("_goRPC_.Cancel " + loser));
		assertThat(node("b").control()).hasSize(1);
		assertThat(node("a").control()).isEmpty();
		assertThat(this.channel.inFlight()).isZero();
	}

	@Test
	void callsEndWithTheOperationEvenIfNobodyHoldsTheirFutures() {
		List<CompletableFuture<String>> forgotten = new ArrayList<>();
		CompletableFuture<ClusterResult<String>> future = this.cluster.broadcastAsync((node) -> {
			forgotten.add(node.mAsync("forgotten"));
			return CompletableFuture.completedFuture("done");
		});
		assertThat(future.join().isComplete()).isTrue();
		assertThat(forgotten).hasSize(3).allMatch(CompletableFuture::isDone);
		assertThat(failure(forgotten.get(0)).code()).isEqualTo(RpcCode.CANCELLED);
		assertThat(node("a").control()).hasSize(1);
	}

	@Test
	void timeOfTheOperationEndsItsCallsAndSaysWhatIsKnown() {
		node("b").lose();
		CompletableFuture<ClusterResult<String>> future = this.cluster.withTimeout(Duration.ofMillis(300))
			.broadcastAsync((node) -> node.mAsync("hello"));
		answer("a", "ok 1");
		String slow = node("c").seq();
		advance(315);
		assertThat(described(future.join())).containsExactly("a:1 OK after 0 ms",
				"b:2 DEADLINE_EXCEEDED NOT_RUN after 300 ms", "c:3 DEADLINE_EXCEEDED MAYBE_RAN after 315 ms");
		assertThat(future.join().failures().get(0).failure()).hasMessageContaining("phase: connect");
		assertThat(node("c").control()).anySatisfy((line) -> assertThat(line).contains("_goRPC_.Cancel " + slow));
	}

	@Test
	void callMayTakeLessThanTheOperationButNotMore() {
		CompletableFuture<ClusterResult<String>> future = this.cluster
			.withOptions(RpcOptions.NONE.timeout(Duration.ofMillis(100)))
			.broadcastAsync((node) -> node.mAsync("hello"));
		advance(125);
		assertThat(described(future.join()))
			.allSatisfy((line) -> assertThat(line).contains("DEADLINE_EXCEEDED MAYBE_RAN after 125 ms"));
		CompletableFuture<ClusterResult<String>> longer = this.cluster.withTimeout(Duration.ofMillis(100))
			.withOptions(RpcOptions.NONE.timeout(Duration.ofSeconds(5)))
			.broadcastAsync((node) -> node.mAsync("hello"));
		advance(105);
		assertThat(longer).isDone();
	}

	@Test
	void proxyOfAnEndedOperationCallsNobody() {
		AtomicReference<Service> escaped = new AtomicReference<>();
		this.cluster.onNodeAsync("a", (node) -> {
			escaped.set(node);
			return CompletableFuture.completedFuture("done");
		});
		RpcException failure = failure(escaped.get().mAsync("late"));
		assertThat(failure).hasMessage("S.M: the call had its result, not sent");
		assertThat(failure.code()).isEqualTo(RpcCode.CANCELLED);
		assertThat(failure.known()).isEqualTo(Known.NOT_RUN);
		assertThat(node("a").requests()).isEmpty();
	}

	@Test
	void optionsOfALambdaDoNotLeadToAnotherNode() {
		this.cluster.onNodeAsync("b:2", (node) -> RpcOptions.of(node).node("a:1").proxy().mAsync("hello"));
		assertThat(node("a").requests()).isEmpty();
		assertThat(node("b").requests()).hasSize(1);
	}

	@Test
	void interceptorsDoNotLeadToAnotherNodeNorBeyondTheEnd() {
		List<Runnable> held = new ArrayList<>();
		List<CompletableFuture<RpcReply>> replies = new ArrayList<>();
		RpcChannel own = builder().interceptor((call, next) -> {
			RpcCall elsewhere = call.withOptions(call.options().node("a:1"));
			if (call.options().node().equals("b:2")) {
				return next.proceed(elsewhere);
			}
			CompletableFuture<RpcReply> reply = new CompletableFuture<>();
			held.add(() -> next.proceed(elsewhere)
				.whenComplete((value, failure) -> reply.completeExceptionally(failure)));
			replies.add(reply);
			return reply;
		}).build();
		CompletableFuture<ClusterResult<String>> future = own.cluster(Service.class)
			.quorumAsync(1, (node) -> node.mAsync("hello"));
		Attempt attempt = this.transport.attempts.get(this.transport.attempts.size() - 1);
		assertThat(attempt.address.getHostString()).isEqualTo("b");
		FakeConnection b = attempt.accept();
		b.greet(true);
		b.receive(b.seq() + " +ok from b");
		assertThat(described(future.join())).containsExactly("a:1 CANCELLED NOT_RUN after 0 ms", "b:2 OK after 0 ms",
				"c:3 CANCELLED NOT_RUN after 0 ms");
		int attempts = this.transport.attempts.size();
		held.forEach(Runnable::run);
		assertThat(this.transport.attempts).hasSize(attempts);
		assertThat(failure(replies.get(0)).code()).isEqualTo(RpcCode.CANCELLED);
		assertThat(b.requests()).isEmpty();
		own.close();
	}

	@Test
	void failureOfTheFirstCallIsKnownToHaveNotRunOnlyIfNoneBeforeDid() {
		CompletableFuture<ClusterResult<String>> future = this.cluster.withTimeout(Duration.ofMillis(300))
			.broadcastAsync((node) -> node.mAsync("first").thenCompose((first) -> new CompletableFuture<>()));
		answer("a", "ok ran");
		answer("b", "coded RESOURCE_EXHAUSTED NOT_RUN full");
		advance(400);
		assertThat(described(future.join()).get(0)).startsWith("a:1 DEADLINE_EXCEEDED MAYBE_RAN");
	}

	@Test
	void lambdaThatBlocksLeavesNoCallsBehind() {
		CompletableFuture<?> misuse = CompletableFuture
			.supplyAsync(() -> this.cluster.broadcastVoid((node) -> node.mAsync("forgotten")), Runnable::run);
		assertThat(misuse).failsWithin(Duration.ZERO)
			.withThrowableThat()
			.havingRootCause()
			.isInstanceOf(IllegalArgumentException.class)
			.withMessage("broadcast: the lambda returned before calls had ended that it had begun; use broadcastAsync");
		assertThat(this.channel.inFlight()).isZero();
	}

	/**
	 * What the nodes offer.
	 */
	@RpcService("S")
	interface Service {

		String m(String text);

		CompletableFuture<String> mAsync(String text);

		@Idempotent
		String safe(String text);

		CompletableFuture<String> safeAsync(String text);

	}

}
