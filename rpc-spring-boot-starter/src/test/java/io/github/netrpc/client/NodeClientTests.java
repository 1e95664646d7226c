package io.github.netrpc.client;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.client.FakeTransport.FakeConnection;
import io.github.netrpc.wire.http.ConnectPath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link NodeClient}, with a transport, a format and a clock that the test
 * moves.
 */
class NodeClientTests extends NodeFixture {

	@Test
	void nothingIsConnectedBeforeTheFirstCall() {
		assertThat(this.node.state()).isEqualTo(NodeState.IDLE);
		assertThat(this.transport.attempts).isEmpty();
		call("a");
		assertThat(this.node.state()).isEqualTo(NodeState.CONNECTING);
		assertThat(this.transport.attempts).hasSize(1);
	}

	@Test
	void callsThatWaitForTheConnectionAreSentWhenItOpens() {
		ClientCall<Object> first = call("a");
		ClientCall<Object> second = call("b");
		assertThat(this.node.snapshot().waiting()).isEqualTo(2);
		FakeConnection connection = this.transport.last().accept();
		assertThat(this.node.state()).isEqualTo(NodeState.READY);
		List<String> requests = connection.requests();
		assertThat(requests).hasSize(2);
		connection.receive(requests.get(0).split(" ")[0] + " ok 1", requests.get(1).split(" ")[0] + " ok 2");
		assertThat(first).isCompletedWithValue("1");
		assertThat(second).isCompletedWithValue("2");
		assertThat(this.transport.attempts).hasSize(1);
	}

	@Test
	void repliesOutOfOrderReachTheirCallers() {
		FakeConnection connection = connected();
		ClientCall<Object> first = call("a");
		String firstSeq = connection.seq();
		ClientCall<Object> second = call("b");
		String secondSeq = connection.seq();
		connection.receive(secondSeq + " ok second");
		assertThat(first).isNotDone();
		assertThat(second).isCompletedWithValue("second");
		connection.receive(firstSeq + " ok first");
		assertThat(first).isCompletedWithValue("first");
	}

	@Test
	void replyInPiecesIsReadWhenItIsWhole() {
		FakeConnection connection = connected();
		ClientCall<Object> call = call("a");
		byte[] reply = (connection.seq() + " ok value\n").getBytes();
		for (byte each : reply) {
			assertThat(call).isNotDone();
			connection.receiveBytes(new byte[] { each });
		}
		assertThat(call).isCompletedWithValue("value");
	}

	@Test
	void errorStringOfTheApplicationRanAndFailed() {
		FakeConnection connection = connected();
		ClientCall<Object> call = call("a");
		connection.receive(connection.seq() + " error divide by zero");
		assertFailure(call, RpcCode.UNKNOWN, Known.RAN_AND_FAILED);
		assertThat(failure(call)).hasMessage("divide by zero");
		assertThat(this.recorded).containsExactly("UNKNOWN 0");
	}

	@ParameterizedTest
	@ValueSource(strings = { "rpc: can't find service Arith.Add", "rpc: can't find method Arith.Add",
			"rpc: service/method request ill-formed: Arith.Add" })
	void errorStringOfGoForTheNameSentIsUnimplemented(String text) {
		FakeConnection connection = connected();
		ClientCall<Object> call = call("a");
		connection.receive(connection.seq() + " error " + text);
		assertFailure(call, RpcCode.UNIMPLEMENTED, Known.NOT_RUN, text);
	}

	@ParameterizedTest
	@ValueSource(strings = { "rpc: can't find service Arith.Sub", "rpc: can't find method Arith.Add ",
			" rpc: can't find method Arith.Add", "rpc: can't find method", "rpc: Can't find method Arith.Add" })
	void errorStringThatIsAlmostGosIsTheApplications(String text) {
		FakeConnection connection = connected();
		ClientCall<Object> call = call("a");
		connection.receive(connection.seq() + " error " + text);
		assertFailure(call, RpcCode.UNKNOWN, Known.RAN_AND_FAILED, text);
	}

