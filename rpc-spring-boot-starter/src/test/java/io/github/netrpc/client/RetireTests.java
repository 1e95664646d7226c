package io.github.netrpc.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.client.FakeTransport.FakeConnection;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NodeClient#retire}.
 */
class RetireTests extends NodeFixture {

	private final List<NodeState> states = new ArrayList<>();

	private final List<ClientCall<?>> returned = new ArrayList<>();

	private CallFailure reason;

	@BeforeEach
	void listen() {
		create(this.resources);
	}

	private void create(ClientResources resources) {
		use(resources);
		this.node = new NodeClient("arith-3", ADDRESS, resources, new NodeListener() {

			@Override
			public void changed(NodeClient node) {
				RetireTests.this.states.add(node.state());
			}

			@Override
			public void returned(NodeClient node, List<ClientCall<?>> calls, CallFailure reason) {
				RetireTests.this.returned.addAll(calls);
				RetireTests.this.reason = reason;
			}

		});
		this.states.clear();
	}

	private void assertOver() {
		assertThat(this.node.state()).isEqualTo(NodeState.SHUTDOWN);
		assertThat(this.node.snapshot().connections()).noneMatch((each) -> each.state() != ConnectionState.IDLE);
		assertThat(this.timer.scheduled()).isZero();
		assertFailure(call("late"), RpcCode.UNAVAILABLE, Known.NOT_RUN, "arith-3 is not among the nodes any more");
	}

	@Test
	void idleNodeIsOverAtOnce() {
		this.node.retire();
		assertThat(this.states).containsExactly(NodeState.SHUTDOWN);
		this.node.connect();
		assertThat(this.transport.attempts).isEmpty();
		assertOver();
	}

	@Test
	void nodeWithoutCallsClosesItsConnection() {
		FakeConnection connection = greeted(true);
		this.node.retire();
		assertThat(connection.closed).isTrue();
		assertThat(this.node.snapshot().lastFailure()).isNull();
		assertOver();
	}

	@Test
	void callsInFlightEndAndOthersAreRefused() {
		FakeConnection connection = greeted(true);
		ClientCall<Object> first = call("a");
		ClientCall<Object> second = call("b");
		List<String> requests = connection.requests();
		this.node.retire();
		assertThat(this.states).endsWith(NodeState.DRAINING);
		assertFailure(call("late"), RpcCode.UNAVAILABLE, Known.NOT_RUN, "arith-3 is not among the nodes any more");
		connection.receive(requests.get(0).split(" ")[0] + " ok first");
		assertThat(first).isCompletedWithValue("first");
		assertThat(connection.closed).isFalse();
		assertThat(this.node.state()).isEqualTo(NodeState.DRAINING);
		connection.receive(requests.get(1).split(" ")[0] + " ok second");
		assertThat(second).isCompletedWithValue("second");
		assertThat(connection.closed).isTrue();
		assertThat(this.states).endsWith(NodeState.SHUTDOWN);
		assertThat(this.node.snapshot().failures()).isZero();
		assertOver();
	}

	@Test
	void callInFlightEndsAtItsDeadline() {
		FakeConnection connection = greeted(false);
		ClientCall<Object> call = call("a", Duration.ofSeconds(1));
		this.node.retire();
		this.timer.advance(Duration.ofSeconds(1));
		assertFailure(call, RpcCode.DEADLINE_EXCEEDED, Known.MAYBE_RAN);
		assertThat(connection.closed).isTrue();
		assertOver();
	}

	@Test
	void connectionThatIsLostMeanwhileIsNotOpenedAgain() {
		FakeConnection connection = greeted(true);
		this.timer.advance(Duration.ofSeconds(5));
		ClientCall<Object> call = call("a");
		this.node.retire();
		connection.lose();
		assertFailure(call, RpcCode.UNAVAILABLE, Known.MAYBE_RAN, "Connection reset");
		assertThat(this.transport.attempts).hasSize(1);
		assertOver();
	}

	@Test
	void callsThatWaitForAConnectionAreGivenBack() {
		ClientCall<Object> call = call("a");
		this.node.retire();
		assertThat(this.returned).containsExactly(call);
		assertThat(this.reason.known()).isEqualTo(Known.NOT_RUN);
		assertThat(call).isNotDone();
		call.reject(this.reason);
		// The network is late.
		FakeConnection late = this.transport.last().accept();
		assertThat(late.closed).isTrue();
		assertOver();
	}

	@Test
	void callsThatWaitForRoomAreGivenBack() {
		FakeConnection connection = greeted(true);
		for (int i = 0; i < 4; i++) {
			call(i);
		}
		ClientCall<Object> waiting = call("waits");
		assertThat(this.node.snapshot().waiting()).isOne();
		this.node.retire();
		assertThat(this.returned).containsExactly(waiting);
		waiting.reject(this.reason);
		connection.requests().forEach((request) -> connection.receive(request.split(" ")[0] + " ok done"));
		assertOver();
	}

	@Test
	void nodeThatIsAwayIsNotTriedAgain() {
		this.node.connect();
		this.transport.last().refuse();
		assertThat(this.node.state()).isEqualTo(NodeState.TRANSIENT_FAILURE);
		this.node.retire();
		assertOver();
		this.timer.advance(Duration.ofMinutes(1));
		assertThat(this.transport.attempts).hasSize(1);
	}

	@Test
	void eachConnectionClosesWhenItsOwnCallsHaveEnded() {
		create(resources(new ClientLimits(2, 4, 3, 100_000, Duration.ofSeconds(3)), null));
		this.node.connect();
		List<FakeConnection> both = this.transport.attempts.stream().map(FakeTransport.Attempt::accept).toList();
		both.forEach((connection) -> connection.greet(true));
		ClientCall<Object> call = call("a");
		this.node.retire();
		List<FakeConnection> open = both.stream().filter((connection) -> !connection.closed).toList();
		assertThat(open).hasSize(1);
		open.get(0).receive(open.get(0).seq() + " ok done");
		assertThat(call).isCompletedWithValue("done");
		assertOver();
	}

	@Test
	void closingANodeThatDrainsEndsItsCalls() {
		greeted(true);
		ClientCall<Object> call = call("a");
		this.node.retire();
		this.node.close();
		assertFailure(call, RpcCode.UNAVAILABLE, Known.MAYBE_RAN, "was closed by this side");
		assertOver();
	}

	@Test
	void nodeIsRetiredOnce() {
		greeted(true);
		call("a");
		this.node.retire();
		int told = this.states.size();
		this.node.retire();
		assertThat(this.states).hasSize(told);
		assertThat(this.node.state()).isEqualTo(NodeState.DRAINING);
		this.node.close();
		this.node.retire();
		assertOver();
	}

	@Test
	void successorOfAnOldConnectionIsGivenUp() {
		create(resources(new ClientLimits(1, 4, 3, 100_000, Duration.ofSeconds(3)), null,
				new ConnectionPolicy(ConnectionPolicy.Keepalive.DEFAULT, Duration.ofMillis(100), Duration.ofSeconds(15),
						Duration.ZERO, Duration.ofSeconds(10)),
				true, Runnable::run));
		FakeConnection old = greeted(true);
		this.timer.advance(Duration.ofSeconds(9));
		ClientCall<Object> call = call("a", Duration.ofMinutes(1));
		this.timer.advance(Duration.ofSeconds(2));
		assertThat(this.transport.attempts).hasSize(2);
		this.node.retire();
		FakeConnection successor = this.transport.last().accept();
		assertThat(successor.closed).isTrue();
		old.receive(old.seq() + " ok done");
		assertThat(call).isCompletedWithValue("done");
		assertOver();
	}

}
