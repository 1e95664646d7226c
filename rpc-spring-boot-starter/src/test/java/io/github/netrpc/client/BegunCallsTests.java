package io.github.netrpc.client;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BegunCalls}.
 */
class BegunCallsTests extends NodeFixture {

	private final BegunCalls calls = new BegunCalls();

	private ClientCall<Object> begun() {
		ClientCall<Object> call = this.resources.future(plan(Duration.ofSeconds(1)));
		assertThat(this.calls.begin()).isTrue();
		this.calls.add(call);
		this.calls.begun(call);
		return call;
	}

	private void end(ClientCall<?> call, Known known) {
		call.reject(new CallFailure(RpcCode.UNAVAILABLE, known, "ended by a test", null));
		this.calls.ended(call);
	}

	@Test
	void whereNoCallHasBegunNothingRan() {
		assertThat(this.calls.known()).isEqualTo(Known.NOT_RUN);
	}

	@Test
	void callThatIsAboutToBeginMayHaveRun() {
		this.calls.begin();
		assertThat(this.calls.known()).isEqualTo(Known.MAYBE_RAN);
	}

	@Test
	void callWhoseBeginningHasFailedMayHaveRun() {
		this.calls.begin();
		this.calls.begun(null);
		assertThat(this.calls.known()).isEqualTo(Known.MAYBE_RAN);
	}

	@Test
	void callThatHasNotEndedMayHaveRun() {
		ClientCall<Object> call = begun();
		assertThat(this.calls.known()).isEqualTo(Known.MAYBE_RAN);
		end(call, Known.NOT_RUN);
		assertThat(this.calls.known()).isEqualTo(Known.NOT_RUN);
	}

	@Test
	void whatTheFirstCallLeftOpenStaysOpen() {
		end(begun(), Known.MAYBE_RAN);
		end(begun(), Known.NOT_RUN);
		assertThat(this.calls.known()).isEqualTo(Known.MAYBE_RAN);
	}

	@Test
	void noCallBeginsWhenMoreAreRefused() {
		ClientCall<Object> running = begun();
		end(begun(), Known.NOT_RUN);
		assertThat(this.calls.isRefusing()).isFalse();
		assertThat(this.calls.refuseMore()).hasSize(1).allMatch((call) -> call == running);
		assertThat(this.calls.isRefusing()).isTrue();
		assertThat(this.calls.begin()).isFalse();
		end(running, Known.NOT_RUN);
		assertThat(this.calls.known()).isEqualTo(Known.NOT_RUN);
	}

	@Test
	void callThatWasBeginningWhenMoreWereRefusedIsNotWanted() {
		ClientCall<Object> call = this.resources.future(plan(Duration.ofSeconds(1)));
		this.calls.begin();
		assertThat(this.calls.refuseMore()).isEmpty();
		this.calls.add(call);
		assertThat(this.calls.begun(call)).isFalse();
		assertThat(this.calls.refuseMore()).hasSize(1).allMatch((each) -> each == call);
	}

}