	@Test
	void recorderThatThrowsDoesNotKeepACallFromEnding() {
		CallRecorder broken = (code, nanos) -> {
			throw new IllegalStateException("no metrics");
		};
		CallPlan plan = new CallPlan(ServiceMethod.of("Arith", "Add"), FakeFormat.PLAN, FakeFormat.PLAN,
				Duration.ofSeconds(1).toNanos(), broken);
		FakeConnection connection = connected();
		ClientCall<Object> succeeds = this.resources.future(plan);
		ClientCall<Object> fails = this.resources.future(plan);
		ClientCall<Object> late = this.resources.future(plan);
		ClientCall<Object> awaited = this.resources.awaited(plan);
		this.node.offer(succeeds, "a");
		connection.receive(connection.seq() + " ok done");
		assertThat(succeeds).isCompletedWithValue("done");
		this.node.offer(fails, "a");
		connection.receive(connection.seq() + " error no");
		assertFailure(fails, RpcCode.UNKNOWN, Known.RAN_AND_FAILED, "no");
		this.node.offer(awaited, "a");
		connection.receive(connection.seq() + " ok awaited");
		assertThat(awaited.await()).isEqualTo("awaited");
		this.node.offer(late, "a");
		this.timer.advance(Duration.ofSeconds(1));
		assertFailure(late, RpcCode.DEADLINE_EXCEEDED, Known.MAYBE_RAN);
		assertThat(connection.closed).isFalse();
	}

	@Test
	void exceptionWhoseMessageThrowsDoesNotKeepACallFromEnding() {
		connected();
		ClientCall<Object> call = call((Runnable) () -> {
			throw new IllegalStateException() {
				@Override
				public String getMessage() {
					throw new UnsupportedOperationException("broken message");
				}
			};
		});
		assertFailure(call, RpcCode.INTERNAL, Known.NOT_RUN, "Arith.Add");
		assertThat(this.node.snapshot().inFlight()).isZero();
	}

	@Test
	void malformedReplyFailsItsCallOnly() {
		FakeConnection connection = connected();
		ClientCall<Object> call = call("a");
		connection.receive(connection.seq() + " bad got a string");
		assertFailure(call, RpcCode.INTERNAL, Known.RAN_AND_FAILED, "Arith.Add", "got a string");
		ClientCall<Object> next = call("b");
		connection.receive(connection.seq() + " ok fine");
		assertThat(next).isCompletedWithValue("fine");
	}

	@Test
	void bytesOutOfStepCloseTheConnectionAndFailEveryPendingCall() {
		FakeConnection connection = connected();
		ClientCall<Object> first = call("a");
		ClientCall<Object> second = call("b");
		connection.receive("nonsense");
		assertThat(connection.closed).isTrue();
		assertFailure(first, RpcCode.UNAVAILABLE, Known.MAYBE_RAN, "out of step: nonsense", "node:1234");
		assertFailure(second, RpcCode.UNAVAILABLE, Known.MAYBE_RAN);
	}

	@Test
	void callWhoseReplyBreaksOffIsFailedWithTheOthers() {
		FakeConnection connection = connected();
		ClientCall<Object> call = call("a");
		connection.receive(connection.seq() + " garbage after the number");
		assertThat(connection.closed).isTrue();
		assertFailure(call, RpcCode.UNAVAILABLE, Known.MAYBE_RAN);
	}

	@Test
	void lostConnectionFailsEveryPendingCallAtOnce() {
		FakeConnection connection = connected();
		ClientCall<Object> first = call("a");
		ClientCall<Object> second = call("b");
		this.timer.advance(Duration.ofMillis(12));
		connection.lose();
		assertFailure(first, RpcCode.UNAVAILABLE, Known.MAYBE_RAN, "Connection reset", "12 ms");
		assertFailure(second, RpcCode.UNAVAILABLE, Known.MAYBE_RAN);
		assertThat(this.recorded).containsExactly("UNAVAILABLE 12", "UNAVAILABLE 12");
	}

	@Test
	void endOfInputFailsEveryPendingCallAndCloses() {
		FakeConnection connection = connected();
		ClientCall<Object> call = call("a");
		connection.end();
		assertFailure(call, RpcCode.UNAVAILABLE, Known.MAYBE_RAN, "closed by the node");
		assertThat(connection.closed).isTrue();
	}

	@Test
	void connectionThatClosesWhileTheCallIsEncodedHasNotRunIt() {
		FakeConnection connection = connected();
		ClientCall<Object> call = call((Runnable) connection::lose);
		assertFailure(call, RpcCode.UNAVAILABLE, Known.NOT_RUN, "not sent");
		assertThat(connection.requests()).isEmpty();
	}

