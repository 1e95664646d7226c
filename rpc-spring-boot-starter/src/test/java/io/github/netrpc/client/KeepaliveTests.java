package io.github.netrpc.client;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.client.ConnectionPolicy.Keepalive;
import io.github.netrpc.client.FakeTransport.FakeConnection;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionWatch} through {@link NodeClient}.
 */
class KeepaliveTests extends NodeFixture {

	private static final Duration LONG = Duration.ofMinutes(10);

	private void advance(long millis) {
		this.timer.advance(Duration.ofMillis(millis));
	}

	private static void answer(FakeConnection connection) {
		connection.control().forEach((line) -> connection.receive(line.split(" ")[0] + " ok {}"));
	}

	@Test
	void pingGoesAfter2SecondsWithoutReadsWhileACallWaits() {
		FakeConnection connection = greeted(true);
		ClientCall<Object> call = call("a", LONG);
		advance(1_999);
		assertThat(connection.control()).isEmpty();
		advance(1);
		assertThat(connection.control()).singleElement().asString().contains("_goRPC_.Ping").doesNotContain("{");
		assertThat(call).isNotDone();
	}

	@Test
	void silenceOf8SecondsWhileACallWaitsIsDeath() {
		FakeConnection connection = greeted(true);
		ClientCall<Object> call = call("a", LONG);
		advance(7_999);
		assertThat(call).isNotDone();
		advance(1);
		assertFailure(call, RpcCode.UNAVAILABLE, Known.MAYBE_RAN, "nothing was received for 8000 ms", "3 pings",
				"node:1234");
		assertThat(connection.closed).isTrue();
		assertThat(this.node.snapshot().deadConnections()).isEqualTo(1);
		assertThat(this.node.snapshot().missedPings()).isEqualTo(3);
	}

	@Test
	void pingsThatFindNoRoomAreNotSaidToBeUnanswered() {
		FakeConnection connection = greeted(true);
		ClientCall<Object> call = call("a", LONG);
		connection.unsentBytes = 100_001;
		advance(8_000);
		assertFailure(call, RpcCode.UNAVAILABLE, Known.MAYBE_RAN, "nothing was received for 8000 ms",
				"no ping could be sent, 100001 bytes wait to be sent");
		assertThat(this.node.snapshot().missedPings()).isZero();
	}

	@Test
	void silenceIsCountedFromTheCallIfTheConnectionWasIdleBefore() {
		FakeConnection connection = greeted(true);
		advance(15_000);
		ClientCall<Object> call = call("a", LONG);
		advance(7_999);
		answer(connection);
		assertThat(call).isNotDone();
		assertThat(connection.closed).isFalse();
	}

	@Test
	void anyBytesEndTheSilence() {
		FakeConnection connection = greeted(true);
		ClientCall<Object> call = call("a", LONG);
		for (int i = 0; i < 50; i++) {
			advance(7_000);
			connection.receiveBytes("9".getBytes());
		}
		assertThat(call).isNotDone();
		assertThat(connection.closed).isFalse();
	}

	@Test
	void answeredPingsKeepALongCallAlive() {
		FakeConnection connection = greeted(false);
		ClientCall<Object> call = call("a", LONG);
		String seq = connection.seq();
		for (int i = 0; i < 100; i++) {
			advance(2_000);
			assertThat(connection.control()).hasSize(1)
				.allSatisfy((line) -> connection
					.receive(line.split(" ")[0] + " error rpc: can't find service _goRPC_.Ping"));
		}
		connection.receive(seq + " ok at last");
		assertThat(call).isCompletedWithValue("at last");
		assertThat(this.node.snapshot().missedPings()).isZero();
	}

	@Test
	void idleConnectionIsPingedAfter20SecondsAndDeadAfter30() {
		FakeConnection connection = greeted(true);
		advance(19_999);
		assertThat(connection.control()).isEmpty();
		advance(1);
		assertThat(connection.control()).hasSize(1);
		advance(9_999);
		assertThat(connection.closed).isFalse();
		advance(1);
		assertThat(connection.closed).isTrue();
		assertThat(this.node.snapshot().deadConnections()).isEqualTo(1);
	}

