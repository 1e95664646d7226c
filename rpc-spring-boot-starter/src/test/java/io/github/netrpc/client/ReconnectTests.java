package io.github.netrpc.client;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.client.ConnectionPolicy.Keepalive;
import io.github.netrpc.client.FakeTransport.FakeConnection;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionSlot} through {@link NodeClient}: when a node is connected
 * to again.
 */
class ReconnectTests extends NodeFixture {

	private int attempts() {
		return this.transport.attempts.size();
	}

	/**
	 * Refuses attempts, each as soon as it comes, until the one behind them has come.
	 */
	private void refuseInARow(int times) {
		for (int i = 0; i < times; i++) {
			int before = attempts();
			this.transport.last().refuse();
			while (attempts() == before) {
				this.timer.advance(Duration.ofMillis(1));
			}
		}
	}

	@Test
	void callsFailAtOnceWhileBackingOff() {
		this.node.connect();
		this.transport.last().refuse();
		this.timer.advance(Duration.ofMillis(40));
		assertFailure(call("a"), RpcCode.UNAVAILABLE, Known.NOT_RUN, "Connection refused", "next attempt in 60 ms");
		assertThat(attempts()).isEqualTo(1);
	}

	@Test
	void attemptsComeByThemselvesAfter100MillisecondsTimes1Point6UpTo10Seconds() {
		this.node.connect();
		double expected = 100;
		for (int attempt = 1; attempt < 20; attempt++) {
			assertThat(attempts()).isEqualTo(attempt);
			this.transport.last().refuse();
			long nanos = (long) (expected * 1_000_000);
			this.timer.advance(Duration.ofNanos(nanos - 1_000));
			assertThat(this.node.state()).as("before %s ms", expected).isEqualTo(NodeState.TRANSIENT_FAILURE);
			this.timer.advance(Duration.ofNanos(2_000));
			assertThat(this.node.state()).as("after %s ms", expected).isEqualTo(NodeState.CONNECTING);
			expected = Math.min(expected * 1.6, 10_000);
		}
		assertThat(expected).isEqualTo(10_000);
	}

	@ParameterizedTest
	@ValueSource(doubles = { 0.0, 0.25, 0.999 })
	void attemptsAreJitteredBy50Percent(double random) {
		this.random.set(random);
		this.node.connect();
		this.transport.last().refuse();
		long micros = Math.round(1_000 * (50 + 100 * random));
		this.timer.advance(Duration.ofNanos(1_000 * micros - 10_000));
		assertThat(attempts()).isEqualTo(1);
		this.timer.advance(Duration.ofNanos(20_000));
		assertThat(attempts()).isEqualTo(2);
	}

	@ParameterizedTest
	@CsvSource({ "0, 5000", "0.6, 11000", "0.9999, 14999" })
	void jitterMakesNoPauseLongerThan15SecondsAndNoTwoTheSame(double random, long millis) {
		this.random.set(random);
		this.node.connect();
		refuseInARow(20);
		this.transport.last().refuse();
		int before = attempts();
		this.timer.advance(Duration.ofMillis(millis - 1));
		assertThat(attempts()).isEqualTo(before);
		this.timer.advance(Duration.ofMillis(2));
		assertThat(attempts()).isEqualTo(before + 1);
	}

	@Test
	void connectionThatHadAReplyAndLivedEndsTheRowOfFailures() {
		this.node.connect();
		refuseInARow(8);
		FakeConnection connection = this.transport.last().accept();
		connection.greet(true);
		this.timer.advance(Duration.ofSeconds(1));
		connection.lose();
		assertThat(attempts()).isEqualTo(10);
		this.transport.last().refuse();
		this.timer.advance(Duration.ofMillis(101));
		assertThat(attempts()).isEqualTo(11);
	}

	@Test
	void nodeThatAnswersAndDropsAtOnceIsTriedMoreAndMoreRarely() {
		this.node.connect();
		double expected = 100;
		for (int attempt = 1; attempt < 15; attempt++) {
			assertThat(attempts()).isEqualTo(attempt);
			FakeConnection connection = this.transport.last().accept();
			connection.greet(true);
			assertThat(this.node.state()).isEqualTo(NodeState.READY);
			connection.lose();
			long nanos = (long) (expected * 1_000_000);
			this.timer.advance(Duration.ofNanos(nanos - 1_000));
			assertThat(attempts()).as("before %s ms", expected).isEqualTo(attempt);
			this.timer.advance(Duration.ofNanos(2_000));
			expected = Math.min(expected * 1.6, 10_000);
		}
	}