	@Test
	void argumentThatCannotBeEncodedFailsBeforeAnythingIsSent() {
		FakeConnection connection = connected();
		ClientCall<Object> call = call("unwritable");
		assertFailure(call, RpcCode.INVALID_ARGUMENT, Known.NOT_RUN, "Arith.Add", "cannot be written");
		assertThat(connection.requests()).isEmpty();
		assertThat(this.node.snapshot().inFlight()).isZero();
	}

	@Test
	void argumentWhoseAccessorThrowsFailsTheCall() {
		connected();
		ClientCall<Object> call = call((Runnable) () -> {
			throw new IllegalStateException("broken getter");
		});
		assertFailure(call, RpcCode.INVALID_ARGUMENT, Known.NOT_RUN, "broken getter");
		assertThat(this.node.snapshot().inFlight()).isZero();
	}

	@Test
	void deadlinePassesForACallThatWasSent() {
		connected();
		ClientCall<Object> call = call("a", Duration.ofMillis(200));
		this.timer.advance(Duration.ofNanos(199_999_999));
		assertThat(call).isNotDone();
		this.timer.advance(Duration.ofNanos(1));
		assertFailure(call, RpcCode.DEADLINE_EXCEEDED, Known.MAYBE_RAN, "Arith.Add", "node:1234", "200 ms");
		assertThat(this.recorded).containsExactly("DEADLINE_EXCEEDED 200");
		assertThat(this.node.snapshot().inFlight()).isZero();
	}

	@Test
	void deadlinePassesForACallThatWaits() {
		ClientCall<Object> call = call("a", Duration.ofMillis(200));
		this.timer.advance(Duration.ofMillis(200));
		assertFailure(call, RpcCode.DEADLINE_EXCEEDED, Known.NOT_RUN, "not sent");
		FakeConnection connection = this.transport.last().accept();
		assertThat(connection.requests()).isEmpty();
	}

	@Test
	void deadlinePassesForACallThatTheBusyCallbackExecutorHasNotSent() {
		ClientResources busy = busyResources();
		try (NodeClient client = new NodeClient(ADDRESS, busy, NodeListener.NONE)) {
			ClientCall<Object> call = busy.future(plan(Duration.ofMillis(200)));
			assertThat(client.offer(call, "a")).isNull();
			FakeConnection connection = this.transport.last().accept();
			assertThat(client.snapshot().waiting()).isEqualTo(1);
			this.timer.advance(Duration.ofMillis(200));
			assertThat(this.recorded).containsExactly("DEADLINE_EXCEEDED 200");
			assertThat(client.snapshot().waiting()).isZero();
			runTasks();
			assertFailure(call, RpcCode.DEADLINE_EXCEEDED, Known.NOT_RUN, "not sent");
			assertThat(connection.requests()).isEmpty();
		}
	}

	@Test
	void deadlinePassesForACallThatHasMovedToABusyNode() {
		ClientResources busy = busyResources();
		try (NodeClient from = new NodeClient(ADDRESS, busy, NodeListener.NONE);
				NodeClient to = new NodeClient(ADDRESS, busy, NodeListener.NONE)) {
			to.connect();
			FakeConnection connection = this.transport.last().accept();
			ClientCall<Object> call = busy.future(plan(Duration.ofMillis(200)));
			assertThat(from.offer(call, "a")).isNull();
			from.moveWaitingTo(to);
			assertThat(from.snapshot().waiting()).isZero();
			assertThat(to.snapshot().waiting()).isEqualTo(1);
			this.timer.advance(Duration.ofMillis(200));
			assertThat(this.recorded).containsExactly("DEADLINE_EXCEEDED 200");
			runTasks();
			assertFailure(call, RpcCode.DEADLINE_EXCEEDED, Known.NOT_RUN, "not sent");
			assertThat(connection.requests()).isEmpty();
		}
	}

	@Test
	void callsThatTheBusyCallbackExecutorHasNotSentFailWithTheConnection() {
		ClientResources busy = busyResources();
		try (NodeClient client = new NodeClient(ADDRESS, busy, NodeListener.NONE)) {
			ClientCall<Object> call = busy.future(plan(Duration.ofSeconds(10)));
			assertThat(client.offer(call, "a")).isNull();
			this.transport.last().accept().lose();
			assertThat(this.recorded).containsExactly("UNAVAILABLE 0");
			runTasks();
			assertFailure(call, RpcCode.UNAVAILABLE, Known.NOT_RUN, "Connection reset");
		}
	}

