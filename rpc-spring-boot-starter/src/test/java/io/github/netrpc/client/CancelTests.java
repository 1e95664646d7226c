package io.github.netrpc.client;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.client.FakeTransport.FakeConnection;
import io.github.netrpc.server.RefusalReason;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for what {@link NodeConnection} tells the node of its own accord, and for the
 * deadlines of calls to nodes that keep them too.
 */
class CancelTests extends NodeFixture {

	private static void assertCancels(FakeConnection connection, String seq) {
		assertThat(connection.control()).singleElement().asString().endsWith(" _goRPC_.Cancel " + seq);
	}

	@Test
	void firstMessageIsAPingThatNamesTheConnection() {
		ClientCall<Object> call = call("a");
		FakeConnection connection = this.transport.last().accept();
		assertThat(connection.control()).singleElement()
			.asString()
			.matches("0 _goRPC_.Ping null \\{connection=[0-9a-f]{16}}");
		assertThat(connection.requests()).hasSize(1);
		assertThat(call).isNotDone();
	}

	@Test
	void withoutExtensionsTheFirstMessageIsTheFirstCall() {
		use(resources(ClientLimits.DEFAULT, null, ConnectionPolicy.DEFAULT, false, Runnable::run));
		call("a");
		FakeConnection connection = this.transport.last().accept();
		assertThat(connection.control()).isEmpty();
		assertThat(connection.requests()).hasSize(1);
	}

	@Test
	void cancelledCallIsCancelledAtTheNode() {
		FakeConnection connection = greeted(true);
		ClientCall<Object> call = call("a");
		String seq = connection.seq();
		call.cancel(false);
		assertCancels(connection, seq);
		assertThat(this.node.snapshot().inFlight()).isZero();
	}

	@Test
	void cancelledCallIsNoFailureOfTheNode() {
		greeted(true);
		call("a").cancel(false);
		assertThat(this.node.snapshot().failures()).isZero();
		call("b", Duration.ofMillis(100));
		this.timer.advance(Duration.ofMillis(125));
		assertThat(this.node.snapshot().failures()).isEqualTo(1);
	}

	@Test
	void cancelFollowsTheRequestOfACallThatEndsWhileItIsSent() {
		FakeConnection connection = greeted(true);
		ClientCall<Object> call = this.resources.future(plan(Duration.ofSeconds(1)));
		connection.beforeSend = () -> {
			call.cancel(false);
			// What comes before the request finds nothing to cancel.
			connection.control();
		};
		assertThat(this.node.offer(call, "a")).isNull();
		assertCancels(connection, connection.seq());
		assertThat(this.node.snapshot().inFlight()).isZero();
	}

	@Test
	void stockNodeIsToldNothingOfACallThatEndsWhileItIsSent() {
		FakeConnection connection = greeted(false);
		ClientCall<Object> call = this.resources.future(plan(Duration.ofSeconds(1)));
		connection.beforeSend = () -> call.cancel(false);
		assertThat(this.node.offer(call, "a")).isNull();
		assertThat(connection.control()).isEmpty();
	}

	@Test
	void callThatEndsWhileItFindsNoRoomIsNeverSent() {
		FakeConnection connection = greeted(true);
		ClientCall<Object> call = this.resources.future(plan(Duration.ofSeconds(1)));
		connection.beforeSend = () -> {
			connection.unsentBytes = 100_001;
			call.cancel(false);
		};
		assertThat(this.node.offer(call, "a")).isNull();
		connection.drainTo(0);
		assertThat(connection.requests()).isEmpty();
		assertThat(this.node.snapshot().waiting()).isZero();
		assertThat(this.node.snapshot().inFlight()).isZero();
	}

	@Test
	void callEndsThoughItsCancelCannotBeSent() {
		FakeConnection connection = greeted(true);
		ClientCall<Object> call = call("a", Duration.ofSeconds(1));
		connection.beforeSend = () -> {
			throw new OutOfMemoryError("thrown by a test");
		};
		this.timer.advance(Duration.ofMillis(1_025));
		assertFailure(call, RpcCode.DEADLINE_EXCEEDED, Known.MAYBE_RAN);
		assertThat(connection.beforeSend).isNull();
	}

	@Test
	void replyOfACancelBelongsToNobody() {
		FakeConnection connection = greeted(true);
		call("a").cancel(false);
		connection.requests();
		String cancel = connection.control().get(0).split(" ")[0];
		ClientCall<Object> next = call("b");
		connection.receive(cancel + " +ok {}");
		assertThat(next).isNotDone();
		assertThat(connection.closed).isFalse();
		assertThat(this.node.snapshot().calls()).isEqualTo(2);
	}

