package io.github.netrpc.client;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.client.FakeTransport.FakeConnection;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NodeClient} with three connections, each with room for two calls.
 */
class SeveralConnectionsTests extends NodeFixture {

	@BeforeEach
	void threeConnections() {
		use(resources(new ClientLimits(3, 2, 1, 100_000, Duration.ofSeconds(3)), null));
	}

	private List<FakeConnection> allOpen() {
		this.node.connect();
		assertThat(this.transport.attempts).hasSize(3);
		return this.transport.attempts.stream().map((attempt) -> {
			FakeConnection connection = attempt.accept();
			connection.greet(true);
			return connection;
		}).toList();
	}

	private static int[] counts(List<FakeConnection> connections) {
		return connections.stream().mapToInt((connection) -> connection.requests().size()).toArray();
	}

	@Test
	void firstCallOpensAllAndGoesToTheFirstThatIsOpen() {
		ClientCall<Object> call = call("a");
		assertThat(this.transport.attempts).hasSize(3);
		FakeConnection connection = this.transport.attempts.get(1).accept();
		connection.receive(connection.seq() + " ok second");
		assertThat(call).isCompletedWithValue("second");
		assertThat(this.node.state()).isEqualTo(NodeState.READY);
	}

	@Test
	void callsAreSpread() {
		List<FakeConnection> connections = allOpen();
		Stream.of("a", "b", "c", "d", "e", "f").forEach(this::call);
		assertThat(counts(connections)).containsExactly(2, 2, 2);
		assertThat(this.node.snapshot().inFlight()).isEqualTo(6);
	}

	@Test
	void callGoesPastAConnectionWithoutRoom() {
		List<FakeConnection> connections = allOpen();
		connections.get(0).unsentBytes = 100_001;
		Stream.of("a", "b", "c", "d").forEach(this::call);
		assertThat(counts(connections)).containsExactly(0, 2, 2);
	}

	@Test
	void callsWaitWhenAllAreFullAndGoToTheOneThatHasRoomFirst() {
		List<FakeConnection> connections = allOpen();
		Stream.of("a", "b", "c", "d", "e", "f").forEach(this::call);
		String seq = connections.get(2).requests().get(0).split(" ")[0];
		ClientCall<Object> waits = call("g");
		assertThat(waits).isNotDone();
		connections.get(2).receive(seq + " ok x");
		connections.get(2).receive(connections.get(2).seq() + " ok at last");
		assertThat(waits).isCompletedWithValue("at last");
	}

	@Test
	void lostConnectionIsOpenedAgainWhileTheOthersGoOn() {
		List<FakeConnection> connections = allOpen();
		this.timer.advance(Duration.ofSeconds(1));
		ClientCall<Object> first = call("a");
		connections.get(0).lose();
		connections.get(1).lose();
		connections.get(2).lose();
		assertFailure(first, RpcCode.UNAVAILABLE, Known.MAYBE_RAN);
		assertThat(this.transport.attempts).hasSize(6);
		FakeConnection again = this.transport.last().accept();
		again.greet(true);
		assertThat(this.node.state()).isEqualTo(NodeState.READY);
		Stream.of("b", "c").forEach(this::call);
		assertThat(again.requests()).hasSize(2);
	}

	@Test
	void lossOfAConnectionHasTheOthersAsked() {
		List<FakeConnection> connections = allOpen();
		this.timer.advance(Duration.ofSeconds(1));
		connections.forEach(FakeConnection::control);
		connections.get(1).lose();
		assertThat(connections.get(0).control()).singleElement().asString().contains("_goRPC_.Ping");
		assertThat(connections.get(1).control()).isEmpty();
		assertThat(connections.get(2).control()).singleElement().asString().contains("_goRPC_.Ping");
		assertThat(counts(connections)).containsExactly(0, 0, 0);
	}

	@Test
	void connectionThatIsAskedSinceAnotherWasLostEndsIfNothingIsAnswered() {
		List<FakeConnection> connections = allOpen();
		this.timer.advance(Duration.ofSeconds(1));
		connections.forEach(FakeConnection::control);
		connections.get(1).lose();
		String answered = connections.get(0).control().get(0);
		connections.get(0).receive(answered.split(" ")[0] + " ok pong");
		this.timer.advance(Duration.ofSeconds(7));
		assertThat(connections.get(2).closed).isFalse();
		this.timer.advance(Duration.ofSeconds(3));
		assertThat(connections.get(2).closed).isTrue();
		assertThat(connections.get(0).closed).isFalse();
	}

	@Test
	void nodeFailsOnlyWhenAllItsConnectionsHave() {
		ClientCall<Object> call = call("a");
		this.transport.attempts.get(0).refuse();
		this.transport.attempts.get(1).refuse();
		assertThat(call).isNotDone();
		assertThat(this.node.state()).isEqualTo(NodeState.CONNECTING);
		this.transport.attempts.get(2).refuse();
		assertFailure(call, RpcCode.UNAVAILABLE, Known.NOT_RUN, "Connection refused");
		assertThat(this.node.state()).isEqualTo(NodeState.TRANSIENT_FAILURE);
	}

	@Test
	void snapshotShowsEachConnection() {
		this.node.connect();
		this.transport.attempts.get(0).accept();
		this.transport.attempts.get(1).refuse();
		call("a");
		assertThat(this.node.snapshot().connections()).extracting(ConnectionSnapshot::state)
			.containsExactly(ConnectionState.READY, ConnectionState.BACKING_OFF, ConnectionState.CONNECTING);
		assertThat(this.node.snapshot().connections()).extracting(ConnectionSnapshot::inFlight)
			.containsExactly(1, 0, 0);
	}

}