	@Test
	void callsThatWaitedAreSentOnceAfterAReconnect() {
		ClientResources busy = busyResources();
		try (NodeClient client = new NodeClient(ADDRESS, busy, NodeListener.NONE)) {
			assertThat(client.offer(busy.future(plan(Duration.ofSeconds(10))), "lost")).isNull();
			this.transport.last().accept().lose();
			this.timer.advance(Duration.ofSeconds(1));
			assertThat(client.offer(busy.future(plan(Duration.ofSeconds(10))), "sent")).isNull();
			FakeConnection connection = this.transport.last().accept();
			connection.greet(true);
			runTasks();
			assertThat(connection.requests()).singleElement().asString().endsWith("sent");
			assertThat(client.snapshot().waiting()).isZero();
		}
	}

	@Test
	void errorInAnAccessorOfACallThatWaitedEndsThatCallOnly() {
		ClientCall<Object> first = call((Runnable) () -> {
			throw new AssertionError("broken accessor");
		});
		ClientCall<Object> second = call("b");
		FakeConnection connection = this.transport.last().accept();
		assertFailure(first, RpcCode.INVALID_ARGUMENT, Known.NOT_RUN, "Arith.Add", "broken accessor");
		connection.receive(connection.seq() + " ok done");
		assertThat(second).isCompletedWithValue("done");
	}

	@Test
	void argumentIsForgottenWhenTheCallIsSentOrHasEnded() {
		ClientCall<Object> sent = call("a");
		ClientCall<Object> cancelled = call("b");
		assertThat(sent.argument()).isEqualTo("a");
		cancelled.cancel(true);
		assertThat(cancelled.argument()).isNull();
		this.transport.last().accept();
		assertThat(sent.argument()).isNull();
	}

	@Test
	void deadlinesOfAnyOrderAreKeptExactly() {
		connected();
		ClientCall<Object> late = call("a", Duration.ofSeconds(3));
		ClientCall<Object> early = call("b", Duration.ofMillis(10));
		ClientCall<Object> middle = call("c", Duration.ofSeconds(1));
		this.timer.advance(Duration.ofMillis(10));
		assertThat(early).isDone();
		assertThat(middle).isNotDone();
		this.timer.advance(Duration.ofMillis(990));
		assertThat(middle).isDone();
		assertThat(late).isNotDone();
		this.timer.advance(Duration.ofSeconds(2));
		assertThat(late).isDone();
	}

	@Test
	void manyCallsShareOneTimer() {
		FakeConnection connection = connected();
		for (int i = 0; i < 1_000; i++) {
			ClientCall<Object> call = call("a");
			connection.receive(connection.seq() + " ok done");
			assertThat(call).isDone();
			this.timer.advance(Duration.ofMillis(1));
		}
		// The other one looks at the connection.
		assertThat(this.timer.scheduled()).isEqualTo(2);
	}

	@Test
	void lateReplyIsDroppedAndTheNextCallerOfTheSlotIsUnhurt() {
		FakeConnection connection = connected();
		ClientCall<Object> late = call("a", Duration.ofMillis(1));
		String lateSeq = connection.seq();
		this.timer.advance(Duration.ofMillis(1));
		assertThat(late).isCompletedExceptionally();
		List<ClientCall<Object>> next = List.of(call("b"), call("c"), call("d"), call("e"));
		connection.receive(lateSeq + " ok late");
		assertThat(next).allSatisfy((call) -> assertThat(call).isNotDone());
		assertThat(connection.closed).isFalse();
	}

	@Test
	void secondReplyToACallIsDropped() {
		FakeConnection connection = connected();
		ClientCall<Object> call = call("a");
		String seq = connection.seq();
		connection.receive(seq + " ok first", seq + " ok second", "99999 ok nobody");
		assertThat(call).isCompletedWithValue("first");
		assertThat(this.recorded).hasSize(1);
	}

	@Test
	void cancelledCallFreesItsSlotAndItsReplyIsDropped() {
		FakeConnection connection = connected();
		ClientCall<Object> call = call("a");
		String seq = connection.seq();
		assertThat(call.cancel(true)).isTrue();
		assertThat(this.node.snapshot().inFlight()).isZero();
		connection.receive(seq + " ok late");
		assertThatExceptionOfType(CancellationException.class).isThrownBy(call::join);
		assertThat(this.recorded).containsExactly("CANCELLED 0");
	}