	@Test
	void futureCompletedByTheCallerIsCancelledAtTheNode() {
		FakeConnection connection = greeted(true);
		ClientCall<Object> call = call("a");
		String seq = connection.seq();
		call.complete("mine");
		assertCancels(connection, seq);
	}

	@Test
	void interruptedCallerCancelsAtTheNode() {
		FakeConnection connection = greeted(true);
		ClientCall<Object> call = this.resources.awaited(plan(Duration.ofSeconds(1)));
		assertThat(this.node.offer(call, "a")).isNull();
		String seq = connection.seq();
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(RpcException.class).isThrownBy(call::await);
		assertThat(Thread.interrupted()).isTrue();
		assertCancels(connection, seq);
	}

	@Test
	void nodeThatHasNotAnsweredYetIsToldToo() {
		FakeConnection connection = connected();
		connection.control();
		ClientCall<Object> call = call("a");
		String seq = connection.seq();
		call.cancel(false);
		assertCancels(connection, seq);
	}

	@Test
	void stockNodeIsToldNothing() {
		FakeConnection connection = greeted(false);
		call("a").cancel(false);
		call("b", Duration.ofMillis(100));
		this.timer.advance(Duration.ofMillis(100));
		assertThat(connection.control()).isEmpty();
	}

	@Test
	void withoutExtensionsTheNodeIsToldNothing() {
		use(resources(ClientLimits.DEFAULT, null, ConnectionPolicy.DEFAULT, false, Runnable::run));
		FakeConnection connection = connected();
		call("a").cancel(false);
		assertThat(connection.control()).isEmpty();
	}

	@Test
	void callThatWasNeverSentIsNotCancelledAtTheNode() {
		FakeConnection connection = greeted(true);
		for (int i = 0; i < 4; i++) {
			call("a");
		}
		call("waits").cancel(false);
		assertThat(connection.control()).isEmpty();
	}

	@Test
	void callThatItsOwnArgumentGivesUpIsNotSent() {
		FakeConnection connection = connected();
		ClientCall<Object> call = this.resources.future(plan(Duration.ofSeconds(1)));
		Object argument = new Object() {

			@Override
			public String toString() {
				call.cancel(true);
				return "a";
			}

		};
		assertThat(this.node.offer(call, argument)).isNull();
		assertThat(call).isCancelled();
		assertThat(connection.requests()).isEmpty();
		assertThat(this.node.snapshot().inFlight()).isZero();
	}

	@Test
	void answeredCallIsNotCancelledAtTheNode() {
		FakeConnection connection = greeted(true);
		ClientCall<Object> call = call("a");
		connection.receive(connection.seq() + " ok x");
		call.cancel(false);
		assertThat(connection.control()).isEmpty();
	}

	@Test
	void cancelIsSentHoweverManyBytesAreUnsent() {
		FakeConnection connection = greeted(true);
		ClientCall<Object> call = call("a");
		String seq = connection.seq();
		connection.unsentBytes = 100_001;
		call.cancel(false);
		assertCancels(connection, seq);
		assertThat(this.node.snapshot().inFlight()).isZero();
	}

