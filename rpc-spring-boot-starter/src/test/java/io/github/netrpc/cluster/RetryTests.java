package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.Known;
import io.github.netrpc.RpcAttempt;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.client.CallPlan;
import io.github.netrpc.client.CallPolicy;
import io.github.netrpc.client.ClientResources;
import io.github.netrpc.client.FakeFormat;
import io.github.netrpc.client.FakeResources;
import io.github.netrpc.client.FakeTimer;
import io.github.netrpc.client.FakeTransport;
import io.github.netrpc.client.FakeTransport.Attempt;
import io.github.netrpc.client.FakeTransport.FakeConnection;
import io.github.netrpc.client.Retries;
import io.github.netrpc.client.RetryLimits;
import io.github.netrpc.wire.ValueShape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for calls that are tried again: two nodes, and a clock that the test moves.
 */
class RetryTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final FakeTransport transport = new FakeTransport();

	private final FakeTimer timer = new FakeTimer();

	private final AtomicReference<Double> random = new AtomicReference<>(0.5);

	private final List<Runnable> tasks = new ArrayList<>();

	/** Whether the executor has no time until the test runs its tasks. */
	private boolean busy;

	private final List<String> recorded = Collections.synchronizedList(new ArrayList<>());

	/** Whether our own threads have time when the executor has none. */
	private boolean spare;

	private final ClientResources resources = FakeResources.create(this.transport, this.timer, this::execute,
			this::executeInternal, this.random::get);

	private final NodeGroup nodes = new NodeGroup("test", "a:1,b:2", StaticDirectory.of("a:1,b:2"), this.resources,
			FakeBalancing.inTurn());

	private final Retries retries = new Retries(RetryLimits.DEFAULT, this.resources, this.nodes.otherNodes());

	private final ChannelInvoker invoker = new ChannelInvoker("test", new FakeFormat(), this.nodes, this.resources,
			this.retries, new MethodSettings(TIMEOUT, Map.of(), Set.of()), List.of(),
			(service, method, format) -> recorder());

	private final Map<String, FakeConnection> connections = new HashMap<>();

	private void execute(Runnable task) {
		if (this.busy) {
			this.tasks.add(task);
		}
		else {
			task.run();
		}
	}

	private void executeInternal(Runnable task) {
		if (this.spare) {
			task.run();
		}
		else {
			execute(task);
		}
	}

	private void runTasks() {
		while (!this.tasks.isEmpty()) {
			this.tasks.remove(0).run();
		}
	}

	private CallRecorder recorder() {
		return new CallRecorder() {

			@Override
			public void record(RpcCode code, long nanos) {
				RetryTests.this.recorded.add(code + " " + nanos / 1_000_000);
			}

			@Override
			public void retried(RpcCode reason) {
				RetryTests.this.recorded.add("retry after " + reason);
			}

		};
	}

	@AfterEach
	void nothingIsLeft() {
		this.nodes.close();
		this.retries.close();
		assertThat(this.retries.pausing()).isZero();
		this.resources.close();
	}

	private CallPlan plan(boolean idempotent) {
		return this.invoker.plan(ServiceMethod.of("S", "M"), ValueShape.EMPTY, ValueShape.EMPTY,
				new CallPolicy(null, idempotent));
	}

	private CompletableFuture<String> call(boolean idempotent) {
		return call(idempotent, RpcOptions.NONE);
	}

	private CompletableFuture<String> call(boolean idempotent, RpcOptions options) {
		return this.invoker.callAsync(plan(idempotent), options, "x");
	}

	/**
	 * Connects both nodes. The first call goes to the first one.
	 */
	private void connect() {
		this.nodes.start(this.resources.future(plan(false)), "first");
		for (Attempt attempt : this.transport.attempts) {
			this.connections.put(attempt.address.getHostString(), attempt.accept());
		}
		a().receive(a().seq() + " ok first");
		assertThat(b().requests()).isEmpty();
		this.recorded.clear();
	}

	private FakeConnection a() {
		return this.connections.get("a");
	}

	private FakeConnection b() {
		return this.connections.get("b");
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

	private void advance(int millis) {
		this.timer.advance(Duration.ofMillis(millis));
	}

	@Test
	void refusedCallGoesToTheOtherNodeAtOnce() {
		connect();
		CompletableFuture<String> call = call(false);
		a().receive(a().seq() + " coded UNAVAILABLE NOT_RUN the node is stopping");
		String second = b().seq();
		assertThat(call).isNotDone();
		b().receive(second + " ok from b");
		assertThat(call).isCompletedWithValue("from b");
		assertThat(this.recorded).containsExactly("retry after UNAVAILABLE", "OK 0");
	}

	@Test
	void lostCallOfAnIdempotentMethodIsTriedOnTheOtherNodeAfterAPause() {
		connect();
		CompletableFuture<String> call = call(true);
		a().seq();
		a().lose();
		assertThat(call).isNotDone();
		assertThat(this.retries.pausing()).isEqualTo(1);
		advance(49);
		assertThat(b().requests()).isEmpty();
		advance(1);
		assertThat(this.retries.pausing()).isZero();
		b().receive(b().seq() + " ok from b");
		assertThat(call).isCompletedWithValue("from b");
		assertThat(this.recorded).containsExactly("retry after UNAVAILABLE", "OK 50");
	}

	@Test
	void lostCallOfAnyOtherMethodFailsAtOnceAndMayHaveRun() {
		connect();
		CompletableFuture<String> call = call(false);
		a().seq();
		a().lose();
		RpcException failure = failure(call);
		assertThat(failure.code()).isEqualTo(RpcCode.UNAVAILABLE);
		assertThat(failure.known()).isEqualTo(Known.MAYBE_RAN);
		assertThat(failure.retryable()).isFalse();
		assertThat(failure.node()).isEqualTo("a:1");
		assertThat(failure.attempts()).hasSize(1);
		assertThat(b().requests()).isEmpty();
		assertThat(this.recorded).containsExactly("UNAVAILABLE 0");
		assertThat(this.retries.count()).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "UNAVAILABLE NOT_RUN, false, true", "UNAVAILABLE -, false, false", "UNAVAILABLE -, true, true",
			"UNAVAILABLE RAN_AND_FAILED, true, false", "RESOURCE_EXHAUSTED NOT_RUN, false, true",
			"RESOURCE_EXHAUSTED RAN_AND_FAILED, true, false", "RESOURCE_EXHAUSTED -, true, false",
			"INTERNAL -, true, false", "DEADLINE_EXCEEDED NOT_RUN, true, false", "CANCELLED -, true, false",
			"NOT_FOUND RAN_AND_FAILED, true, false", "UNIMPLEMENTED NOT_RUN, true, false" })
	void codeAndKnowledgeDecide(String answer, boolean idempotent, boolean again) {
		connect();
		CompletableFuture<String> call = call(idempotent);
		a().receive(a().seq() + " coded " + answer + " because");
		assertThat(call.isDone()).isEqualTo(!again);
		advance(100);
		assertThat(b().requests()).hasSize(again ? 1 : 0);
		if (!again) {
			assertThat(failure(call)).hasMessage("because");
		}
	}

	@Test
	void methodByNameIsIdempotentIfTheCallerSaysSo() {
		connect();
		RemoteMethod<String, String> method = new RemoteMethod<>(this.invoker, plan(false));
		CompletableFuture<String> call = method.idempotent()
			.with(RpcOptions.NONE.metadata("tenant", "acme"))
			.callAsync("x");
		String request = a().requests().get(0);
		assertThat(request).endsWith("{tenant=acme}");
		a().receive(request.split(" ")[0] + " coded UNAVAILABLE - x");
		advance(50);
		b().receive(b().seq() + " ok from b");
		assertThat(call).isCompletedWithValue("from b");
		CompletableFuture<String> other = method.callAsync("x");
		List<FakeConnection> both = List.of(a(), b());
		both.forEach((each) -> answer(each, "coded UNAVAILABLE - x"));
		assertThat(other).isCompletedExceptionally();
	}

	@Test
	void errorOfAStockServerIsNeverTriedAgain() {
		connect();
		CompletableFuture<String> call = call(true);
		a().receive(a().seq() + " error UNAVAILABLE");
		assertThat(failure(call).code()).isEqualTo(RpcCode.UNKNOWN);
		assertThat(b().requests()).isEmpty();
	}

	@Test
	void timeLineTellsOfEachAttempt() {
		connect();
		CompletableFuture<String> call = call(true);
		String first = a().seq();
		advance(12);
		a().receive(first + " coded UNAVAILABLE MAYBE_RAN first reason");
		advance(50);
		String second = b().seq();
		advance(3);
		b().receive(second + " coded UNAVAILABLE - second reason");
		advance(100);
		String third = a().seq();
		advance(7);
		a().receive(third + " coded UNAVAILABLE RAN_AND_FAILED third reason");
		RpcException failure = failure(call);
		assertThat(failure).hasMessage("third reason (3 attempts: a:1 UNAVAILABLE MAYBE_RAN at 0 ms after 12 ms, "
				+ "b:2 UNAVAILABLE MAYBE_RAN at 62 ms after 3 ms, a:1 UNAVAILABLE RAN_AND_FAILED at 165 ms after 7 ms)");
		assertThat(failure.attempts()).extracting(RpcAttempt::message)
			.containsExactly("first reason", "second reason", "third reason");
		assertThat(failure.known()).isEqualTo(Known.MAYBE_RAN);
		assertThat(failure.node()).isEqualTo("a:1");
		assertThat(failure.retryable()).isTrue();
		assertThat(this.recorded).containsExactly("retry after UNAVAILABLE", "retry after UNAVAILABLE",
				"UNAVAILABLE 172");
		assertThat(this.retries.count()).isEqualTo(2);
	}

	@Test
	void whatMayHaveRunAndWasThenRefusedMayHaveRun() {
		connect();
		CompletableFuture<String> call = call(true, RpcOptions.NONE);
		a().receive(a().seq() + " coded UNAVAILABLE MAYBE_RAN x");
		advance(100);
		b().receive(b().seq() + " coded INVALID_ARGUMENT NOT_RUN y");
		assertThat(failure(call).known()).isEqualTo(Known.MAYBE_RAN);
	}

	@Test
	void pausesAreRandomPartsOfABoundThatDoubles() {
		connect();
		this.random.set(0.9);
		CompletableFuture<String> call = call(true);
		a().receive(a().seq() + " coded UNAVAILABLE - x");
		advance(89);
		assertThat(b().requests()).isEmpty();
		advance(1);
		b().receive(b().seq() + " coded UNAVAILABLE - x");
		advance(179);
		assertThat(a().requests()).isEmpty();
		advance(1);
		a().receive(a().seq() + " ok done");
		assertThat(call).isCompletedWithValue("done");
	}

	@Test
	void pauseThatWouldOutlastTheDeadlineIsNotMade() {
		connect();
		CompletableFuture<String> call = call(true, RpcOptions.NONE.timeout(Duration.ofMillis(60)));
		String seq = a().seq();
		advance(10);
		a().receive(seq + " coded UNAVAILABLE - the reason");
		assertThat(failure(call)).hasMessage("the reason");
		assertThat(this.recorded).containsExactly("UNAVAILABLE 10");
	}

	@Test
	void retryEndsAtTheDeadlineOfTheCall() {
		connect();
		CompletableFuture<String> call = call(true, RpcOptions.NONE.timeout(Duration.ofMillis(200)));
		a().receive(a().seq() + " coded UNAVAILABLE - x");
		advance(50);
		b().seq();
		advance(149);
		assertThat(call).isNotDone();
		advance(30);
		RpcException failure = failure(call);
		assertThat(failure.code()).isEqualTo(RpcCode.DEADLINE_EXCEEDED);
		assertThat(failure.known()).isEqualTo(Known.MAYBE_RAN);
		assertThat(failure.attempts()).hasSize(2);
	}

	@Test
	void deadlineHoldsWhileTheExecutorHasNoThreadForARetry() {
		connect();
		this.busy = true;
		CompletableFuture<String> call = call(true, RpcOptions.NONE.timeout(Duration.ofMillis(200)));
		a().receive(a().seq() + " coded UNAVAILABLE MAYBE_RAN x");
		advance(199);
		assertThat(this.recorded).containsExactly("retry after UNAVAILABLE");
		advance(1);
		assertThat(this.recorded).containsExactly("retry after UNAVAILABLE", "DEADLINE_EXCEEDED 200");
		runTasks();
		assertThat(b().requests()).isEmpty();
		RpcException failure = failure(call);
		assertThat(failure).hasMessage("S.M: not tried again within 200 ms (phase: pause before a retry); before: x");
		assertThat(failure.known()).isEqualTo(Known.MAYBE_RAN);
	}

	@Test
	void retriesNeedNoThreadOfTheExecutor() {
		connect();
		this.spare = true;
		this.busy = true;
		CompletableFuture<String> call = call(true);
		a().receive(a().seq() + " coded UNAVAILABLE - x");
		advance(50);
		b().receive(b().seq() + " ok from b");
		assertThat(call).isCompletedWithValue("from b");
	}

	@Test
	void callsThatWaitForAConnectionAreSentWithoutAThreadOfTheExecutor() {
		this.spare = true;
		this.busy = true;
		CompletableFuture<String> call = call(false);
		FakeConnection a = attempt("a").accept();
		a.receive(a.seq() + " ok from a");
		assertThat(call).isCompletedWithValue("from a");
	}

	@Test
	void cancelledBetweenTwoAttemptsTheCallIsNotTriedAgain() {
		connect();
		CompletableFuture<String> call = call(true);
		a().receive(a().seq() + " coded UNAVAILABLE - x");
		int scheduled = this.timer.scheduled();
		call.cancel(true);
		assertThat(this.timer.scheduled()).isEqualTo(scheduled - 2);
		assertThat(this.retries.pausing()).isZero();
		advance(10_000);
		assertThat(b().requests()).isEmpty();
		assertThat(this.recorded).containsExactly("retry after UNAVAILABLE", "CANCELLED 0");
	}

	@Test
	void cancellingReachesTheAttemptUnderWay() {
		connect();
		CompletableFuture<String> call = call(true);
		a().receive(a().seq() + " coded UNAVAILABLE - x");
		advance(50);
		String second = b().seq();
		assertThat(this.nodes.snapshots().get(1).inFlight()).isEqualTo(1);
		call.cancel(true);
		assertThat(this.nodes.snapshots().get(1).inFlight()).isZero();
		b().receive(second + " ok too late");
		assertThat(call).isCancelled();
		assertThat(this.recorded).containsExactly("retry after UNAVAILABLE", "CANCELLED 50");
	}

	@Test
	void callThatTheCallerCompletesWhileItFailsIsNotTriedAgain() {
		AtomicReference<CompletableFuture<String>> call = new AtomicReference<>();
		connect();
		CallPlan plan = this.invoker.plan(ServiceMethod.of("S", "M"), ValueShape.EMPTY, ValueShape.EMPTY,
				new CallPolicy(null, true), new CallRecorder() {

					@Override
					public void record(RpcCode code, long nanos) {
						RetryTests.this.recorded.add(code.name());
					}

					@Override
					public void retried(RpcCode reason) {
						// The attempt is claimed now, and the retry not yet begun.
						call.get().cancel(true);
					}

				});
		call.set(this.invoker.callAsync(plan, RpcOptions.NONE, "x"));
		a().receive(a().seq() + " coded UNAVAILABLE NOT_RUN x");
		assertThat(this.recorded).containsExactly("CANCELLED");
		assertThat(this.retries.pausing()).isZero();
		assertThat(b().requests()).isEmpty();
	}

	@Test
	void interruptEndsASynchronousCallBetweenTwoAttempts() {
		connect();
		AtomicReference<String> first = new AtomicReference<>();
		CallPlan plan = this.invoker.plan(ServiceMethod.of("S", "M"), ValueShape.EMPTY, ValueShape.EMPTY,
				new CallPolicy(null, true));
		Runnable argument = () -> {
			// The connection is lost while the call is encoded, so it fails here and now.
			first.set("encoded");
			a().lose();
			Thread.currentThread().interrupt();
		};
		assertThatExceptionOfType(RpcException.class)
			.isThrownBy(() -> this.invoker.call(plan, RpcOptions.NONE, argument))
			.satisfies((ex) -> {
				assertThat(ex.code()).isEqualTo(RpcCode.CANCELLED);
				assertThat(ex.getMessage()).contains("the calling thread was interrupted");
			});
		assertThat(Thread.interrupted()).isTrue();
		assertThat(first).hasValue("encoded");
		assertThat(this.retries.pausing()).isZero();
	}

	@Test
	void closingTheChannelEndsCallsThatWaitToBeTriedAgain() {
		connect();
		CompletableFuture<String> waiting = call(true);
		a().receive(a().seq() + " coded UNAVAILABLE - x");
		CompletableFuture<String> under = call(true);
		b().seq();
		this.nodes.close();
		this.retries.close();
		assertThat(failure(waiting)).hasMessage("x; not tried again, the channel was closed");
		assertThat(failure(under).code()).isEqualTo(RpcCode.UNAVAILABLE);
		assertThat(this.retries.pausing()).isZero();
	}

	@Test
	void lateAnswerOfTheFirstAttemptIsDropped() {
		connect();
		CompletableFuture<String> call = call(true);
		String first = a().seq();
		a().receive(first + " coded UNAVAILABLE - x");
		a().receive(first + " ok again");
		assertThat(call).isNotDone();
		advance(50);
		b().receive(b().seq() + " ok from b");
		assertThat(call).isCompletedWithValue("from b");
	}

	@Test
	void callWithoutRetriesFailsAtOnce() {
		connect();
		CompletableFuture<String> call = call(true, RpcOptions.NONE.noRetry());
		a().receive(a().seq() + " coded UNAVAILABLE NOT_RUN x");
		assertThat(failure(call)).hasMessage("x");
		assertThat(failure(call).retryable()).isTrue();
		assertThat(b().requests()).isEmpty();
	}

	@Test
	void callForOneNodeIsTriedThereAgain() {
		connect();
		CompletableFuture<String> call = call(true, RpcOptions.NONE.node("b"));
		b().receive(b().seq() + " coded UNAVAILABLE NOT_RUN x");
		assertThat(call).isNotDone();
		advance(50);
		assertThat(a().requests()).isEmpty();
		b().receive(b().seq() + " ok from b");
		assertThat(call).isCompletedWithValue("from b");
	}

	/**
	 * A retry would take the place of another call, and both callers would hear of their
	 * refusals late.
	 */
	@Test
	void whileTheOnlyNodeRefusesMostCallsNoneIsTriedThereAgain() {
		connect();
		goodCalls(199);
		int told = 0;
		for (int i = 0; i < 30; i++) {
			told += refusedByB(call(true, RpcOptions.NONE.node("b"))).isDone() ? 1 : 0;
		}
		assertThat(told).as("beyond a tenth of 222 calls").isEqualTo(8);
		assertThat(this.retries.pausing()).isEqualTo(22);
		CompletableFuture<String> free = call(true);
		a().receive(a().seq() + " coded RESOURCE_EXHAUSTED NOT_RUN full");
		b().receive(b().seq() + " ok from b");
		assertThat(free).as("refused by one node, it goes to the other").isCompletedWithValue("from b");
		advance(50);
		b().awaitSeqs(22).forEach((seq) -> b().receive(seq + " ok later"));
		advance(2_000);
		goodCalls(100);
		CompletableFuture<String> later = refusedByB(call(true, RpcOptions.NONE.node("b")));
		assertThat(later).as("refusals are exceptions again").isNotDone();
	}

	private void goodCalls(int count) {
		for (int i = 0; i < count; i++) {
			call(false, RpcOptions.NONE.node("a"));
			a().receive(a().seq() + " ok good");
		}
	}

	private CompletableFuture<String> refusedByB(CompletableFuture<String> call) {
		b().receive(b().seq() + " coded RESOURCE_EXHAUSTED NOT_RUN full");
		return call;
	}

	@Test
	void callForANodeThatIsNotThereIsRefused() {
		connect();
		RpcException failure = failure(call(true, RpcOptions.NONE.node("c:3")));
		assertThat(failure).hasMessage("S.M: no node is \"c:3\" (expected: one of [a:1, b:2])");
		assertThat(failure.code()).isEqualTo(RpcCode.INVALID_ARGUMENT);
		assertThat(failure.known()).isEqualTo(Known.NOT_RUN);
		assertThat(failure.node()).isNull();
	}

	@Test
	void callForOneNodeWaitsForItAlone() {
		CompletableFuture<String> bound = call(false, RpcOptions.NONE.node("b:2"));
		CompletableFuture<String> free = call(false);
		Attempt toA = attempt("a");
		FakeConnection a = toA.accept();
		a.receive(a.seq() + " ok from a");
		assertThat(free).isCompletedWithValue("from a");
		assertThat(bound).isNotDone();
		FakeConnection b = attempt("b").accept();
		b.receive(b.seq() + " ok from b");
		assertThat(bound).isCompletedWithValue("from b");
	}

	private Attempt attempt(String host) {
		return this.transport.attempts.stream()
			.filter((each) -> each.address.getHostString().equals(host))
			.findFirst()
			.orElseThrow();
	}

	@Test
	void metadataGoesAlongWithEachAttempt() {
		connect();
		call(true, RpcOptions.NONE.metadata("tenant", "acme"));
		String request = a().requests().get(0);
		assertThat(request).endsWith(" S.M x {tenant=acme}");
		a().receive(request.split(" ")[0] + " coded UNAVAILABLE NOT_RUN x");
		assertThat(b().requests()).singleElement().asString().endsWith(" S.M x {tenant=acme}");
	}

	@Test
	void whenEveryNodeFailsThereIsATenthMoreAttemptsThanCalls() {
		connect();
		int attempts = 0;
		List<CompletableFuture<String>> calls = new ArrayList<>();
		for (int i = 0; i < 10_000; i++) {
			calls.add(call(true));
			attempts += failAll(a()) + failAll(b());
			advance(1);
			attempts += failAll(a()) + failAll(b());
		}
		for (int i = 0; i < 300; i++) {
			advance(1);
			attempts += failAll(a()) + failAll(b());
		}
		assertThat(calls).allMatch(CompletableFuture::isCompletedExceptionally);
		assertThat(attempts / 10_000.0).isBetween(1.09, 1.10);
	}

	/**
	 * The test's thread is the I/O thread and the timer's; another one cancels.
	 */
	@Test
	void eachCallEndsOnceHoweverCancellingMeetsItsAttempts() throws Exception {
		connect();
		List<String> outcomes = Collections.synchronizedList(new ArrayList<>());
		CallPlan plan = this.invoker.plan(ServiceMethod.of("S", "M"), ValueShape.EMPTY, ValueShape.EMPTY,
				new CallPolicy(null, true));
		int ended = 0;
		for (int i = 0; i < 2_000; i++) {
			CompletableFuture<String> call = this.invoker.callAsync(plan, RpcOptions.NONE, "x");
			CountDownLatch ready = new CountDownLatch(1);
			int spins = i % 400;
			Thread canceller = new Thread(() -> {
				ready.countDown();
				for (int spin = 0; spin < spins; spin++) {
					Thread.onSpinWait();
				}
				call.cancel(true);
			});
			canceller.start();
			ready.await();
			answer(a(), "coded UNAVAILABLE NOT_RUN x");
			answer(b(), "coded UNAVAILABLE - x");
			advance(200);
			answer(a(), "ok done");
			answer(b(), "ok done");
			canceller.join();
			assertThat(call).isDone();
			// Without budget left, the first failure is the outcome.
			outcomes.add(call.isCancelled() ? "cancelled" : call.exceptionally((failure) -> "failed").join());
			ended++;
			assertThat(this.recorded.stream().filter((each) -> !each.startsWith("retry"))).hasSize(ended);
			assertThat(this.retries.pausing()).isZero();
			assertThat(this.nodes.snapshots()).allMatch((node) -> node.inFlight() == 0 && node.waiting() == 0);
		}
		assertThat(outcomes).contains("cancelled").containsAnyOf("done", "failed");
	}

	private static void answer(FakeConnection connection, String answer) {
		connection.requests().forEach((each) -> connection.receive(each.split(" ")[0] + " " + answer));
	}

	private static int failAll(FakeConnection connection) {
		List<String> requests = connection.requests();
		requests.forEach((each) -> connection.receive(each.split(" ")[0] + " coded UNAVAILABLE MAYBE_RAN down"));
		return requests.size();
	}

}
