package io.github.netrpc.client;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.client.FakeTransport.FakeConnection;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NodeClient}: a call that had waited, found room, and lost it to
 * another sender before it could be sent.
 */
class PutBackTests extends NodeFixture {

	@Test
	void endsAtItsDeadlineThoughTheSweepRanWhileItWaitedNowhere() {
		FakeConnection connection = greeted(true);
		connection.unsentBytes = 200_000;
		ClientCall<Object> call = call("a", Duration.ofSeconds(1));
		assertThat(this.node.snapshot().waiting()).isEqualTo(1);
		this.timer.advance(Duration.ofMillis(999));
		int[] asked = new int[1];
		connection.unsentBytes = 0;
		connection.onUnsent = () -> {
			// The first question finds room. Before the second, by the call that is
			// sent, the sweep has run and another sender has taken the room.
			if (++asked[0] == 2) {
				connection.unsentBytes = 200_000;
				connection.onUnsent = null;
				this.timer.advance(Duration.ofMillis(1));
			}
		};
		this.node.roomFreed();
		assertThat(asked[0]).isEqualTo(2);
		assertThat(this.node.snapshot().waiting()).isEqualTo(1);
		this.timer.advance(Duration.ofMillis(1));
		assertFailure(call, RpcCode.DEADLINE_EXCEEDED, Known.NOT_RUN);
	}

	@Test
	void callThatEndsWhileItWaitsNowhereDoesNotStay() {
		FakeConnection connection = greeted(true);
		connection.unsentBytes = 200_000;
		ClientCall<Object> call = call("a");
		int[] asked = new int[1];
		connection.unsentBytes = 0;
		connection.onUnsent = () -> {
			// As above, and the caller gives the call up.
			if (++asked[0] == 2) {
				connection.unsentBytes = 200_000;
				connection.onUnsent = null;
				call.cancel(true);
			}
		};
		this.node.roomFreed();
		assertThat(asked[0]).isEqualTo(2);
		assertThat(this.node.snapshot().waiting()).isZero();
		assertThat(call.argument()).isNull();
		// Nobody waits any more, so the next call goes by itself.
		connection.unsentBytes = 0;
		ClientCall<Object> next = call("b");
		connection.receive(connection.seq() + " ok sent");
		assertThat(next).isCompletedWithValue("sent");
	}

	@Test
	void callThatIsPutBackStaysInFrontOfThoseThatCameSince() {
		FakeConnection connection = greeted(true);
		connection.unsentBytes = 200_000;
		call("first");
		int[] asked = new int[1];
		connection.unsentBytes = 0;
		connection.onUnsent = () -> {
			if (++asked[0] == 2) {
				connection.unsentBytes = 200_000;
				connection.onUnsent = null;
				call("second");
			}
		};
		this.node.roomFreed();
		assertThat(this.node.snapshot().waiting()).isEqualTo(2);
		connection.drainTo(0);
		assertThat(connection.requests()).extracting((request) -> request.split(" ")[2])
			.containsExactly("first", "second");
	}

	@Test
	void callThatIsPutBackWhenItsConnectionIsLostIsGivenBack() {
		FakeConnection connection = greeted(true);
		connection.unsentBytes = 200_000;
		ClientCall<Object> call = call("a");
		int[] asked = new int[1];
		connection.unsentBytes = 0;
		connection.onUnsent = () -> {
			if (++asked[0] == 2) {
				connection.unsentBytes = 200_000;
				connection.onUnsent = null;
				connection.lose();
			}
		};
		this.node.roomFreed();
		assertThat(this.node.snapshot().waiting()).isZero();
		assertFailure(call, RpcCode.UNAVAILABLE, Known.NOT_RUN, "next attempt in");
	}

}
