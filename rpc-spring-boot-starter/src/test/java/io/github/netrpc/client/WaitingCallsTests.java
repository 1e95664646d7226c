package io.github.netrpc.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.client.FakeTransport.FakeConnection;
import io.github.netrpc.client.NodeConnection.Sent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for calls that wait in {@link NodeClient} since there is no room for them: four
 * in flight, three waiting, 100,000 bytes unsent.
 */
class WaitingCallsTests extends NodeFixture {

	private List<ClientCall<Object>> calls(int count) {
		List<ClientCall<Object>> calls = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			calls.add(call("call" + i));
		}
		return calls;
	}

	private static String seq(String request) {
		return request.split(" ")[0];
	}

	@Test
	void callBeyondTheBoundInFlightIsSentWhenAReplyComes() {
		FakeConnection connection = connected();
		List<ClientCall<Object>> calls = calls(5);
		List<String> requests = connection.requests();
		assertThat(requests).hasSize(4);
		assertThat(this.node.snapshot().waiting()).isEqualTo(1);
		connection.receive(seq(requests.get(2)) + " ok done");
		assertThat(calls.get(2)).isCompletedWithValue("done");
		connection.receive(connection.seq() + " ok fifth");
		assertThat(calls.get(4)).isCompletedWithValue("fifth");
		assertThat(this.node.snapshot().waiting()).isZero();
	}

	@Test
	void callsAreSentInTheOrderInWhichTheyWait() {
		FakeConnection connection = connected();
		calls(7);
		List<String> requests = connection.requests();
		connection.receive(requests.stream().map((request) -> seq(request) + " ok x").toArray(String[]::new));
		assertThat(connection.requests()).extracting((request) -> request.split(" ")[2])
			.containsExactly("call4", "call5", "call6");
	}

	// Found by the simulation: they were given back, and came here again, without end.
	@Test
	void callsThatAFullNodeDoesNotTakeGoOnWaitingForAnother() {
		List<ClientCall<?>> returned = new ArrayList<>();
		NodeClient other = new NodeClient(ADDRESS, this.resources, new NodeListener() {

			@Override
			public void returned(NodeClient node, List<ClientCall<?>> calls, CallFailure reason) {
				returned.addAll(calls);
			}

		});
		connected();
		calls(6);
		ClientCall<Object> first = this.resources.future(plan(Duration.ofSeconds(1)));
		ClientCall<Object> second = this.resources.future(plan(Duration.ofSeconds(1)));
		assertThat(other.offer(first, "first")).isNull();
		assertThat(other.offer(second, "second")).isNull();
		other.moveWaitingTo(this.node);
		assertThat(returned).isEmpty();
		assertThat(this.node.snapshot().waiting()).isEqualTo(3);
		assertThat(other.snapshot().waiting()).isEqualTo(1);
		FakeConnection connection = this.transport.last().accept();
		assertThat(connection.requests()).singleElement().asString().endsWith(" second");
		connection.lose();
		assertFailure(second, RpcCode.UNAVAILABLE, Known.MAYBE_RAN);
		other.close();
	}

	@Test
	void callsThatAFullNodeDoesNotTakeStillEndAtTheirDeadline() {
		NodeClient other = new NodeClient(ADDRESS, this.resources, NodeListener.NONE);
		connected();
		calls(7);
		ClientCall<Object> call = this.resources.future(plan(Duration.ofSeconds(1)));
		assertThat(other.offer(call, "a")).isNull();
		other.moveWaitingTo(this.node);
		this.timer.advance(Duration.ofSeconds(1));
		assertFailure(call, RpcCode.DEADLINE_EXCEEDED, Known.NOT_RUN, "phase: connect");
		other.close();
	}

	@Test
	void callsBeyondBothBoundsAreRefusedAtOnce() {
		connected();
		List<ClientCall<Object>> calls = calls(7);
		assertFailure(call("h"), RpcCode.RESOURCE_EXHAUSTED, Known.NOT_RUN, "Arith.Add", "4 calls are in flight",
				"node:1234", "3 calls wait");
		assertThat(calls).allSatisfy((call) -> assertThat(call).isNotDone());
	}

	@Test
	void callsBeyondTheBoundOfThoseThatWaitForAConnectionAreRefused() {
		List<ClientCall<Object>> calls = calls(3);
		assertFailure(call("d"), RpcCode.RESOURCE_EXHAUSTED, Known.NOT_RUN, "3 calls wait for a connection");
		assertThat(calls).allSatisfy((call) -> assertThat(call).isNotDone());
	}

	@Test
	void cancelledCallMakesRoom() {
		FakeConnection connection = connected();
		List<ClientCall<Object>> calls = calls(5);
		connection.requests();
		calls.get(0).cancel(true);
		assertThat(connection.requests()).singleElement().asString().endsWith("call4");
	}

	@Test
	void callThatCannotBeEncodedMakesRoom() {
		FakeConnection connection = connected();
		List<ClientCall<Object>> waiting = new ArrayList<>();
		calls(3);
		call((Runnable) () -> {
			waiting.add(call("waits"));
			throw new IllegalStateException("broken getter");
		});
		assertThat(waiting).hasSize(1);
		assertThat(connection.requests()).hasSize(4).last().asString().endsWith("waits");
	}

	@Test
	void callThatHadEndedBeforeItWasSentMakesRoom() {
		FakeConnection connection = connected();
		List<ClientCall<Object>> waiting = new ArrayList<>();
		calls(3);
		ClientCall<Object> ended = this.resources.future(plan(Duration.ofSeconds(10)));
		ended.cancel(false);
		assertThat(this.node.offer(ended, (Runnable) () -> waiting.add(call("waits")))).isNull();
		assertThat(waiting).hasSize(1);
		assertThat(connection.requests()).hasSize(4).last().asString().endsWith("waits");
	}

	@Test
	void deadlineOfACallThatWaitsForRoomNamesTheQueue() {
		FakeConnection connection = connected();
		calls(4);
		ClientCall<Object> late = call("late", Duration.ofMillis(200));
		this.timer.advance(Duration.ofMillis(200));
		assertFailure(late, RpcCode.DEADLINE_EXCEEDED, Known.NOT_RUN, "not sent", "phase: queue");
		connection.requests();
		assertThat(this.node.snapshot().waiting()).isZero();
	}

	@Test
	void callsWaitWhileTooManyBytesAreUnsent() {
		FakeConnection connection = connected();
		connection.unsentBytes = 100_001;
		ClientCall<Object> call = call("a");
		assertThat(connection.requests()).isEmpty();
		assertThat(this.node.snapshot().waiting()).isEqualTo(1);
		connection.drainTo(50_001);
		assertThat(connection.requests()).isEmpty();
		connection.drainTo(50_000);
		connection.receive(connection.seq() + " ok sent");
		assertThat(call).isCompletedWithValue("sent");
	}

	@Test
	void callWaitsIfOthersHaveFilledTheConnectionWhileItWasEncoded() {
		FakeConnection connection = connected();
		ClientCall<Object> call = call((Runnable) () -> connection.unsentBytes = 100_001);
		assertThat(connection.requests()).isEmpty();
		assertThat(call).isNotDone();
		assertThat(this.node.snapshot().waiting()).isEqualTo(1);
		assertThat(this.node.snapshot().inFlight()).isZero();
		connection.beforeSend = () -> connection.unsentBytes = 0;
		connection.drainTo(0);
		connection.receive(connection.seq() + " ok sent");
		assertThat(call).isCompletedWithValue("sent");
	}

	@Test
	void callThatTheEndOfTheConnectionHasTakenWhileItIsSentGoesNowhereElse() {
		FakeConnection connection = greeted(true);
		NodeConnection opened = (NodeConnection) this.transport.last().handler;
		ClientCall<Object> call = this.resources.future(plan(Duration.ofSeconds(10)));
		connection.beforeSend = () -> {
			connection.closed = true;
			// Out of the table, and about to be ended.
			opened.forget(call);
		};
		assertThat(opened.send(call, "a")).isEqualTo(Sent.TAKEN);
		assertThat(call).isNotDone();
		call.fail((sent) -> CallFailure.unavailable(sent ? Known.MAYBE_RAN : Known.NOT_RUN, "ended", null));
		assertFailure(call, RpcCode.UNAVAILABLE, Known.NOT_RUN, "ended");
		connection.lose();
	}

	@Test
	void callWhoseConnectionIsLostWhileItIsSentEndsOnce() {
		FakeConnection connection = greeted(true);
		this.timer.advance(Duration.ofSeconds(1));
		connection.beforeSend = connection::lose;
		ClientCall<Object> call = call("a");
		assertFailure(call, RpcCode.UNAVAILABLE, Known.MAYBE_RAN, "was lost");
		assertThat(this.recorded).hasSize(1);
		assertThat(this.node.snapshot().waiting()).isZero();
		assertThat(this.transport.last().accept().requests()).isEmpty();
	}

	@Test
	@Timeout(value = 10, threadMode = ThreadMode.SEPARATE_THREAD)
	void callThatAnEndedOutputDoesNotTakeGoesToTheNextConnection() {
		FakeConnection connection = greeted(true);
		this.timer.advance(Duration.ofSeconds(1));
		connection.closed = true;
		ClientCall<Object> call = call("a");
		assertThat(call).isNotDone();
		assertThat(this.node.snapshot().inFlight()).isZero();
		connection.lose();
		FakeConnection next = this.transport.last().accept();
		next.receive(next.seq() + " ok moved");
		assertThat(call).isCompletedWithValue("moved");
	}

	@Test
	void callThatIsTakenBackFromADrainingConnectionLetsItClose() {
		FakeConnection connection = greeted(true);
		this.timer.advance(Duration.ofSeconds(1));
		connection.beforeSend = () -> {
			connection.unsentBytes = 100_001;
			connection.receive("notice drain true");
		};
		ClientCall<Object> call = call("a");
		assertThat(connection.closed).isTrue();
		FakeConnection next = this.transport.last().accept();
		next.receive(next.seq() + " ok moved");
		assertThat(call).isCompletedWithValue("moved");
	}

	@Test
	void messageLargerThanTheBoundIsSentWhereNothingWaits() {
		FakeConnection connection = connected();
		assertThat(call(new byte[200_000])).isNotDone();
		assertThat(connection.requests()).hasSize(1);
	}

	@Test
	void bytesThatLeaveBeforeTheCallWaitsAreNotMissed() {
		FakeConnection connection = connected();
		connection.unsentBytes = 100_001;
		call("a");
		connection.unsentBytes = 0;
		call("b");
		assertThat(connection.requests()).hasSize(2);
	}

	@Test
	void callsThatWaitForRoomAreGivenBackWhenTheConnectionIsLost() {
		FakeConnection connection = connected();
		List<ClientCall<Object>> calls = calls(5);
		connection.lose();
		assertFailure(calls.get(0), RpcCode.UNAVAILABLE, Known.MAYBE_RAN);
		assertFailure(calls.get(4), RpcCode.UNAVAILABLE, Known.NOT_RUN, "Connection reset");
	}

	@Test
	void callsThatWaitForRoomWaitForAConnectionThatIsOpenedAgain() {
		FakeConnection connection = greeted(true);
		this.timer.advance(Duration.ofSeconds(1));
		List<ClientCall<Object>> calls = calls(5);
		connection.lose();
		assertThat(calls.get(4)).isNotDone();
		FakeConnection next = this.transport.last().accept();
		next.receive(next.seq() + " ok moved");
		assertThat(calls.get(4)).isCompletedWithValue("moved");
	}

	@Test
	void closeFailsCallsThatWaitForRoom() {
		connected();
		List<ClientCall<Object>> calls = calls(5);
		this.node.close();
		assertFailure(calls.get(4), RpcCode.UNAVAILABLE, Known.NOT_RUN, "closed");
	}

	@Test
	void whenNothingWaitsAnyMoreCallsAreSentByTheirOwnThreadsAgain() {
		use(resources(new ClientLimits(1, 4, 3, 100_000, Duration.ofSeconds(3)), null, this.tasks::add));
		this.tasks.clear();
		FakeConnection connection = connected();
		calls(5);
		List<String> requests = connection.requests();
		connection.receive(requests.stream().map((request) -> seq(request) + " ok x").toArray(String[]::new));
		runTasks();
		connection.receive(connection.seq() + " ok y");
		runTasks();
		call("direct");
		assertThat(this.tasks).isEmpty();
		assertThat(connection.requests()).singleElement().asString().endsWith("direct");
		connection.lose();
		runTasks();
	}

	@Test
	void manyCallersBeyondTheBoundsAllEnd() throws Exception {
		int callers = 16;
		int each = 2_000;
		ExecutorService threads = Executors.newCachedThreadPool();
		try {
			use(resources(new ClientLimits(1, 4, 64, 100_000, Duration.ofSeconds(3)), null, threads));
			FakeConnection connection = connected();
			AtomicBoolean done = new AtomicBoolean();
			Thread peer = new Thread(() -> {
				while (!done.get()) {
					for (String request : connection.requests()) {
						connection.receive(seq(request) + " ok " + request.split(" ")[2]);
					}
				}
			});
			CountDownLatch ended = new CountDownLatch(callers);
			List<Object> wrong = Collections.synchronizedList(new ArrayList<>());
			for (int i = 0; i < callers; i++) {
				int caller = i;
				threads.execute(() -> {
					for (int n = 0; n < each; n++) {
						String argument = caller + "-" + n;
						ClientCall<Object> call = this.resources.awaited(plan(Duration.ofHours(1)));
						CallFailure refused = this.node.offer(call, argument);
						Object reply = (refused != null) ? refused : call.await();
						if (!argument.equals(reply)) {
							wrong.add(reply);
						}
					}
					ended.countDown();
				});
			}
			peer.start();
			assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
			done.set(true);
			peer.join();
			assertThat(wrong).isEmpty();
			assertThat(this.node.snapshot().waiting()).isZero();
			assertThat(this.node.snapshot().inFlight()).isZero();
		}
		finally {
			threads.shutdownNow();
		}
	}

}