	@Test
	void connectionThatAnsweredAndWasLostSoonDoesNotEndTheRowOfFailures() {
		this.node.connect();
		refuseInARow(8);
		FakeConnection connection = this.transport.last().accept();
		connection.greet(true);
		this.timer.advance(Duration.ofMillis(999));
		connection.lose();
		int before = attempts();
		// The ninth failure in a row.
		this.timer.advance(Duration.ofMillis(4_290));
		assertThat(attempts()).isEqualTo(before);
		this.timer.advance(Duration.ofMillis(10));
		assertThat(attempts()).isEqualTo(before + 1);
	}

	@Test
	void connectionThatLivedAndWasDrainedEndsTheRowOfFailures() {
		this.node.connect();
		refuseInARow(8);
		FakeConnection connection = this.transport.last().accept();
		connection.greet(true);
		this.timer.advance(Duration.ofSeconds(1));
		connection.receive("notice drain true");
		this.transport.last().refuse();
		int before = attempts();
		this.timer.advance(Duration.ofMillis(101));
		assertThat(attempts()).isEqualTo(before + 1);
	}

	@Test
	void connectionThatLivedAndWasClosedWhenIdleEndsTheRowOfFailures() {
		use(withPolicy(Duration.ofSeconds(10), Duration.ZERO));
		call("a");
		refuseInARow(3);
		FakeConnection connection = this.transport.last().accept();
		connection.greet(true);
		this.timer.advance(Duration.ofSeconds(11));
		assertThat(this.node.state()).isEqualTo(NodeState.IDLE);
		call("b");
		this.transport.last().refuse();
		int before = attempts();
		this.timer.advance(Duration.ofMillis(101));
		assertThat(attempts()).isEqualTo(before + 1);
	}

	@Test
	void connectionThatLivedAndWasReplacedEndsTheRowOfFailures() {
		use(withPolicy(Duration.ZERO, Duration.ofSeconds(10)));
		this.node.connect();
		refuseInARow(3);
		this.transport.last().accept().greet(true);
		this.timer.advance(Duration.ofSeconds(11));
		FakeConnection successor = this.transport.last().accept();
		successor.greet(true);
		successor.lose();
		int before = attempts();
		this.timer.advance(Duration.ofMillis(101));
		assertThat(attempts()).isEqualTo(before + 1);
	}

	private ClientResources withPolicy(Duration idleClose, Duration maxAge) {
		ConnectionPolicy policy = new ConnectionPolicy(Keepalive.DEFAULT, Duration.ofMillis(100),
				Duration.ofSeconds(15), idleClose, maxAge);
		return resources(ClientLimits.DEFAULT, null, policy, true, Runnable::run);
	}

	@ParameterizedTest
	@ValueSource(doubles = { 0.0, 0.5, 0.999 })
	void nodeThatWasAwayFor5SecondsIsBackWithinTwoThoughItDropsItsFirstConnection(double random) {
		FakeConnection connection = greeted(true);
		this.timer.advance(Duration.ofSeconds(2));
		this.random.set(random);
		connection.lose();
		for (int millis = 0; millis < 5_000; millis += 50) {
			call("away");
			if (this.node.state() == NodeState.CONNECTING) {
				this.transport.last().refuse();
			}
			this.timer.advance(Duration.ofMillis(50));
		}
		int accepted = 0;
		for (int millis = 0; millis < 2_000 && accepted < 2; millis += 50) {
			call("back");
			if (this.node.state() == NodeState.CONNECTING) {
				connection = this.transport.last().accept();
				connection.greet(true);
				if (++accepted == 1) {
					connection.lose();
				}
			}
			this.timer.advance(Duration.ofMillis(50));
		}
		assertThat(this.node.state()).isEqualTo(NodeState.READY);
		connection.requests();
		ClientCall<Object> call = call("good");
		List<String> requests = connection.requests();
		assertThat(requests).isNotEmpty();
		connection.receive(requests.get(0).split(" ")[0] + " ok done");
		assertThat(call).isCompletedWithValue("done");
	}