	@Test
	void callsWithShortDeadlinesDoNotHideThatTheNodeIsDead() {
		FakeConnection connection = greeted(true);
		for (int i = 0; i < 12 && !connection.closed; i++) {
			call("a", Duration.ofMillis(100));
			advance(1_000);
		}
		assertThat(connection.closed).isTrue();
		assertThat(this.timer.nanoTime()).isBetween(Duration.ofMillis(8_000).toNanos(),
				Duration.ofMillis(9_001).toNanos());
	}

	// Found by the simulation: the first call to go unanswered had waited for the
	// connection, so it began before the connection could have been heard.
	@Test
	void callsThatWaitedForTheConnectionDoNotHideThatTheNodeIsDead() {
		call("a", Duration.ofMillis(100));
		advance(20);
		FakeConnection connection = this.transport.last().accept();
		advance(1_980);
		for (int i = 0; i < 12 && !connection.closed; i++) {
			call("a", Duration.ofMillis(100));
			advance(1_000);
		}
		assertThat(connection.closed).isTrue();
		assertThat(this.timer.nanoTime()).isBetween(Duration.ofMillis(8_000).toNanos(),
				Duration.ofMillis(9_001).toNanos());
	}

	@Test
	void tunedSettingFindsABlackHoleIn2Seconds() {
		Keepalive tuned = new Keepalive(Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofSeconds(20),
				Duration.ofSeconds(30));
		use(resources(ClientLimits.DEFAULT, null, new ConnectionPolicy(tuned, Duration.ofMillis(100),
				Duration.ofSeconds(15), Duration.ofMinutes(5), Duration.ZERO), true, Runnable::run));
		greeted(true);
		advance(1_234);
		ClientCall<Object> call = call("a", LONG);
		advance(1_999);
		assertThat(call).isNotDone();
		advance(1);
		assertFailure(call, RpcCode.UNAVAILABLE, Known.MAYBE_RAN, "3 pings");
	}

	@Test
	void afterAProcessHasSleptItReadsBeforeItJudges() {
		FakeConnection connection = greeted(true);
		ClientCall<Object> call = call("a", LONG);
		String seq = connection.seq();
		advance(1_000);
		this.timer.sleep(Duration.ofSeconds(60));
		assertThat(connection.closed).isFalse();
		connection.receive(seq + " ok was there all the time");
		assertThat(call).isCompletedWithValue("was there all the time");
		advance(5_000);
		assertThat(connection.closed).isFalse();
	}

	@Test
	void afterAProcessHasSleptADeadNodeIsStillFound() {
		FakeConnection connection = greeted(true);
		call("a", LONG);
		advance(1_000);
		this.timer.sleep(Duration.ofSeconds(60));
		advance(8_000);
		assertThat(connection.closed).isTrue();
	}

	@Test
	void bytesThatLeaveABacklogAreASignOfLife() {
		FakeConnection connection = greeted(true);
		ClientCall<Object> call = call("a", LONG);
		connection.unsentBytes = 90_000;
		for (int i = 0; i < 20; i++) {
			advance(2_000);
			connection.sentBytes += 1_000;
		}
		assertThat(connection.closed).isFalse();
		assertThat(call).isNotDone();
		advance(12_000);
		assertThat(connection.closed).isTrue();
	}

	@Test
	void withoutExtensionsPingsAreSentAllTheSame() {
		use(resources(ClientLimits.DEFAULT, null, ConnectionPolicy.DEFAULT, false, Runnable::run));
		FakeConnection connection = connected();
		assertThat(connection.control()).isEmpty();
		call("a", LONG);
		advance(2_000);
		assertThat(connection.control()).hasSize(1);
	}

	@Test
	void nodeThatWasSilentHasToAnswerBeforeItGetsCallsAlsoWithoutExtensions() {
		use(resources(ClientLimits.DEFAULT, null, ConnectionPolicy.DEFAULT, false, Runnable::run));
		FakeConnection connection = connected();
		call("a");
		connection.receive(connection.seq() + " ok x");
		call("b", LONG);
		advance(8_000);
		assertThat(connection.closed).isTrue();
		FakeConnection next = this.transport.last().accept();
		assertThat(this.node.state()).isEqualTo(NodeState.CONNECTING);
		next.greet(false);
		assertThat(this.node.state()).isEqualTo(NodeState.READY);
	}

