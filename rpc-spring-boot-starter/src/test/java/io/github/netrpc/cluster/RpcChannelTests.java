package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.Known;
import io.github.netrpc.RpcCall;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.RpcReply;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.client.ClientInterceptor;
import io.github.netrpc.client.FakeFormat;
import io.github.netrpc.client.FakeTransport;
import io.github.netrpc.client.FakeTransport.Attempt;
import io.github.netrpc.client.FakeTransport.FakeConnection;
import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.client.RetryLimits;
import io.github.netrpc.type.TypeRef;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RpcChannel} over several nodes.
 */
class RpcChannelTests {

	private static final RetryLimits ONCE = new RetryLimits(1, Duration.ofMillis(100), Duration.ofSeconds(1), 0.1, 10);

	private final FakeTransport transport = new FakeTransport();

	private final List<String> recorders = new ArrayList<>();

	private final RpcChannel channel = builder().build();

	private RpcChannelBuilder builder() {
		return RpcChannel.builder()
			.name("test")
			.target("a:1,b:2,c:3")
			.format(new FakeFormat())
			.transport(this.transport)
			.callbackExecutor(Runnable::run)
			.recorders((service, method, format) -> {
				this.recorders.add(service + "." + method + " " + format);
				return CallRecorder.NONE;
			});
	}

	@AfterEach
	void close() {
		this.channel.close();
	}

	private CompletableFuture<String> call() {
		return this.channel.callAsync("S.M", "x", String.class);
	}

	private Attempt attempt(String host) {
		return this.transport.attempts.stream()
			.filter((each) -> each.address.getHostString().equals(host))
			.findFirst()
			.orElseThrow();
	}

	@Test
	void firstCallConnectsAllNodes() {
		assertThat(this.transport.attempts).isEmpty();
		CompletableFuture<String> call = call();
		assertThat(this.transport.attempts).hasSize(3);
		assertThat(this.channel.inFlight()).isEqualTo(1);
		assertThat(call).isNotDone();
	}

	@Test
	void callThatWaitsGoesToWhicheverNodeConnectsFirst() {
		CompletableFuture<String> call = call();
		FakeConnection connection = attempt("c").accept();
		connection.receive(connection.awaitSeq() + " ok from c");
		assertThat(call).isCompletedWithValue("from c");
	}

	@Test
	void callThatWaitsSurvivesNodesThatRefuse() {
		CompletableFuture<String> call = call();
		attempt("a").refuse();
		attempt("b").refuse();
		assertThat(call).isNotDone();
		FakeConnection connection = attempt("c").accept();
		connection.receive(connection.awaitSeq() + " ok from c");
		assertThat(call).isCompletedWithValue("from c");
	}

	@Test
	void callThatWaitsFailsWhenEveryNodeHasRefused() {
		try (RpcChannel once = builder().retryLimits(ONCE).build()) {
			CompletableFuture<String> call = once.callAsync("S.M", "x", String.class);
			for (String host : List.of("a", "b", "c")) {
				assertThat(call).isNotDone();
				attempt(host).refuse();
			}
			assertThat(call).isCompletedExceptionally();
			assertThatExceptionOfType(Exception.class).isThrownBy(call::join)
				.havingCause()
				.withMessageContaining("none of 3 nodes")
				.withMessageContaining("Connection refused");
		}
	}

	@Test
	void callsGoRoundRobinToConnectedNodesOnly() {
		CompletableFuture<String> connecting = call();
		FakeConnection first = attempt("a").accept();
		first.receive(first.awaitSeq() + " ok x");
		assertThat(connecting).isCompletedWithValue("x");
		FakeConnection third = attempt("c").accept();
		IntStream.range(0, 10).forEach((i) -> call());
		assertThat(first.requests()).hasSize(5);
		assertThat(third.requests()).hasSize(5);
		first.lose();
		IntStream.range(0, 10).forEach((i) -> call());
		assertThat(third.requests()).hasSize(10);
	}

	@Test
	void snapshotsShowEachNode() {
		call();
		attempt("b").accept().awaitSeq();
		assertThat(this.channel.nodes()).extracting(NodeSnapshot::address).containsExactly("a:1", "b:2", "c:3");
		assertThat(this.channel.nodes()).extracting(NodeSnapshot::state)
			.containsExactly(NodeState.CONNECTING, NodeState.READY, NodeState.CONNECTING);
		assertThat(this.channel.nodes()).extracting(NodeSnapshot::inFlight).containsExactly(0, 1, 0);
	}

