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
import org.junit.jupiter.params.provider.ValueSource;

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
import io.github.netrpc.client.HedgingPolicy;
import io.github.netrpc.client.HedgingSnapshot;
import io.github.netrpc.client.Retries;
import io.github.netrpc.client.RetryLimits;
import io.github.netrpc.wire.ValueShape;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for second attempts beside the first: two nodes that take calls in turns, and a
 * clock that the test moves. Calls used to take 10 ms, so a second attempt is due 11 ms
 * after the first.
 */
class HedgingTests {

	/** As many second attempts as there are calls. */
	private static final HedgingPolicy GENEROUS = new HedgingPolicy(0.95, Duration.ofMillis(1), 1, 0.1, 20, Set.of());

	private final FakeTransport transport = new FakeTransport();

	private final FakeTimer timer = new FakeTimer();

	private final List<Runnable> tasks = new ArrayList<>();

	/** Whether no thread has time until the test runs the tasks. */
	private boolean busy;

	private final List<String> recorded = Collections.synchronizedList(new ArrayList<>());

	private final ClientResources resources = FakeResources.create(this.transport, this.timer, this::execute,
			() -> 0.5);

	private final NodeGroup nodes = new NodeGroup("test", "a:1,b:2", StaticDirectory.of("a:1,b:2"), this.resources,
			FakeBalancing.inTurn());

	private Retries retries = new Retries(RetryLimits.DEFAULT, GENEROUS, this.resources, this.nodes.otherNodes());

	private ChannelInvoker invoker = invoker();

	private final Map<String, FakeConnection> connections = new HashMap<>();

	/** The node that has the call, and the other one. */
	private FakeConnection first;

	private FakeConnection second;

	private void execute(Runnable task) {
		if (this.busy) {
			this.tasks.add(task);
		}
		else {
			task.run();
		}
	}

	private ChannelInvoker invoker() {
		return new ChannelInvoker("test", new FakeFormat(), this.nodes, this.resources, this.retries,
				new MethodSettings(Duration.ofSeconds(10), Map.of(), Set.of()), List.of(),
				(service, method, format) -> recorder());
	}

	private void policy(HedgingPolicy policy) {
		this.retries.close();
		this.retries = new Retries(RetryLimits.DEFAULT, policy, this.resources, this.nodes.otherNodes());
		this.invoker = invoker();
	}

	private CallRecorder recorder() {
		return new CallRecorder() {

			@Override
			public void record(RpcCode code, long nanos) {
				HedgingTests.this.recorded.add(code + " " + nanos / 1_000_000);
			}

			@Override
			public void retried(RpcCode reason) {
				HedgingTests.this.recorded.add("retry after " + reason);
			}

			@Override
			public void hedged() {
				HedgingTests.this.recorded.add("hedge");
			}

			@Override
			public void hedgeEnded(boolean won) {
				HedgingTests.this.recorded.add(won ? "won" : "lost");
			}

		};
	}

	@AfterEach
	void nothingIsLeft() {
		assertThat(this.nodes.snapshots()).allMatch((node) -> node.waiting() == 0);
		this.nodes.close();
		this.retries.close();
		assertThat(this.retries.pausing()).isZero();
		this.resources.close();
	}

	private CallPlan plan(boolean idempotent) {
		return this.invoker.plan(ServiceMethod.of("S", "M"), ValueShape.EMPTY, ValueShape.EMPTY,
				new CallPolicy(null, idempotent));
	}

	private CompletableFuture<String> call() {
		return call(RpcOptions.NONE);
	}

	/**
	 * Begins a call, and finds out where it went.
	 */
	private CompletableFuture<String> call(RpcOptions options) {
		return call(true, options);
	}

	private CompletableFuture<String> call(boolean idempotent, RpcOptions options) {
		CompletableFuture<String> call = this.invoker.callAsync(plan(idempotent), options, "x");
		boolean toA = !a().requestsSeen().isEmpty();
		this.first = toA ? a() : b();
		this.second = toA ? b() : a();
		return call;
	}