	@Test
	void pingsAreNotCountedAsCalls() {
		FakeConnection connection = greeted(true);
		advance(20_000);
		assertThat(connection.control()).hasSize(1);
		assertThat(this.node.snapshot().calls()).isZero();
		assertThat(this.recorded).isEmpty();
	}

	@Test
	void connectionThatClosesIsLookedAtNoMore() {
		FakeConnection connection = greeted(true);
		this.node.close();
		assertThat(connection.closed).isTrue();
		assertThat(this.timer.scheduled()).isZero();
	}

	@Test
	void idleConnectionIsClosedAfter5MinutesAndOpenedForTheNextCall() {
		FakeConnection connection = greeted(true);
		call("a");
		connection.receive(connection.seq() + " ok x");
		for (int i = 0; i < 149; i++) {
			advance(2_000);
			answer(connection);
		}
		assertThat(connection.closed).isFalse();
		advance(4_000);
		assertThat(connection.closed).isTrue();
		assertThat(this.node.state()).isEqualTo(NodeState.IDLE);
		advance(60_000);
		assertThat(this.transport.attempts).hasSize(1);
		call("b");
		assertThat(this.transport.attempts).hasSize(2);
	}

	@Test
	void connectionWithACallThatWaitsLongIsNotIdle() {
		FakeConnection connection = greeted(true);
		call("a", Duration.ofHours(1));
		for (int i = 0; i < 200; i++) {
			advance(2_000);
			answer(connection);
		}
		assertThat(connection.closed).isFalse();
	}

	@Test
	void oldConnectionIsReplacedBeforeItEndsItsCalls() {
		use(aged(Duration.ofMinutes(1)));
		FakeConnection old = greeted(true);
		ClientCall<Object> call = call("long", LONG);
		String seq = old.seq();
		for (int i = 0; i < 30; i++) {
			advance(2_000);
			answer(old);
		}
		assertThat(this.transport.attempts).hasSize(2);
		assertThat(this.node.state()).isEqualTo(NodeState.READY);
		FakeConnection next = this.transport.last().accept();
		ClientCall<Object> meanwhile = call("meanwhile", LONG);
		old.receive(old.seq() + " ok old");
		assertThat(meanwhile).isCompletedWithValue("old");
		next.greet(true);
		ClientCall<Object> later = call("later", LONG);
		next.receive(next.seq() + " ok next");
		assertThat(later).isCompletedWithValue("next");
		assertThat(this.node.snapshot().connections()).extracting(ConnectionSnapshot::state)
			.containsExactly(ConnectionState.READY, ConnectionState.DRAINING);
		old.receive(seq + " ok done");
		assertThat(call).isCompletedWithValue("done");
		assertThat(old.closed).isTrue();
		assertThat(this.node.state()).isEqualTo(NodeState.READY);
		assertThat(this.node.snapshot().calls()).isEqualTo(3);
	}

	@Test
	void oldConnectionGoesOnIfItCannotBeReplaced() {
		use(aged(Duration.ofMinutes(1)));
		FakeConnection old = greeted(true);
		for (int i = 0; i < 30; i++) {
			advance(2_000);
			answer(old);
		}
		this.transport.last().refuse();
		ClientCall<Object> call = call("a");
		old.receive(old.seq() + " ok old");
		assertThat(call).isCompletedWithValue("old");
		for (int i = 0; i < 8; i++) {
			advance(2_000);
			answer(old);
		}
		assertThat(this.transport.attempts).hasSize(3);
	}

	private ClientResources aged(Duration maxAge) {
		return resources(ClientLimits.DEFAULT, null, new ConnectionPolicy(Keepalive.DEFAULT, Duration.ofMillis(100),
				Duration.ofSeconds(15), Duration.ofMinutes(5), maxAge), true, Runnable::run);
	}

}