	@Test
	void eachMethodHasOneRecorderAndNamesBeyondAThousandAreUnknown() {
		for (int i = 0; i < 1_100; i++) {
			this.channel.callAsync("S.M" + i, "x", String.class).cancel(true);
			this.channel.callAsync("S.M" + i, "x", Long.class).cancel(true);
		}
		assertThat(this.recorders.stream().filter((each) -> !each.startsWith("unknown")).toList()).hasSize(1_000)
			.doesNotHaveDuplicates()
			.contains("S.M0 fake", "S.M999 fake");
		assertThat(this.recorders).contains("unknown.unknown fake");
	}

	@Test
	void callsFailAfterClose() {
		CompletableFuture<String> call = call();
		this.channel.close();
		assertThat(call).isCompletedExceptionally();
		assertThatExceptionOfType(RpcException.class).isThrownBy(() -> this.channel.call("S.M", "x", String.class))
			.satisfies((ex) -> assertThat(ex.code()).isEqualTo(RpcCode.UNAVAILABLE));
	}

	@Test
	void closingEndsCallsBehindACallbackThatBlocks() throws Exception {
		ExecutorService executor = Executors.newCachedThreadPool();
		CountDownLatch blocked = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		try (RpcChannel own = builder().callbackExecutor(executor).retryLimits(ONCE).build()) {
			CompletableFuture<String> first = own.callAsync("S.M", "x", String.class);
			CompletableFuture<Void> callback = first.thenAccept((reply) -> {
				blocked.countDown();
				await(release);
			});
			CompletableFuture<String> second = own.callAsync("S.M", "y", String.class);
			FakeConnection connection = attempt("a").accept();
			connection.receive(connection.awaitSeqs(2).get(0) + " ok first");
			assertThat(blocked.await(10, TimeUnit.SECONDS)).isTrue();
			own.close();
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> second.get(10, TimeUnit.SECONDS))
				.havingCause()
				.isInstanceOfSatisfying(RpcException.class,
						(ex) -> assertThat(ex.code()).isEqualTo(RpcCode.UNAVAILABLE));
			assertThat(callback).isNotDone();
		}
		finally {
			release.countDown();
			executor.shutdown();
		}
	}

	@Test
	void closingEndsCallsWhoseExecutorWasShutDown() throws Exception {
		ExecutorService executor = Executors.newSingleThreadExecutor();
		CountDownLatch blocked = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		try (RpcChannel own = builder().callbackExecutor(executor).retryLimits(ONCE).build()) {
			CompletableFuture<String> call = own.callAsync("S.M", "x", String.class);
			FakeConnection connection = attempt("a").accept();
			executor.execute(() -> {
				blocked.countDown();
				await(release);
			});
			assertThat(blocked.await(10, TimeUnit.SECONDS)).isTrue();
			connection.receive(connection.awaitSeq() + " ok first");
			assertThat(executor.shutdownNow()).hasSize(1);
			own.close();
			assertThat(call.get(10, TimeUnit.SECONDS)).isEqualTo("first");
		}
		finally {
			release.countDown();
		}
	}

	@Test
	void synchronousCallOfACallbackThatHoldsTheOnlyThreadEndsThoughItsInterceptorDoesNotAnswer() throws Exception {
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try (RpcChannel own = builder().callbackExecutor(executor)
			.interceptor(new HoldingInterceptor())
			.methodTimeout("S.Held", Duration.ofMillis(100))
			.build()) {
			CompletableFuture<String> outer = own.callAsync("S.M", "x", String.class);
			CompletableFuture<String> inner = outer.thenApply((reply) -> own.call("S.Held", "y", String.class));
			FakeConnection connection = attempt("a").accept();
			connection.receive(connection.awaitSeq() + " ok first");
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> inner.get(10, TimeUnit.SECONDS))
				.havingCause()
				.withMessage("S.Held: no answer from its interceptors within 100 ms")
				.isInstanceOfSatisfying(RpcException.class, (ex) -> assertThat(ex.known()).isEqualTo(Known.NOT_RUN));
		}
		finally {
			executor.shutdown();
		}
	}

	@Test
	void closingEndsASynchronousCallOfACallbackThatHoldsTheOnlyThread() throws Exception {
		ExecutorService executor = Executors.newSingleThreadExecutor();
		HoldingInterceptor interceptor = new HoldingInterceptor();
		try (RpcChannel own = builder().callbackExecutor(executor).interceptor(interceptor).build()) {
			CompletableFuture<String> outer = own.callAsync("S.M", "x", String.class);
			CompletableFuture<String> inner = outer.thenApply((reply) -> own.call("S.Held", "y", String.class));
			FakeConnection connection = attempt("a").accept();
			connection.receive(connection.awaitSeq() + " ok first");
			assertThat(interceptor.holds.await(10, TimeUnit.SECONDS)).isTrue();
			own.close();
			// Well before the deadline after 10 seconds.
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> inner.get(5, TimeUnit.SECONDS))
				.havingCause()
				.withMessage("S.Held: the channel is closed")
				.isInstanceOfSatisfying(RpcException.class, (ex) -> {
					assertThat(ex.code()).isEqualTo(RpcCode.UNAVAILABLE);
					assertThat(ex.known()).isEqualTo(Known.NOT_RUN);
				});
		}
		finally {
			executor.shutdown();
		}
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void synchronousCallOnAnIoThreadFailsAtOnce() {
		this.transport.inIoThread = true;
		assertThatExceptionOfType(RpcException.class).isThrownBy(() -> this.channel.call("S.M", "x", String.class))
			.withMessage("S.M: a synchronous call on an I/O thread would block it, use callAsync")
			.satisfies((ex) -> {
				assertThat(ex.code()).isEqualTo(RpcCode.FAILED_PRECONDITION);
				assertThat(ex.known()).isEqualTo(Known.NOT_RUN);
			});
		assertThat(this.channel.inFlight()).isZero();
		CompletableFuture<String> call = call();
		FakeConnection connection = attempt("a").accept();
		connection.receive(connection.awaitSeq() + " ok async");
		assertThat(call).isCompletedWithValue("async");
	}

	@Test
	void collectionOrMapByNameIsRefusedWithWhatToDoInstead() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.channel.call("X.Sum", List.of(1, 2), Long.class))
			.withMessageContaining("argument of X.Sum: a java.util.ImmutableCollections$")
			.withMessageContaining("channel.method(\"X.Sum\", new TypeRef<List<…>>() { }, …)");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.channel.callAsync("X.Sum", Map.of("a", 1), new TypeRef<List<Long>>() {
			}))
			.withMessageContaining("new TypeRef<Map<…, …>>() { }");
		assertThat(this.channel.inFlight()).isZero();
		CompletableFuture<Long> call = this.channel.method("X.Sum", new TypeRef<List<Integer>>() {
		}, new TypeRef<Long>() {
		}).callAsync(List.of(1, 2));
		assertThat(call).isNotDone();
		assertThat(this.channel.inFlight()).isEqualTo(1);
	}

	@Test
	void configuredTimeoutOfAMethodEndsItsCalls() {
		try (RpcChannel quick = builder().methodTimeout("slow", Duration.ofMillis(1)).build()) {
			assertThatExceptionOfType(RpcException.class).isThrownBy(() -> quick.call("S.Slow", "x", String.class))
				.withMessageContaining("1 ms")
				.satisfies((ex) -> assertThat(ex.code()).isEqualTo(RpcCode.DEADLINE_EXCEEDED));
		}
	}

	@Test
	void unusableSettingsAreRefusedByName() {
		assertThatIllegalArgumentException().isThrownBy(() -> builder().timeout(Duration.ZERO).build())
			.withMessageContaining("timeout: PT0S");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> builder().methodTimeout("add", Duration.ofMillis(-1)).build())
			.withMessageContaining("timeout of add");
		assertThatIllegalArgumentException().isThrownBy(() -> RpcChannel.builder().target("a:1").codec("xml").build())
			.withMessageContaining("\"xml\"")
			.withMessageContaining("gob or json");
		assertThatIllegalArgumentException().isThrownBy(() -> builder().http(true).path("no slash").build())
			.withMessageContaining("no slash");
		assertThatIllegalArgumentException().isThrownBy(() -> RpcChannel.builder().build())
			.withMessageContaining("target");
	}

	/**
	 * Never answers calls of one method.
	 */
	private static final class HoldingInterceptor implements ClientInterceptor {

		private final CountDownLatch holds = new CountDownLatch(1);

		@Override
		public CompletionStage<RpcReply> intercept(RpcCall call, Next next) {
			this.holds.countDown();
			return new CompletableFuture<>();
		}

		@Override
		public boolean appliesTo(String channel, ServiceMethod method) {
			return method.name().equals("S.Held");
		}

	}

}