	@Test
	void connectionThatLivedForAWhileIsOpenedAgainAtOnce() {
		FakeConnection connection = greeted(true);
		this.timer.advance(Duration.ofSeconds(1));
		connection.lose();
		assertThat(this.node.state()).isEqualTo(NodeState.CONNECTING);
		assertThat(attempts()).isEqualTo(2);
		ClientCall<Object> call = call("a");
		connection = this.transport.last().accept();
		connection.receive(connection.seq() + " ok done");
		assertThat(call).isCompletedWithValue("done");
	}

	@Test
	void connectionThatIsLostSoonCountsAsAFailure() {
		FakeConnection connection = greeted(true);
		this.timer.advance(Duration.ofMillis(999));
		connection.lose();
		assertThat(this.node.state()).isEqualTo(NodeState.TRANSIENT_FAILURE);
		assertThat(attempts()).isEqualTo(1);
	}

	@Test
	void connectionThatNeverBroughtAReplyCountsAsAFailure() {
		FakeConnection connection = connected();
		this.timer.advance(Duration.ofSeconds(5));
		connection.lose();
		assertThat(this.node.state()).isEqualTo(NodeState.TRANSIENT_FAILURE);
	}

	@Test
	void afterAFailureTheNodeHasToAnswerBeforeItGetsCalls() {
		ClientCall<Object> refused = call("a");
		this.transport.last().refuse();
		assertThat(refused).isCompletedExceptionally();
		this.timer.advance(Duration.ofMillis(100));
		FakeConnection connection = this.transport.last().accept();
		ClientCall<Object> call = call("b");
		assertThat(this.node.state()).isEqualTo(NodeState.CONNECTING);
		assertThat(connection.requests()).isEmpty();
		connection.greet(false);
		assertThat(this.node.state()).isEqualTo(NodeState.READY);
		connection.receive(connection.seq() + " ok done");
		assertThat(call).isCompletedWithValue("done");
	}

	@Test
	void nodeThatAcceptsAndDoesNotAnswerAfterAFailureIsGivenUp() {
		this.node.connect();
		this.transport.last().refuse();
		this.timer.advance(Duration.ofMillis(100));
		FakeConnection connection = this.transport.last().accept();
		ClientCall<Object> call = call("b");
		this.timer.advance(Duration.ofMillis(3_500));
		assertFailure(call, RpcCode.UNAVAILABLE, Known.NOT_RUN, "did not answer within 3000 ms");
		assertThat(connection.closed).isTrue();
		assertThat(this.node.state()).isEqualTo(NodeState.TRANSIENT_FAILURE);
	}

	@Test
	void withoutExtensionsNothingIsSentAfterARefusal() {
		use(resources(ClientLimits.DEFAULT, null, ConnectionPolicy.DEFAULT, false, Runnable::run));
		this.node.connect();
		this.transport.last().refuse();
		this.timer.advance(Duration.ofMillis(100));
		FakeConnection connection = this.transport.last().accept();
		assertThat(connection.control()).isEmpty();
		assertThat(this.node.state()).isEqualTo(NodeState.READY);
	}

	@Test
	void callOfANodeThatFailedHalfASecondAgoTriesAtOnceAndWaits() {
		this.node.connect();
		refuseInARow(8);
		this.transport.last().refuse();
		int before = attempts();
		this.timer.advance(Duration.ofMillis(499));
		assertFailure(call("early"), RpcCode.UNAVAILABLE, Known.NOT_RUN, "next attempt in");
		assertThat(attempts()).isEqualTo(before);
		this.timer.advance(Duration.ofMillis(1));
		ClientCall<Object> call = call("a");
		assertThat(attempts()).isEqualTo(before + 1);
		assertThat(this.transport.last().timeout).isEqualTo(Duration.ofSeconds(1));
		FakeConnection connection = this.transport.last().accept();
		connection.greet(true);
		connection.receive(connection.seq() + " ok back");
		assertThat(call).isCompletedWithValue("back");
	}