	@Test
	void cancelledCallThatWaitsIsNeverSent() {
		ClientCall<Object> call = call("a");
		call.cancel(false);
		assertThat(this.node.snapshot().waiting()).isZero();
		assertThat(this.transport.last().accept().requests()).isEmpty();
	}

	@Test
	void futureCompletedByItsOwnerFreesItsSlot() {
		connected();
		ClientCall<Object> call = call("a");
		call.complete("mine");
		assertThat(this.node.snapshot().inFlight()).isZero();
		assertThat(call).isCompletedWithValue("mine");
	}

	@Test
	void refusedConnectionFailsTheCallsThatWaited() {
		ClientCall<Object> call = call("a");
		this.transport.last().refuse();
		assertFailure(call, RpcCode.UNAVAILABLE, Known.NOT_RUN, "node:1234", "Connection refused");
		assertThat(failure(call)).hasCauseInstanceOf(IOException.class);
		assertThat(this.node.state()).isEqualTo(NodeState.TRANSIENT_FAILURE);
	}

	@Test
	void closeFailsCallsInFlightAndLaterOnes() {
		FakeConnection connection = connected();
		ClientCall<Object> call = call("a");
		this.node.close();
		assertThat(connection.closed).isTrue();
		assertFailure(call, RpcCode.UNAVAILABLE, Known.MAYBE_RAN, "closed by this side");
		assertFailure(call("b"), RpcCode.UNAVAILABLE, Known.NOT_RUN, "closed");
	}

	@Test
	void closeFailsCallsThatWaitAndClosesTheConnectionThatOpensLater() {
		ClientCall<Object> call = call("a");
		this.node.close();
		assertFailure(call, RpcCode.UNAVAILABLE, Known.NOT_RUN, "closed");
		assertThat(this.transport.last().accept().closed).isTrue();
	}

	@Test
	void snapshotCountsCallsAcrossConnections() {
		FakeConnection connection = connected();
		call("a");
		connection.receive(connection.seq() + " ok x");
		call("b");
		connection.lose();
		this.timer.advance(Duration.ofSeconds(1));
		connected();
		call("c");
		NodeSnapshot snapshot = this.node.snapshot();
		assertThat(snapshot.calls()).isEqualTo(3);
		assertThat(snapshot.failures()).isEqualTo(1);
		assertThat(snapshot.inFlight()).isEqualTo(1);
		assertThat(snapshot.address()).isEqualTo("node:1234");
		assertThat(snapshot.lastFailure()).contains("Connection reset");
	}

	@Test
	void httpSendsNothingBeforeTheAnswer() {
		ClientResources http = resources(ClientLimits.DEFAULT, ConnectPath.DEFAULT);
		try (NodeClient client = new NodeClient(ADDRESS, http, NodeListener.NONE)) {
			ClientCall<Object> call = http.future(plan(Duration.ofSeconds(1)));
			assertThat(client.offer(call, "a")).isNull();
			FakeConnection connection = this.transport.last().accept();
			assertThat(connection.requests()).containsExactly("CONNECT /_goRPC_ HTTP/1.0");
			connection.receiveBytes("HTTP/1.0 200 Connected to".getBytes());
			assertThat(client.state()).isEqualTo(NodeState.CONNECTING);
			connection.receiveBytes(" Go RPC\n\n".getBytes());
			connection.receive(connection.seq() + " ok value");
			assertThat(call).isCompletedWithValue("value");
		}
	}

	@Test
	void httpFailsTheCallsThatWaitedIfTheServerRefuses() {
		ClientResources http = resources(ClientLimits.DEFAULT, ConnectPath.DEFAULT);
		try (NodeClient client = new NodeClient(ADDRESS, http, NodeListener.NONE)) {
			ClientCall<Object> call = http.future(plan(Duration.ofSeconds(1)));
			assertThat(client.offer(call, "a")).isNull();
			this.transport.last().accept().receiveBytes("HTTP/1.1 404 Not Found\r\n\r\n".getBytes());
			assertFailure(call, RpcCode.UNAVAILABLE, Known.NOT_RUN, "404 Not Found");
			assertThat(client.state()).isEqualTo(NodeState.TRANSIENT_FAILURE);
		}
	}