	private void connect() {
		this.nodes.start(this.resources.future(plan(false)), "first");
		for (Attempt attempt : this.transport.attempts) {
			this.connections.put(attempt.address.getHostString(), attempt.accept());
		}
		a().receive(a().seq() + " ok first");
		a().greet(true);
		b().greet(true);
	}

	/**
	 * Connects both nodes, and makes calls that take 10 ms.
	 */
	private void prepare() {
		connect();
		measure(20);
		this.recorded.clear();
	}

	private void measure(int calls) {
		for (int i = 0; i < calls; i++) {
			CompletableFuture<String> call = call();
			advance(10);
			this.first.receive(this.first.seq() + " ok x");
			assertThat(call).isCompletedWithValue("x");
		}
		advance(500);
	}

	private FakeConnection a() {
		return this.connections.get("a");
	}

	private FakeConnection b() {
		return this.connections.get("b");
	}

	private void advance(int millis) {
		this.timer.advance(Duration.ofMillis(millis));
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

	// When

	@Test
	void callThatTakesLongerThanTheOthersIsMadeAtTheOtherNodeToo() {
		prepare();
		CompletableFuture<String> call = call();
		String slow = this.first.seq();
		advance(10);
		assertThat(this.second.requests()).isEmpty();
		advance(1);
		this.second.receive(this.second.seq() + " ok quick");
		assertThat(call).isCompletedWithValue("quick");
		assertThat(this.first.control()).singleElement().asString().endsWith("_goRPC_.Cancel " + slow);
		assertThat(this.second.control()).isEmpty();
		this.first.receive(slow + " ok slow");
		assertThat(call).isCompletedWithValue("quick");
		assertThat(this.recorded).containsExactly("hedge", "won", "OK 11");
		assertThat(this.nodes.snapshots()).allMatch((node) -> node.inFlight() == 0);
	}

	@Test
	void answerOfTheFirstNodeCancelsTheSecondAttempt() {
		prepare();
		CompletableFuture<String> call = call();
		String slow = this.first.seq();
		advance(11);
		String hedge = this.second.seq();
		this.first.receive(slow + " ok slow");
		assertThat(call).isCompletedWithValue("slow");
		assertThat(this.second.control()).singleElement().asString().endsWith("_goRPC_.Cancel " + hedge);
		assertThat(this.recorded).containsExactly("hedge", "lost", "OK 11");
	}

	@Test
	void quickCallHasNoSecondAttemptAndLeavesNoTimer() {
		prepare();
		int scheduled = this.timer.scheduled();
		CompletableFuture<String> call = call();
		assertThat(this.timer.scheduled()).isGreaterThan(scheduled);
		this.first.receive(this.first.seq() + " ok x");
		assertThat(call).isCompletedWithValue("x");
		assertThat(this.timer.scheduled()).isLessThanOrEqualTo(scheduled + 1);
		advance(1_000);
		assertThat(this.second.requests()).isEmpty();
		assertThat(this.recorded).containsExactly("OK 0");
	}

	@Test
	void nothingIsHedgedBeforeEnoughIsKnown() {
		connect();
		measure(19);
		CompletableFuture<String> call = call();
		advance(1_500);
		assertThat(this.second.requests()).isEmpty();
		this.first.receive(this.first.seq() + " ok x");
		assertThat(call).isCompletedWithValue("x");
	}

	@Test
	void waitIsNoShorterThanTheFloor() {
		policy(new HedgingPolicy(0.95, Duration.ofMillis(30), 1, 0.1, 20, Set.of()));
		prepare();
		call();
		advance(29);
		assertThat(this.second.requests()).isEmpty();
		advance(1);
		assertThat(this.second.requests()).hasSize(1);
	}

	@Test
	void callOfAMethodThatIsNotIdempotentIsMadeOnce() {
		prepare();
		call(false, RpcOptions.NONE);
		advance(1_500);
		assertThat(this.second.requests()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "noRetry", "node", "deadline" })
	void optionsKeepACallAtOneNode(String option) {
		prepare();
		RpcOptions options = switch (option) {
			case "noRetry" -> RpcOptions.NONE.noRetry();
			case "node" -> RpcOptions.NONE.node("a:1");
			default -> RpcOptions.NONE.timeout(Duration.ofMillis(10));
		};
		int scheduled = this.timer.scheduled();
		CompletableFuture<String> call = call(options);
		assertThat(this.timer.scheduled()).isLessThanOrEqualTo(scheduled + 1);
		advance(1_500);
		assertThat(this.second.requests()).isEmpty();
		call.cancel(true);
	}

	@Test
	void methodsThatAreNotNamedAreNotHedged() {
		policy(GENEROUS.forMethods(Set.of("other", "S.Other")));
		prepare();
		call();
		advance(1_000);
		assertThat(this.second.requests()).isEmpty();
		policy(GENEROUS.forMethods(Set.of("m")));
		this.first.receive(this.first.seq() + " ok x");
		measure(20);
		call();
		advance(11);
		assertThat(this.second.requests()).hasSize(1);
	}

	@Test
	void secondAttemptNeedsASecondNode() {
		prepare();
		call();
		this.second.lose();
		advance(15);
		assertThat(this.second.requests()).isEmpty();
		assertThat(this.recorded).isEmpty();
	}

	@Test
	void secondAttemptDoesNotGoToANodeThatIsLeftOut() {
		prepare();
		CompletableFuture<String> call = call();
		String seq = this.first.seq();
		String other = (this.second == a()) ? "a:1" : "b:2";
		for (int i = 0; i < 5; i++) {
			this.invoker.callAsync(plan(false), RpcOptions.NONE.node(other).noRetry(), "y");
			this.second.receive(this.second.seq() + " coded DEADLINE_EXCEEDED MAYBE_RAN x");
		}
		assertThat(this.nodes.ejections()).isEqualTo(1);
		advance(1_000);
		assertThat(this.second.requests()).isEmpty();
		this.first.receive(seq + " ok x");
		assertThat(call).isCompletedWithValue("x");
		assertThat(this.recorded).doesNotContain("hedge");
	}

	/**
	 * Calls that the first node answers after a second one could have been asked.
	 * @return how often it was
	 */
	private int hedgesOfSlowCalls(int calls) {
		int hedges = 0;
		for (int i = 0; i < calls; i++) {
			CompletableFuture<String> call = call();
			advance(20);
			hedges += this.second.requests().size();
			this.first.receive(this.first.seq() + " ok x");
			assertThat(call).isCompletedWithValue("x");
		}
		return hedges;
	}

	@Test
	void secondAttemptsAreATenthOfRecentCalls() {
		policy(new HedgingPolicy(0.95, Duration.ofMillis(1), 0.1, 0.1, 20, Set.of()));
		connect();
		measure(40);
		int hedges = hedgesOfSlowCalls(20);
		// Of 40 calls, then one more at 50 and at 60.
		assertThat(hedges).isEqualTo(6);
		HedgingSnapshot hedging = this.retries.hedging();
		assertThat(hedging).isNotNull();
		assertThat(hedging.hedges()).isEqualTo(6);
		assertThat(hedging.won()).isZero();
	}

	@Test
	void secondAttemptsAndRetriesAreATenthOfRecentCallsTogether() {
		this.retries.close();
		this.retries = new Retries(new RetryLimits(3, Duration.ofMillis(100), Duration.ofSeconds(1), 0.1, 0), GENEROUS,
				this.resources, this.nodes.otherNodes());
		this.invoker = invoker();
		connect();
		measure(40);
		int hedges = hedgesOfSlowCalls(5);
		assertThat(hedges).isEqualTo(4);
		CompletableFuture<String> refused = call();
		this.first.receive(this.first.seq() + " coded UNAVAILABLE NOT_RUN x");
		assertThat(failure(refused).attempts()).hasSize(1);
	}

	@Test
	void firstAttemptsThatFailCountThoughTheSecondAnswers() {
		prepare();
		for (int i = 0; i < 3; i++) {
			CompletableFuture<String> call = call();
			String slow = this.first.seq();
			advance(11);
			String hedge = this.second.seq();
			this.first.receive(slow + " coded UNAVAILABLE MAYBE_RAN x");
			this.second.receive(hedge + " ok x");
			assertThat(call).isCompletedWithValue("x");
		}
		call();
		advance(1_000);
		assertThat(this.second.requests()).isEmpty();
	}

	@Test
	void eachAttemptThatFailsCountsOnce() {
		prepare();
		CompletableFuture<String> call = call();
		String slow = this.first.seq();
		advance(11);
		String hedge = this.second.seq();
		this.first.receive(slow + " coded UNAVAILABLE MAYBE_RAN x");
		this.second.receive(hedge + " coded UNAVAILABLE MAYBE_RAN x");
		advance(100);
		for (FakeConnection each : List.of(a(), b())) {
			each.requests().forEach((request) -> each.receive(request.split(" ")[0] + " ok x"));
		}
		assertThat(call).isCompletedWithValue("x");
		// Two attempts of 23 are less than a tenth, three of 24 would be more.
		advance(500);
		call();
		advance(11);
		assertThat(this.second.requests()).hasSize(1);
	}

	@Test
	void attemptThatIsOvertakenIsNoFailureOfItsNode() {
		prepare();
		CompletableFuture<String> call = call();
		this.first.seq();
		advance(11);
		this.second.receive(this.second.seq() + " ok quick");
		assertThat(call).isCompletedWithValue("quick");
		assertThat(this.nodes.snapshots()).allMatch((node) -> node.failures() == 0);
	}

	@Test
	void whileCallsFailThereAreNoSecondAttempts() {
		prepare();
		for (int i = 0; i < 3; i++) {
			CompletableFuture<String> failing = call();
			this.first.receive(this.first.seq() + " coded DEADLINE_EXCEEDED MAYBE_RAN x");
			assertThat(failing).isCompletedExceptionally();
		}
		CompletableFuture<String> call = call();
		advance(1_000);
		assertThat(this.second.requests()).isEmpty();
		this.first.receive(this.first.seq() + " ok x");
		assertThat(call).isCompletedWithValue("x");
		measure(20);
		call();
		advance(11);
		assertThat(this.second.requests()).hasSize(1);
	}

	@Test
	void snapshotTellsHowLongAMethodIsWaitedFor() {
		connect();
		assertThat(this.retries.hedging().waits()).isEmpty();
		measure(20);
		call();
		assertThat(this.retries.hedging().waits()).containsOnlyKeys("S.M");
		assertThat(this.retries.hedging().waits().get("S.M")).isBetween(Duration.ofMillis(10), Duration.ofMillis(11));
		assertThat(new Retries(RetryLimits.DEFAULT, this.resources, this.nodes.otherNodes()).hedging()).isNull();
	}

	// Failures

	@Test
	void failureOfTheFirstAttemptLeavesTheCallToTheSecond() {
		prepare();
		CompletableFuture<String> call = call();
		String slow = this.first.seq();
		advance(11);
		String hedge = this.second.seq();
		this.first.receive(slow + " coded UNAVAILABLE MAYBE_RAN x");
		assertThat(call).isNotDone();
		this.second.receive(hedge + " ok from the second");
		assertThat(call).isCompletedWithValue("from the second");
		assertThat(this.recorded).containsExactly("hedge", "won", "OK 11");
	}

	@Test
	void failureOfTheSecondAttemptLeavesTheCallToTheFirst() {
		prepare();
		CompletableFuture<String> call = call();
		String slow = this.first.seq();
		advance(11);
		this.second.receive(this.second.seq() + " coded NOT_FOUND RAN_AND_FAILED x");
		assertThat(call).isNotDone();
		assertThat(this.retries.pausing()).isZero();
		this.first.receive(slow + " ok slow");
		assertThat(call).isCompletedWithValue("slow");
		assertThat(this.recorded).containsExactly("hedge", "lost", "OK 11");
	}

	@Test
	void whatTheMethodItselfSaysEndsTheCall() {
		prepare();
		CompletableFuture<String> call = call();
		String slow = this.first.seq();
		advance(11);
		String hedge = this.second.seq();
		this.first.receive(slow + " coded NOT_FOUND RAN_AND_FAILED no such thing");
		RpcException failure = failure(call);
		assertThat(failure.code()).isEqualTo(RpcCode.NOT_FOUND);
		assertThat(failure).hasMessageStartingWith("no such thing");
		assertThat(failure.known()).isEqualTo(Known.MAYBE_RAN);
		assertThat(this.second.control()).singleElement().asString().endsWith("_goRPC_.Cancel " + hedge);
		assertThat(this.recorded).containsExactly("hedge", "lost", "NOT_FOUND 11");
	}

	@Test
	void bothAttemptsAndRetriesAreCountedTogether() {
		prepare();
		CompletableFuture<String> call = call();
		String slow = this.first.seq();
		advance(11);
		this.second.receive(this.second.seq() + " coded UNAVAILABLE MAYBE_RAN one");
		this.first.receive(slow + " coded UNAVAILABLE MAYBE_RAN two");
		assertThat(call).isNotDone();
		assertThat(this.retries.pausing()).isEqualTo(1);
		advance(100);
		List<FakeConnection> third = List.of(a(), b());
		int sent = 0;
		for (FakeConnection each : third) {
			for (String request : each.requests()) {
				sent++;
				each.receive(request.split(" ")[0] + " coded UNAVAILABLE MAYBE_RAN three");
			}
		}
		assertThat(sent).isEqualTo(1);
		RpcException failure = failure(call);
		assertThat(failure.attempts()).extracting(RpcAttempt::message).containsExactly("one", "two", "three");
		assertThat(failure.known()).isEqualTo(Known.MAYBE_RAN);
		assertThat(this.recorded).containsExactly("hedge", "lost", "retry after UNAVAILABLE", "UNAVAILABLE 111");
	}

	@Test
	void bothAttemptsEndAtTheDeadline() {
		prepare();
		CompletableFuture<String> call = call(RpcOptions.NONE.timeout(Duration.ofMillis(200)));
		this.first.seq();
		advance(11);
		this.second.seq();
		advance(188);
		assertThat(call).isNotDone();
		advance(30);
		RpcException failure = failure(call);
		assertThat(failure.code()).isEqualTo(RpcCode.DEADLINE_EXCEEDED);
		assertThat(failure.known()).isEqualTo(Known.MAYBE_RAN);
		assertThat(failure.attempts()).hasSize(2);
		assertThat(this.nodes.snapshots()).allMatch((node) -> node.inFlight() == 0);
		assertThat(this.recorded).hasSize(3).startsWith("hedge", "lost");
	}

	@Test
	void lostConnectionOfTheFirstLeavesTheCallToTheSecond() {
		prepare();
		CompletableFuture<String> call = call();
		this.first.seq();
		advance(11);
		String hedge = this.second.seq();
		this.first.lose();
		assertThat(call).isNotDone();
		this.second.receive(hedge + " with key=value from the second");
		assertThat(call).isCompletedWithValue("from the second");
	}

	// The caller

	@Test
	void cancelReachesBothAttempts() {
		prepare();
		CompletableFuture<String> call = call();
		String slow = this.first.seq();
		advance(11);
		String hedge = this.second.seq();
		call.cancel(true);
		assertThat(this.first.control()).singleElement().asString().endsWith("_goRPC_.Cancel " + slow);
		assertThat(this.second.control()).singleElement().asString().endsWith("_goRPC_.Cancel " + hedge);
		assertThat(this.nodes.snapshots()).allMatch((node) -> node.inFlight() == 0);
		assertThat(this.recorded).containsExactly("hedge", "lost", "CANCELLED 11");
	}

	@Test
	void secondAttemptThatWaitsForAThreadIsNotMadeAfterTheEnd() {
		prepare();
		this.busy = true;
		CompletableFuture<String> call = call();
		advance(11);
		this.first.receive(this.first.seq() + " ok slow");
		this.busy = false;
		this.tasks.forEach(Runnable::run);
		assertThat(call).isCompletedWithValue("slow");
		assertThat(this.second.requests()).isEmpty();
		assertThat(this.recorded).containsExactly("OK 11");
	}

	/**
	 * The caller may change the argument when it has its answer.
	 */
	@Test
	void argumentThatIsBeingWrittenWhenTheAnswerComesIsNotSent() {
		prepare();
		AtomicReference<String> slow = new AtomicReference<>();
		List<CompletableFuture<String>> call = new ArrayList<>();
		Runnable argument = () -> {
			if (!call.isEmpty()) {
				this.first.receive(slow.get() + " ok slow");
			}
		};
		CompletableFuture<String> begun = this.invoker.callAsync(plan(true), RpcOptions.NONE, argument);
		boolean toA = !a().requestsSeen().isEmpty();
		this.first = toA ? a() : b();
		this.second = toA ? b() : a();
		slow.set(this.first.seq());
		call.add(begun);
		advance(11);
		assertThat(begun).isCompletedWithValue("slow");
		assertThat(this.second.requests()).isEmpty();
		assertThat(this.recorded).containsExactly("hedge", "lost", "OK 10");
	}

	@Test
	void waitingThreadGetsTheAnswerOfTheSecondAttempt() throws Exception {
		prepare();
		AtomicReference<Object> answer = new AtomicReference<>();
		CallPlan plan = plan(true);
		Thread caller = new Thread(() -> answer.set(this.invoker.call(plan, RpcOptions.NONE, "x")));
		caller.start();
		while (a().requestsSeen().isEmpty() && b().requestsSeen().isEmpty()) {
			Thread.onSpinWait();
		}
		this.second = a().requestsSeen().isEmpty() ? a() : b();
		advance(11);
		this.second.receive(this.second.seq() + " ok quick");
		caller.join(10_000);
		assertThat(answer).hasValue("quick");
	}

	@Test
	void closingEndsBothAttempts() {
		prepare();
		CompletableFuture<String> call = call();
		advance(11);
		this.second.seq();
		this.nodes.close();
		this.retries.close();
		assertThat(failure(call).code()).isEqualTo(RpcCode.UNAVAILABLE);
		assertThat(this.recorded).startsWith("hedge", "lost");
	}

	/**
	 * The test's thread is the I/O thread of one node, another one that of the other.
	 */
	@Test
	void eachCallEndsOnceHoweverItsTwoAttemptsMeet() throws Exception {
		policy(new HedgingPolicy(0.95, Duration.ofMillis(1), 1, 1, 20, Set.of()));
		prepare();
		List<String> answers = List.of("ok one", "coded UNAVAILABLE MAYBE_RAN x", "coded NOT_FOUND RAN_AND_FAILED x");
		List<String> outcomes = Collections.synchronizedList(new ArrayList<>());
		for (int i = 0; i < 1_500; i++) {
			this.recorded.clear();
			CompletableFuture<String> call = call();
			String slow = this.first.seq();
			advance(11);
			List<String> hedge = this.second.requests();
			if (hedge.isEmpty()) {
				throw new AssertionError("call " + i + " was not hedged");
			}
			String of = answers.get(i % 3);
			String to = (i / 3 % 4 == 3) ? "coded UNAVAILABLE MAYBE_RAN y" : "ok two";
			int spins = i % 200;
			CountDownLatch ready = new CountDownLatch(1);
			FakeConnection other = this.second;
			Thread thread = new Thread(() -> {
				ready.countDown();
				for (int spin = 0; spin < spins; spin++) {
					Thread.onSpinWait();
				}
				other.receive(hedge.get(0).split(" ")[0] + " " + to);
			});
			thread.start();
			ready.await();
			this.first.receive(slow + " " + of);
			thread.join();
			// What is tried a third time.
			advance(200);
			for (FakeConnection each : List.of(a(), b())) {
				each.requests().forEach((request) -> each.receive(request.split(" ")[0] + " ok three"));
			}
			assertThat(call).as("call %s: %s and %s", i, of, to).isDone();
			outcomes.add(call.exceptionally((failure) -> "failed").join());
			List<String> recorded = List.copyOf(this.recorded);
			assertThat(recorded.stream().filter((each) -> each.equals("won") || each.equals("lost"))).hasSize(1);
			assertThat(recorded.stream().filter((each) -> each.matches("[A-Z_]+ [0-9]+"))).hasSize(1);
			assertThat(this.retries.pausing()).isZero();
			assertThat(this.nodes.snapshots()).allMatch((node) -> node.inFlight() == 0 && node.waiting() == 0);
			// Most calls take 10 ms.
			measure(25);
		}
		assertThat(outcomes).contains("one", "two", "failed");
	}

}
