package io.github.netrpc.client;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.client.FakeTransport.FakeConnection;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NodeClient} whose node says that it takes no more calls.
 */
class DrainTests extends NodeFixture {

	private static final String NOTICE = "notice drain true";

	private FakeConnection lived() {
		FakeConnection connection = greeted(true);
		this.timer.advance(Duration.ofSeconds(1));
		return connection;
	}

	@Test
	void callsFinishWhileNewOnesGoToAnotherConnection() {
		FakeConnection draining = lived();
		ClientCall<Object> accepted = call("accepted");
		String seq = draining.seq();
		draining.receive(NOTICE);
		assertThat(this.node.state()).isEqualTo(NodeState.CONNECTING);
		ClientCall<Object> later = call("later");
		assertThat(draining.requests()).isEmpty();
		FakeConnection next = this.transport.last().accept();
		next.receive(next.seq() + " ok next");
		assertThat(later).isCompletedWithValue("next");
		assertThat(draining.closed).isFalse();
		draining.receive(seq + " ok done");
		assertThat(accepted).isCompletedWithValue("done");
		assertThat(draining.closed).isTrue();
		assertThat(this.node.state()).isEqualTo(NodeState.READY);
		assertThat(next.closed).isFalse();
	}

	@Test
	void snapshotShowsTheConnectionThatDrains() {
		FakeConnection draining = lived();
		call("accepted");
		draining.receive(NOTICE);
		NodeSnapshot snapshot = this.node.snapshot();
		assertThat(snapshot.connections()).extracting(ConnectionSnapshot::state)
			.containsExactly(ConnectionState.CONNECTING, ConnectionState.DRAINING);
		assertThat(snapshot.inFlight()).isEqualTo(1);
		assertThat(snapshot.lastFailure()).isEqualTo("the node is draining");
	}

	@Test
	void connectionWithoutCallsIsClosedAtOnce() {
		FakeConnection draining = lived();
		draining.receive(NOTICE);
		assertThat(draining.closed).isTrue();
		assertThat(this.transport.attempts).hasSize(2);
	}

	@Test
	void connectionThatIsDrainedAsSoonAsItIsOpenIsNotOpenedAgainAtOnce() {
		FakeConnection draining = greeted(true);
		draining.receive(NOTICE);
		assertThat(this.node.state()).isEqualTo(NodeState.TRANSIENT_FAILURE);
		assertFailure(call("a"), RpcCode.UNAVAILABLE, Known.NOT_RUN, "the node is draining");
		this.timer.advance(Duration.ofMillis(999));
		assertThat(this.transport.attempts).hasSize(1);
		this.timer.advance(Duration.ofMillis(1));
		assertThat(this.transport.attempts).hasSize(2);
	}

	@Test
	void deadlinesOfCallsThatDrainAreKept() {
		FakeConnection draining = lived();
		ClientCall<Object> accepted = call("accepted", Duration.ofMillis(200));
		draining.receive(NOTICE);
		this.timer.advance(Duration.ofMillis(225));
		assertFailure(accepted, RpcCode.DEADLINE_EXCEEDED, Known.MAYBE_RAN);
		assertThat(draining.closed).isTrue();
	}

	@Test
	void cancelIsSentWhileDraining() {
		FakeConnection draining = lived();
		ClientCall<Object> accepted = call("accepted");
		call("other");
		draining.receive(NOTICE);
		draining.control();
		accepted.cancel(false);
		assertThat(draining.control()).singleElement().asString().contains("_goRPC_.Cancel");
		assertThat(draining.closed).isFalse();
	}

	@Test
	void callsThatDrainEndWithTheirConnection() {
		FakeConnection draining = lived();
		ClientCall<Object> accepted = call("accepted");
		draining.receive(NOTICE);
		FakeConnection next = this.transport.last().accept();
		draining.lose();
		assertFailure(accepted, RpcCode.UNAVAILABLE, Known.MAYBE_RAN);
		assertThat(this.node.state()).isEqualTo(NodeState.READY);
		assertThat(next.closed).isFalse();
	}

	@Test
	void callThatIsEncodedWhenTheNoticeComesFinishesOnItsConnection() {
		FakeConnection draining = lived();
		ClientCall<Object> call = call((Runnable) () -> draining.receive(NOTICE));
		assertThat(draining.closed).isFalse();
		draining.receive(draining.seq() + " ok done");
		assertThat(call).isCompletedWithValue("done");
		assertThat(draining.closed).isTrue();
	}

	@Test
	void secondNoticeIsIgnored() {
		FakeConnection draining = lived();
		call("accepted");
		draining.receive(NOTICE);
		draining.receive(NOTICE);
		assertThat(this.transport.attempts).hasSize(2);
		assertThat(this.node.snapshot().connections()).hasSize(2);
	}

	@Test
	void noticeThatSaysSomethingElseIsIgnored() {
		FakeConnection connection = lived();
		connection.receive("notice weather fine");
		assertThat(this.node.state()).isEqualTo(NodeState.READY);
	}

	@Test
	void noticesThatNobodyAskedForAreIgnored() {
		use(resources(ClientLimits.DEFAULT, null, ConnectionPolicy.DEFAULT, false, Runnable::run));
		FakeConnection connection = connected();
		ClientCall<Object> call = call("x", Duration.ofSeconds(1));
		String seq = connection.seq();
		connection.receive(NOTICE);
		connection.receive("77 +ok nobody's");
		assertThat(this.node.state()).isEqualTo(NodeState.READY);
		assertThat(this.transport.attempts).hasSize(1);
		// No grace either: the deadline is kept by this side alone
		this.timer.advance(Duration.ofSeconds(1));
		assertFailure(call, RpcCode.DEADLINE_EXCEEDED, Known.MAYBE_RAN);
		assertThat(seq).isNotNull();
	}

	@Test
	void closeEndsCallsThatDrain() {
		FakeConnection draining = lived();
		ClientCall<Object> accepted = call("accepted");
		draining.receive(NOTICE);
		this.node.close();
		assertFailure(accepted, RpcCode.UNAVAILABLE, Known.MAYBE_RAN, "closed by this side");
		assertThat(draining.closed).isTrue();
	}

}