	@Test
	void interruptedCallerIsCancelledAndStaysInterrupted() {
		connected();
		ClientCall<Object> call = this.resources.awaited(plan(Duration.ofSeconds(1)));
		assertThat(this.node.offer(call, "a")).isNull();
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(RpcException.class).isThrownBy(call::await).satisfies((ex) -> {
			assertThat(ex.code()).isEqualTo(RpcCode.CANCELLED);
			assertThat(ex.known()).isEqualTo(Known.MAYBE_RAN);
		});
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.node.snapshot().inFlight()).isZero();
	}

	@Test
	void waitingCallerIsWokenByTheReply() throws Exception {
		FakeConnection connection = connected();
		AtomicReference<Object> reply = new AtomicReference<>();
		Thread caller = new Thread(() -> {
			ClientCall<Object> call = this.resources.awaited(plan(Duration.ofSeconds(1)));
			this.node.offer(call, "a");
			reply.set(call.await());
		});
		caller.start();
		while (this.node.snapshot().inFlight() == 0) {
			Thread.onSpinWait();
		}
		List<String> requests = connection.requests();
		while (requests.isEmpty()) {
			requests = connection.requests();
		}
		connection.receive(requests.get(0).split(" ")[0] + " ok woken");
		caller.join(5_000);
		assertThat(reply).hasValue("woken");
	}

	@Test
	void callbackThatBlocksDoesNotStopDeadlines() throws Exception {
		ClientTimer realTime = new ThreadClientTimer("rpc-timer-test", System::nanoTime, InstantSource.system());
		CountDownLatch release = new CountDownLatch(1);
		try (ClientResources real = new ClientResources(this.transport, new FakeFormat(), null, ClientLimits.DEFAULT,
				ConnectionPolicy.DEFAULT, true, Runnable::run, CallbackThreads.executor("rpc-spare-test-"), realTime,
				() -> 0.5); NodeClient client = new NodeClient(ADDRESS, real, NodeListener.NONE)) {
			ClientCall<Object> first = real.future(plan(Duration.ofMillis(1)));
			CountDownLatch blocked = new CountDownLatch(1);
			AtomicReference<Boolean> mustNotWait = new AtomicReference<>();
			first.whenComplete((reply, failure) -> {
				mustNotWait.set(real.inIoThread());
				blocked.countDown();
				try {
					release.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			});
			assertThat(client.offer(first, "a")).isNull();
			assertThat(blocked.await(10, TimeUnit.SECONDS)).isTrue();
			assertThat(mustNotWait).hasValue(false);
			ClientCall<Object> second = real.future(plan(Duration.ofMillis(1)));
			assertThat(client.offer(second, "b")).isNull();
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> second.get(10, TimeUnit.SECONDS))
				.withMessageContaining("not sent");
		}
		finally {
			release.countDown();
		}
	}

	private void useListenerThatThrowsIn(NodeState state) {
		this.node.close();
		this.node = new NodeClient(ADDRESS, this.resources, new NodeListener() {

			@Override
			public void changed(NodeClient node) {
				if (node.state() == state) {
					throw new IllegalStateException("thrown by a test");
				}
			}

		});
	}

	@Test
	void callsOfALostConnectionEndThoughAListenerThrows() {
		useListenerThatThrowsIn(NodeState.TRANSIENT_FAILURE);
		FakeConnection connection = greeted(true);
		List<ClientCall<Object>> calls = Stream.of("a", "b", "c", "d", "e").map(this::call).toList();
		connection.lose();
		assertFailure(calls.get(0), RpcCode.UNAVAILABLE, Known.MAYBE_RAN, "was lost");
		assertFailure(calls.get(4), RpcCode.UNAVAILABLE, Known.NOT_RUN, "Connection reset");
	}

	@Test
	void connectionIsOpenedAgainThoughAListenerThrows() {
		useListenerThatThrowsIn(NodeState.CONNECTING);
		FakeConnection connection = greeted(true);
		this.timer.advance(Duration.ofSeconds(1));
		connection.lose();
		assertThat(this.transport.attempts).hasSize(2);
		ClientCall<Object> call = call("a");
		FakeConnection next = this.transport.last().accept();
		next.receive(next.seq() + " ok moved");
		assertThat(call).isCompletedWithValue("moved");
	}

	@Test
	void closeEndsCallsThatWaitThoughAListenerThrows() {
		useListenerThatThrowsIn(NodeState.SHUTDOWN);
		ClientCall<Object> call = call("a");
		this.node.close();
		assertFailure(call, RpcCode.UNAVAILABLE, Known.NOT_RUN, "closed");
	}

}