	@Test
	void nodeThatKeepsDeadlinesHas25MillisecondsToSayWhy() {
		FakeConnection connection = greeted(true);
		ClientCall<Object> answered = call("a", Duration.ofMillis(200));
		String seq = connection.seq();
		ClientCall<Object> silent = call("b", Duration.ofMillis(200));
		String silentSeq = connection.seq();
		this.timer.advance(Duration.ofMillis(210));
		assertThat(silent).isNotDone();
		connection.receive(seq + " +coded DEADLINE_EXCEEDED NOT_RUN " + RefusalReason.DEADLINE.message());
		assertThat(failure(answered)).hasMessage("Arith.Add: not run by node:1234 within 200 ms (phase: server queue)");
		this.timer.advance(Duration.ofNanos(14_999_999));
		assertThat(silent).isNotDone();
		this.timer.advance(Duration.ofNanos(1));
		assertFailure(silent, RpcCode.DEADLINE_EXCEEDED, Known.MAYBE_RAN, "200 ms", "phase: wire");
		assertCancels(connection, silentSeq);
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 300 })
	void thatTimeCanBeChosen(long millis) {
		use(ClientResources.builder("test", this.transport, new FakeFormat())
			.callbackExecutor(Runnable::run)
			.time(this.timer, Runnable::run, this.random::get)
			.deadlineGrace(Duration.ofMillis(millis))
			.build());
		FakeConnection connection = greeted(true);
		ClientCall<Object> call = call("a", Duration.ofMillis(200));
		connection.seq();
		this.timer.advance(Duration.ofMillis(199 + millis));
		assertThat(call).isNotDone();
		this.timer.advance(Duration.ofMillis(1));
		assertFailure(call, RpcCode.DEADLINE_EXCEEDED, Known.MAYBE_RAN, "200 ms");
	}

	@Test
	void otherDeadlinesAreKeptExactly() {
		FakeConnection connection = greeted(true);
		for (int i = 0; i < 4; i++) {
			call("a");
		}
		connection.requests();
		ClientCall<Object> waits = call("waits", Duration.ofMillis(200));
		this.timer.advance(Duration.ofMillis(200));
		assertFailure(waits, RpcCode.DEADLINE_EXCEEDED, Known.NOT_RUN);
		use(this.resources);
		greeted(false);
		ClientCall<Object> stock = call("stock", Duration.ofMillis(200));
		this.timer.advance(Duration.ofMillis(200));
		assertFailure(stock, RpcCode.DEADLINE_EXCEEDED, Known.MAYBE_RAN);
	}

	@Test
	void deadlineNamesThePhaseThatUsedTheTime() {
		this.transport.resolves = false;
		ClientCall<Object> resolving = call("a", Duration.ofMillis(100));
		this.timer.advance(Duration.ofMillis(100));
		assertFailure(resolving, RpcCode.DEADLINE_EXCEEDED, Known.NOT_RUN, "phase: resolve");
		this.transport.last().handler.resolved();
		ClientCall<Object> connecting = call("b", Duration.ofMillis(100));
		this.timer.advance(Duration.ofMillis(100));
		assertFailure(connecting, RpcCode.DEADLINE_EXCEEDED, Known.NOT_RUN, "phase: connect");
		ClientCall<Object> sentLate = call("c", Duration.ofMillis(100));
		this.timer.advance(Duration.ofMillis(70));
		this.transport.last().accept();
		this.timer.advance(Duration.ofMillis(30));
		assertFailure(sentLate, RpcCode.DEADLINE_EXCEEDED, Known.MAYBE_RAN, "phase: connect", "connect 70 ms",
				"wire 30 ms");
	}

	@Test
	void deadlineOfACallThatWasSentLateNamesTheResolvingOfTheName() {
		this.transport.resolves = false;
		ClientCall<Object> call = call("a", Duration.ofMillis(100));
		this.timer.advance(Duration.ofMillis(70));
		this.transport.last().handler.resolved();
		this.timer.advance(Duration.ofMillis(5));
		this.transport.last().accept();
		this.timer.advance(Duration.ofMillis(25));
		assertFailure(call, RpcCode.DEADLINE_EXCEEDED, Known.MAYBE_RAN, "phase: resolve",
				"resolve 70 ms, connect 5 ms, queue 0 ms, wire 25 ms");
	}

	@ParameterizedTest
	@CsvSource({ "90, resolve", "40, connect" })
	void openingThatIsNotOverNamesWhatTookLongestOfIt(int resolvingMillis, String phase) {
		this.transport.resolves = false;
		ClientCall<Object> call = call("a", Duration.ofMillis(100));
		this.timer.advance(Duration.ofMillis(resolvingMillis));
		this.transport.last().handler.resolved();
		this.timer.advance(Duration.ofMillis(100 - resolvingMillis));
		assertFailure(call, RpcCode.DEADLINE_EXCEEDED, Known.NOT_RUN, "phase: " + phase);
	}

	@Test
	void deadlineThatTheNodeReportsNamesThePhaseThatUsedTheTimeToo() {
		ClientCall<Object> call = call("a", Duration.ofMillis(100));
		this.timer.advance(Duration.ofMillis(70));
		FakeConnection connection = this.transport.last().accept();
		String seq = connection.seq();
		this.timer.advance(Duration.ofMillis(29));
		connection.receive(seq + " +coded DEADLINE_EXCEEDED - deadline exceeded in phase handler");
		assertFailure(call, RpcCode.DEADLINE_EXCEEDED, Known.MAYBE_RAN);
		assertThat(failure(call)).hasMessage("Arith.Add: no result from node:1234 within 100 ms "
				+ "(phase: connect; connect 70 ms, queue 0 ms, handler 29 ms)");
	}

	@Test
	void deadlineThatAHandlerReportsStaysAsItWasSent() {
		FakeConnection connection = greeted(true);
		ClientCall<Object> call = call("a");
		connection.receive(connection.seq() + " +coded DEADLINE_EXCEEDED RAN_AND_FAILED the bank took too long");
		assertFailure(call, RpcCode.DEADLINE_EXCEEDED, Known.RAN_AND_FAILED);
		assertThat(failure(call)).hasMessage("the bank took too long");
	}

}
