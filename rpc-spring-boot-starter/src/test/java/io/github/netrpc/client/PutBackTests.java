package io.github.netrpc.client;

import java.time.Duration;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.client.FakeTransport.FakeConnection;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WaitingCalls}: a call that had waited, found room, and lost it to
 * another sender before it could be sent.
 */
class PutBackTests extends NodeFixture {

	private FakeConnection connection;

	@BeforeEach
	void fill() {
		this.connection = greeted(true);
		this.connection.unsentBytes = 200_000;
	}

	/**
	 * There is room, and a call that waits is taken out to be sent. Before it is, another
	 * sender has taken the room.
	 * @param meanwhile happens while the call is nowhere
	 */
	private void takeOutAndPutBack(Runnable meanwhile) {
		int[] asked = new int[1];
		this.connection.unsentBytes = 0;
		this.connection.onUnsent = () -> {
			// The first question finds room; the second is that of the call.
			if (++asked[0] == 2) {
				this.connection.unsentBytes = 200_000;
				this.connection.onUnsent = null;
				meanwhile.run();
			}
		};
		this.node.roomFreed();
		assertThat(asked[0]).isEqualTo(2);
	}

	@Test
	void endsAtItsDeadlineThoughTheSweepRanMeanwhile() {
		ClientCall<Object> call = call("a", Duration.ofSeconds(1));
		assertThat(this.node.snapshot().waiting()).isEqualTo(1);
		this.timer.advance(Duration.ofMillis(999));
		takeOutAndPutBack(() -> this.timer.advance(Duration.ofMillis(1)));
		assertThat(this.node.snapshot().waiting()).isEqualTo(1);
		this.timer.advance(Duration.ofMillis(1));
		assertFailure(call, RpcCode.DEADLINE_EXCEEDED, Known.NOT_RUN);
	}

	@Test
	void doesNotStayIfItHasEndedMeanwhile() {
		ClientCall<Object> call = call("a");
		takeOutAndPutBack(() -> call.cancel(true));
		assertThat(this.node.snapshot().waiting()).isZero();
		assertThat(call.argument()).isNull();
		// Nobody waits any more, so the next call goes by itself.
		this.connection.unsentBytes = 0;
		ClientCall<Object> next = call("b");
		this.connection.receive(this.connection.seq() + " ok sent");
		assertThat(next).isCompletedWithValue("sent");
	}

	@Test
	void staysInFrontOfThoseThatHaveComeMeanwhile() {
		call("first");
		takeOutAndPutBack(() -> call("second"));
		assertThat(this.node.snapshot().waiting()).isEqualTo(2);
		this.connection.drainTo(0);
		assertThat(this.connection.requests()).extracting((request) -> request.split(" ")[2])
			.containsExactly("first", "second");
	}

	@Test
	void endsIfItsConnectionWasLostMeanwhile() {
		ClientCall<Object> call = call("a");
		takeOutAndPutBack(this.connection::lose);
		assertThat(this.node.snapshot().waiting()).isZero();
		assertFailure(call, RpcCode.UNAVAILABLE, Known.NOT_RUN, "next attempt in");
	}

	@Test
	void endsIfTheNodeWasRetiredMeanwhile() {
		ClientCall<Object> call = call("a");
		takeOutAndPutBack(this.node::retire);
		assertThat(this.node.snapshot().waiting()).isZero();
		assertFailure(call, RpcCode.UNAVAILABLE, Known.NOT_RUN, "not among the nodes any more");
	}

}
