package io.github.netrpc.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcException;
import io.github.netrpc.annotation.RpcService;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for calls that end before their handlers do: cancelled by their callers, without
 * time left, or left alone (promise 1, F17, F32).
 */
@Timeout(60)
class EarlyEndTests {

	private static final String PING = ">>0;0;connection=00112233445566ff _goRPC_.Ping\n";

	private final Work work = new Work();

	private final ManualServer server = new ManualServer(this.work);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	@AfterEach
	void end() throws InterruptedException {
		this.work.release.countDown();
		this.threads.shutdown();
		assertThat(this.threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void cancelledCallThatWaitsNeverRuns() {
		FakeConnection connection = open().receive("7;0 Work.Echo x\n8;0 _goRPC_.Cancel 7\n");
		assertThat(connection.sent()).isEqualTo("7!CANCELLED NOT_RUN the call was cancelled while it waited\n8=null\n");
		this.server.runHandlers();
		assertThat(this.work.calls).isZero();
		assertThat(connection.sent().lines()).hasSize(2);
		assertThat(this.server.records).containsExactly("Echo CANCELLED");
		assertThat(this.server.registry.callsInFlight()).isZero();
		assertThat(this.server.refused(RefusalReason.CANCELLED)).isEqualTo(1);
	}

	@Test
	void cancelOfAnotherNumberChangesNothing() {
		FakeConnection connection = open().receive("7;0 Work.Echo x\n8;0 _goRPC_.Cancel 6\n");
		this.server.runHandlers();
		assertThat(connection.sent()).isEqualTo("8=null\n7=x\n");
	}

	@Test
	void cancelOfAnotherConnectionsCallChangesNothing() {
		FakeConnection other = open().receive("7;0 Work.Echo x\n");
		open().receive("8;0 _goRPC_.Cancel 7\n");
		this.server.runHandlers();
		assertThat(other.sent()).isEqualTo("7=x\n");
	}

	@Test
	void cancelledHandlerIsInterruptedAndItsCallCountsUntilItEnds() throws InterruptedException {
		FakeConnection connection = onThreads().receive("7;0 Work.Stuck x\n");
		this.work.awaitStuck();
		connection.receive("8;0 _goRPC_.Cancel 7\n");
		assertThat(connection.sent()).isEqualTo("7!CANCELLED null the call was cancelled by its caller\n8=null\n");
		assertThat(this.work.context.cancelled()).isTrue();
		this.work.awaitInterrupt();
		assertThat(this.server.registry.callsInFlight()).isEqualTo(1);
		assertThat(this.server.cutCalls()).isEqualTo(1);
		this.work.release.countDown();
		this.threads.shutdown();
		assertThat(this.threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
		assertThat(this.server.registry.callsInFlight()).isZero();
		assertThat(this.server.cutCalls()).isZero();
		assertThat(this.work.context.cancelled()).isTrue();
		assertThat(connection.sent().lines()).as("the late result").hasSize(2);
		assertThat(this.server.records).containsExactly("Stuck CANCELLED");
	}

	@Test
	void secondCancelChangesNothing() throws InterruptedException {
		FakeConnection connection = onThreads().receive("7;0 Work.Stuck x\n");
		this.work.awaitStuck();
		connection.receive("8;0 _goRPC_.Cancel 7\n9;0 _goRPC_.Cancel 7\n");
		assertThat(connection.sent().lines()).filteredOn((line) -> line.startsWith("7")).hasSize(1);
		assertThat(this.server.cutCalls()).isEqualTo(1);
	}

	@Test
	void futureOfACancelledCallIsLeftAloneAndTheCallCountsUntilItCompletes() {
		FakeConnection connection = open().receive("7;0 Work.Later x\n8;0 Work.Later x\n");
		this.server.runHandlers();
		connection.receive("9;0 _goRPC_.Cancel 7\n");
		this.server.runHandlers();
		assertThat(connection.sent()).isEqualTo("7!CANCELLED null the call was cancelled by its caller\n9=null\n");
		assertThat(this.work.later).isNotDone();
		assertThat(this.server.registry.callsInFlight()).isEqualTo(2);
		assertThat(this.server.cutCalls()).isEqualTo(1);
		this.work.later.complete("shared");
		assertThat(connection.sent()).endsWith("9=null\n8=shared\n");
		assertThat(this.server.registry.callsInFlight()).isZero();
		assertThat(this.server.cutCalls()).isZero();
		assertThat(this.server.records).containsExactly("Later CANCELLED", "Later OK");
	}

	@Test
	void monoOfACancelledCallIsDisposedOf() {
		FakeConnection connection = open().receive("7;0 Work.Mono x\n");
		this.server.runHandlers();
		connection.receive("8;0 _goRPC_.Cancel 7\n");
		assertThat(connection.sent()).startsWith("7!CANCELLED null ");
		assertThat(this.work.disposed).as("not by the I/O thread, where what depends on it would run").isZero();
		this.server.runHandlers();
		assertThat(this.work.disposed).isEqualTo(1);
		assertThat(this.server.registry.callsInFlight()).isZero();
		assertThat(this.server.records).containsExactly("Mono CANCELLED");
	}

	@Test
	void handlerIsToldOfACancelOnAHandlersThreadThoughTheQueueIsFull() {
		this.server.queue = 1;
		List<String> told = new ArrayList<>();
		FakeConnection connection = open().receive("7;0 Work.Later x\n");
		this.server.runHandlers();
		this.work.context.onCancelled(() -> told.add("first"));
		this.work.context.onCancelled(() -> {
			throw new IllegalStateException("cannot be stopped");
		});
		this.work.context.onCancelled(() -> told.add("third"));
		connection.receive("8;0 Work.Echo y\n9;0 _goRPC_.Cancel 7\n10;0 _goRPC_.Cancel 7\n");
		assertThat(told).isEmpty();
		this.server.runHandlers();
		assertThat(told).containsExactly("first", "third");
		this.work.context.onCancelled(() -> told.add("late"));
		this.server.runHandlers();
		assertThat(told).containsExactly("first", "third", "late");
		assertThat(connection.sent()).endsWith("8=y\n");
	}

	@Test
	void handlerOfAnAnsweredCallIsToldNothing() {
		List<String> told = new ArrayList<>();
		FakeConnection connection = open().receive("7;0 Work.Later x\n");
		this.server.runHandlers();
		this.work.context.onCancelled(() -> told.add("cancelled"));
		this.work.later.complete("done");
		connection.receive("8;0 _goRPC_.Cancel 7\n");
		connection.reset();
		this.server.runHandlers();
		assertThat(told).isEmpty();
	}

	@Test
	void asynchronousCallsAreRefusedAtTheirBoundForTheWholeServer() {
		this.server.maxAsync = 2;
		open().receive("1;0 Work.Later x\n2;0 Work.Later x\n");
		FakeConnection connection = open().receive("3;0 Work.Later x\n");
		this.server.runHandlers();
		assertThat(connection.sent()).as("queued before the others had begun")
			.isEqualTo("3!RESOURCE_EXHAUSTED NOT_RUN server is overloaded: 2 asynchronous calls are under way "
					+ "(limit: rpc.server.concurrency.async = 2)\n");
		connection.receive("4;0 Work.Later x\n5;0 Work.Echo x\n");
		this.server.runHandlers();
		assertThat(connection.sent().lines()).hasSize(3)
			.anyMatch((line) -> line.startsWith("4!RESOURCE_EXHAUSTED NOT_RUN"))
			.contains("5=x");
		assertThat(this.server.refused(RefusalReason.ASYNC_FULL)).isEqualTo(2);
		this.work.later.complete("done");
		assertThat(this.server.scope().async().count()).isZero();
		connection.receive("6;0 Work.Later x\n");
		this.server.runHandlers();
		assertThat(connection.sent()).endsWith("6=done\n");
	}

	@Test
	void cancelledAsynchronousCallCountsAsOneUntilItsFutureCompletes() {
		this.server.maxAsync = 1;
		FakeConnection connection = open().receive("1;0 Work.Later x\n");
		this.server.runHandlers();
		connection.receive("2;0 _goRPC_.Cancel 1\n3;0 Work.Later x\n");
		this.server.runHandlers();
		assertThat(connection.sent()).contains("3!RESOURCE_EXHAUSTED");
		this.work.later.complete("done");
		assertThat(this.server.scope().async().count()).isZero();
	}

	@Test
	void handlersThatHangAreCountedFromTheirStart() {
		FakeConnection connection = open().receive("7;0 Work.Later x\n");
		this.server.pass(Duration.ofMinutes(2));
		this.server.runHandlers();
		long[] started = new long[1];
		this.server.registry.forEachCall((call) -> started[0] = call.startedNanos());
		assertThat(started[0]).isEqualTo(this.server.nanoTime.get());
		assertThat(connection.sent()).isEmpty();
	}

	@Test
	void allCallsOfALostConnectionEndThoughNoneCanBeRecorded() {
		FakeConnection connection = open().receive("7;0 Work.Echo x\n8;0 Work.Echo y\n");
		this.server.recorderFails = true;
		connection.reset();
		assertThat(this.server.registry.callsInFlight()).isZero();
		assertThat(this.server.registry.count()).isZero();
	}

	@Test
	void callWhoseTimeIsOverInTheQueueNeverRuns() {
		FakeConnection connection = open().receive("7;200 Work.Echo x\n8;0 Work.Echo y\n");
		this.server.pass(Duration.ofMillis(200));
		this.server.runHandlers();
		assertThat(connection.sent())
			.isEqualTo("7!DEADLINE_EXCEEDED NOT_RUN deadline exceeded in phase server queue\n8=y\n");
		assertThat(this.work.calls).isEqualTo(1);
		assertThat(this.server.records).containsExactly("Echo DEADLINE_EXCEEDED", "Echo OK");
	}

	@Test
	void callWhoseTimeIsOverInTheQueueIsAnsweredThoughNoHandlerEnds() {
		FakeConnection connection = open().receive("7;50 Work.Echo x\n8;80 Work.Echo y\n");
		connection.advance(49, TimeUnit.MILLISECONDS);
		assertThat(connection.sent()).isEmpty();
		connection.advance(1, TimeUnit.MILLISECONDS);
		assertThat(connection.sent().lines()).singleElement().asString().startsWith("7!DEADLINE_EXCEEDED NOT_RUN");
		connection.advance(30, TimeUnit.MILLISECONDS);
		assertThat(connection.sent().lines()).last().asString().startsWith("8!DEADLINE_EXCEEDED NOT_RUN");
		assertThat(this.server.registry.callsInFlight()).isZero();
		this.server.runHandlers();
		assertThat(this.work.calls).isZero();
	}

	@Test
	void stuckHandlerIsInterruptedAtItsDeadlineAndAnsweredAtOnce() throws InterruptedException {
		FakeConnection connection = onThreads().receive("7;200 Work.Stuck x\n");
		this.work.awaitStuck();
		assertThat(this.work.context.timeLeft()).isEqualTo(Duration.ofMillis(200));
		connection.advance(199, TimeUnit.MILLISECONDS);
		assertThat(connection.sent()).isEqualTo("");
		assertThat(this.work.context.cancelled()).isFalse();
		assertThat(this.work.context.timeLeft()).isEqualTo(Duration.ofMillis(1));
		connection.advance(1, TimeUnit.MILLISECONDS);
		assertThat(connection.sent()).isEqualTo("7!DEADLINE_EXCEEDED null deadline exceeded in phase handler\n");
		this.work.awaitInterrupt();
		assertThat(this.work.context.cancelled()).isTrue();
		assertThat(this.work.context.timeLeft()).isEqualTo(Duration.ZERO);
		assertThat(this.server.registry.callsInFlight()).isEqualTo(1);
	}

	@ParameterizedTest
	@CsvSource({ "190, server queue", "90, handler" })
	void callWhoseTimeIsOverInTheHandlerIsToldWhatTookLongest(int queuedMillis, String phase) {
		FakeConnection connection = open().receive("7;200 Work.Later x\n");
		connection.advance(queuedMillis, TimeUnit.MILLISECONDS);
		this.server.runHandlers();
		connection.advance(200 - queuedMillis, TimeUnit.MILLISECONDS);
		assertThat(connection.sent()).isEqualTo("7!DEADLINE_EXCEEDED null deadline exceeded in phase " + phase + "\n");
	}

	@Test
	void deadlineOfAStageEndsIt() {
		FakeConnection connection = open().receive("7;200 Work.Later x\n");
		this.server.runHandlers();
		connection.advance(200, TimeUnit.MILLISECONDS);
		this.server.runHandlers();
		assertThat(connection.sent()).isEqualTo("7!DEADLINE_EXCEEDED null deadline exceeded in phase handler\n");
		assertThat(this.work.context.cancelled()).isTrue();
		this.work.later.complete("late");
		assertThat(this.server.registry.callsInFlight()).isZero();
		assertThat(connection.sent().lines()).hasSize(1);
	}

	@Test
	void handlerDoesNotRunOnceItsCallWasAnsweredWhileAnInterceptorChecked() {
		CompletableFuture<String> check = checkFirst();
		FakeConnection connection = open().receive("7;100 Work.Echo x\n8;0 Work.Echo y\n9;0 Work.Echo z\n");
		this.server.runHandlers();
		connection.receive("10;0 _goRPC_.Cancel 8\n");
		connection.advance(100, TimeUnit.MILLISECONDS);
		assertThat(connection.sent()).contains("7!DEADLINE_EXCEEDED", "8!CANCELLED");
		connection.forgetSent();
		check.complete("checked");
		assertThat(connection.sent()).isEqualTo("9=z\n");
		assertThat(this.work.calls).isEqualTo(1);
		assertThat(this.server.registry.callsInFlight()).isZero();
		assertThat(this.server.cutCalls()).isZero();
	}

	@Test
	void handlerDoesNotRunOnceAnInterceptorHasTakenAllTheTime() {
		CompletableFuture<String> check = checkFirst();
		FakeConnection connection = open().receive("7;100 Work.Echo x\n8;101 Work.Echo y\n");
		this.server.runHandlers();
		this.server.pass(Duration.ofMillis(100));
		check.complete("checked");
		assertThat(connection.sent().lines()).containsExactlyInAnyOrder(
				"7!DEADLINE_EXCEEDED MAYBE_RAN Work.Echo was " + "not run: its interceptors took the time it had",
				"8=y");
		assertThat(this.work.calls).isEqualTo(1);
	}

	private CompletableFuture<String> checkFirst() {
		CompletableFuture<String> check = new CompletableFuture<>();
		this.server.interceptors.add((call, next) -> check.thenApply((checked) -> {
			try {
				return next.proceed(call);
			}
			catch (Throwable ex) {
				throw new CompletionException(ex);
			}
		}));
		return check;
	}

	@Test
	void stageThatIsReturnedAfterTheCallWasCutEndsIt() throws InterruptedException {
		FakeConnection connection = onThreads().receive("7;0 Work.StuckThenLater x\n");
		this.work.awaitStuck();
		connection.receive("8;0 _goRPC_.Cancel 7\n");
		this.work.release.countDown();
		this.threads.shutdown();
		assertThat(this.threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
		assertThat(this.server.registry.callsInFlight()).isEqualTo(1);
		this.work.later.complete("late");
		assertThat(this.server.registry.callsInFlight()).isZero();
	}

	@Test
	void oneTimerServesTheDeadlinesOfAllCallsOfAConnection() {
		this.server.executor = Runnable::run;
		FakeConnection connection = open();
		for (int i = 0; i < 100; i++) {
			connection.receive((i + 1) + ";" + (1000 + i) + " Work.Stubborn x\n");
		}
		assertThat(connection.timers()).isEqualTo(1);
		connection.advance(1050, TimeUnit.MILLISECONDS);
		assertThat(connection.sent().lines()).hasSize(51);
		assertThat(connection.timers()).isEqualTo(1);
		connection.advance(1, TimeUnit.SECONDS);
		assertThat(connection.sent().lines()).hasSize(100);
		assertThat(connection.timers()).isZero();
	}

	@Test
	void callsWithoutADeadlineNeedNoTimer() {
		this.server.executor = Runnable::run;
		FakeConnection connection = open().receive("7;0 Work.Later x\n");
		assertThat(connection.timers()).isZero();
		assertThat(this.work.context.timeLeft()).isNull();
	}

	@Test
	void callsOfAResetConnectionEnd() throws InterruptedException {
		FakeConnection connection = onThreads().receive("7;0 Work.Stuck x\n");
		this.work.awaitStuck();
		connection.reset();
		this.work.awaitInterrupt();
		assertThat(this.work.context.cancelled()).isTrue();
		assertThat(this.server.records).containsExactly("Stuck CANCELLED");
		assertThat(this.server.registry.callsInFlight()).isEqualTo(1);
	}

	@Test
	void endOfInputOfAnExtendedPeerEndsItsCalls() throws InterruptedException {
		FakeConnection connection = onThreads().receive("7;0 Work.Stuck x\n");
		this.work.awaitStuck();
		connection.endInput();
		this.work.awaitInterrupt();
		assertThat(connection.isClosed()).isTrue();
	}

	@Test
	void endOfInputOfAStockPeerIsAHalfCloseAndItsCallsAreAnswered() throws InterruptedException {
		this.server.executor = this.threads;
		FakeConnection connection = this.server.open().receive(">>7 Work.Stuck x\n");
		this.work.awaitStuck();
		connection.endInput();
		assertThat(this.work.context.cancelled()).isFalse();
		assertThat(connection.isClosed()).isFalse();
		this.work.release.countDown();
		this.threads.shutdown();
		assertThat(this.threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
		connection.runTasks();
		assertThat(this.work.interrupts).isZero();
		assertThat(connection.sent()).isEqualTo("7=stuck\n");
		assertThat(connection.isGracefullyClosed()).isTrue();
	}

	@Test
	void errorInAHandlerIsAnErrorReplyAndTheConnectionGoesOn() {
		this.server.executor = Runnable::run;
		FakeConnection connection = open().receive("7;0 Work.Overflow x\n8;0 Work.Echo on\n");
		assertThat(connection.sent().lines()).satisfiesExactly(
				(line) -> assertThat(line).startsWith("7!INTERNAL RAN_AND_FAILED internal error"),
				(line) -> assertThat(line).isEqualTo("8=on"));
	}

	@Test
	void errorThatCannotBeEncodedIsToldByItsCode() {
		this.server.executor = Runnable::run;
		FakeConnection connection = open().receive("7;0 Work.Fail unencodable\n8;0 Work.Echo on\n");
		assertThat(connection.sent()).isEqualTo("7!NOT_FOUND RAN_AND_FAILED NOT_FOUND\n8=on\n");
		assertThat(this.server.records).containsExactly("Fail NOT_FOUND", "Echo OK");
	}

	@Test
	void connectionEndsWhereNotEvenTheCodeOfAnErrorCanBeEncoded() {
		this.server.executor = Runnable::run;
		FakeConnection connection = open().receive(TextFormat.NO_ERRORS + ";0 Work.Fail x\n");
		assertThat(connection.sent()).isEmpty();
		assertThat(connection.isClosed()).isTrue();
		assertThat(this.server.registry.callsInFlight()).isZero();
	}

	@Test
	void stageBehindAnInterceptorsStageEndsWithItsCall() {
		this.server.interceptors
			.add((call, next) -> ((CompletionStage<?>) next.proceed(call)).thenApply((value) -> "seen " + value));
		FakeConnection connection = open().receive("7;0 Work.Mono x\n");
		this.server.runHandlers();
		assertThat(this.work.disposed).isZero();
		connection.receive("8;0 _goRPC_.Cancel 7\n");
		this.server.runHandlers();
		assertThat(this.work.disposed).isEqualTo(1);
		assertThat(connection.sent()).isEqualTo("7!CANCELLED null the call was cancelled by its caller\n8=null\n");
		assertThat(this.server.registry.callsInFlight()).isZero();
		assertThat(this.server.cutCalls()).isZero();
	}

	private FakeConnection open() {
		FakeConnection connection = this.server.open().receive(PING);
		assertThat(connection.sent()).isEqualTo("0=null\n");
		connection.forgetSent();
		return connection;
	}

	private FakeConnection onThreads() {
		this.server.executor = this.threads;
		return open();
	}

	@RpcService("Work")
	public static class Work {

		final CompletableFuture<String> later = new CompletableFuture<>();

		final CountDownLatch release = new CountDownLatch(1);

		private final CountDownLatch stuck = new CountDownLatch(1);

		private final CountDownLatch interrupted = new CountDownLatch(1);

		volatile int interrupts;

		volatile int disposed;

		volatile int calls;

		volatile RpcContext context;

		public String echo(String text) {
			this.calls++;
			return text;
		}

		/**
		 * Ends when it is released, however often it is interrupted.
		 */
		public String stuck(String text) {
			this.context = RpcContext.current();
			this.stuck.countDown();
			while (true) {
				try {
					this.release.await();
					return "stuck";
				}
				catch (InterruptedException ex) {
					this.interrupts++;
					this.interrupted.countDown();
				}
			}
		}

		public CompletableFuture<String> stuckThenLater(String text) {
			stuck(text);
			return this.later;
		}

		public CompletableFuture<String> later(String text) {
			this.context = RpcContext.current();
			return this.later;
		}

		public String fail(String text) {
			throw new RpcException(RpcCode.NOT_FOUND, text);
		}

		public Mono<String> mono(String text) {
			return Mono.<String>never().doOnCancel(() -> this.disposed++);
		}

		public CompletionStage<String> stubborn(String text) {
			return this.later.minimalCompletionStage();
		}

		public String overflow(String text) {
			throw new StackOverflowError();
		}

		void awaitStuck() throws InterruptedException {
			assertThat(this.stuck.await(10, TimeUnit.SECONDS)).isTrue();
		}

		void awaitInterrupt() throws InterruptedException {
			assertThat(this.interrupted.await(10, TimeUnit.SECONDS)).isTrue();
		}

	}

}