	@Test
	void attemptForACallDoesNotPutOffThoseOfItsOwnAccord() {
		this.node.connect();
		refuseInARow(8);
		this.transport.last().refuse();
		// The ninth failure in a row: the next attempt comes after 4.3 s.
		int before = attempts();
		for (int tries = 1; tries <= 4; tries++) {
			this.timer.advance(Duration.ofSeconds(1));
			call("a");
			assertThat(attempts()).isEqualTo(before + tries);
			this.transport.last().refuse();
		}
		this.timer.advance(Duration.ofMillis(300));
		assertThat(attempts()).isEqualTo(before + 5);
		assertThat(this.transport.last().timeout).isEqualTo(Duration.ofSeconds(3));
	}

	@Test
	void attemptThatNeverEndsIsGivenUp() {
		ClientCall<Object> call = call("a");
		this.timer.advance(Duration.ofMillis(3_500));
		assertFailure(call, RpcCode.UNAVAILABLE, Known.NOT_RUN, "3000 ms");
		FakeConnection late = this.transport.last().accept();
		assertThat(late.closed).isTrue();
		assertThat(this.node.state()).isEqualTo(NodeState.TRANSIENT_FAILURE);
	}

	@Test
	void nodeThatNobodyCallsIsNotTriedForEver() {
		this.node.connect();
		this.transport.last().refuse();
		for (int i = 0; i < 100 && this.node.state() != NodeState.IDLE; i++) {
			this.timer.advance(Duration.ofSeconds(15));
			if (this.node.state() == NodeState.CONNECTING) {
				this.transport.last().refuse();
			}
		}
		assertThat(this.node.state()).isEqualTo(NodeState.IDLE);
		assertThat(this.timer.nanoTime()).isBetween(Duration.ofMinutes(5).toNanos(), Duration.ofMinutes(6).toNanos());
		int before = attempts();
		call("a");
		assertThat(attempts()).isEqualTo(before + 1);
	}

	@Test
	void nodeThatWasCalledUntilItWasLostIsTriedAgain() {
		FakeConnection connection = greeted(true);
		for (int i = 0; i < 100; i++) {
			this.timer.advance(Duration.ofSeconds(4));
			// Finds room, so the node does not see it.
			ClientCall<Object> call = call("a");
			connection.receive(connection.seq() + " ok done");
			assertThat(call).isCompletedWithValue("done");
		}
		connection.lose();
		this.transport.last().refuse();
		this.timer.advance(Duration.ofMillis(100));
		assertThat(this.node.state()).isEqualTo(NodeState.CONNECTING);
		assertThat(attempts()).isEqualTo(3);
	}

	@Test
	void nodeThatWasCalledUntilItDrainedIsTriedAgain() {
		FakeConnection connection = greeted(true);
		for (int i = 0; i < 100; i++) {
			this.timer.advance(Duration.ofSeconds(4));
			call("a");
			connection.receive(connection.seq() + " ok done");
		}
		connection.receive("notice drain true");
		this.transport.last().refuse();
		this.timer.advance(Duration.ofMillis(100));
		assertThat(this.node.state()).isEqualTo(NodeState.CONNECTING);
	}

	@Test
	void nodeThatNobodyCallsIsNotTriedForEverThoughItAcceptsAndDrops() {
		this.node.connect();
		for (int i = 0; i < 1_000 && this.node.state() != NodeState.IDLE; i++) {
			if (this.node.state() == NodeState.CONNECTING) {
				FakeConnection connection = this.transport.last().accept();
				connection.greet(true);
				connection.lose();
			}
			this.timer.advance(Duration.ofSeconds(1));
		}
		assertThat(this.node.state()).isEqualTo(NodeState.IDLE);
	}

	@Test
	void attemptForWhichThereIsNoThreadIsAFailedAttempt() {
		this.transport.failure = new OutOfMemoryError("unable to create native thread");
		ClientCall<Object> call = call("a");
		assertFailure(call, RpcCode.UNAVAILABLE, Known.NOT_RUN, "could not be opened: unable to create native thread");
		assertThat(this.node.state()).isEqualTo(NodeState.TRANSIENT_FAILURE);
		this.transport.failure = null;
		this.timer.advance(Duration.ofMillis(100));
		assertThat(this.node.state()).isEqualTo(NodeState.CONNECTING);
	}

	@Test
	void closeEndsTheAttempts() {
		this.node.connect();
		this.transport.last().refuse();
		this.node.close();
		this.timer.advance(Duration.ofMinutes(1));
		assertThat(attempts()).isEqualTo(1);
		assertThat(this.timer.scheduled()).isZero();
	}

}
