package io.github.netrpc.client;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import io.github.netrpc.client.FakeTransport.FakeConnection;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RunningCall#onLateAnswer}.
 */
class LateAnswerTests extends NodeFixture {

	private final AtomicInteger told = new AtomicInteger();

	@Test
	void answerToACallThatWasGivenUpIsToldOnce() {
		FakeConnection connection = greeted(true);
		ClientCall<Object> call = call("a");
		String seq = connection.seq();
		call.abandon("too slow");
		call.onLateAnswer(this.told::incrementAndGet);
		connection.receive(seq + " ok late", seq + " ok later");
		assertThat(this.told).hasValue(1);
		assertThat(call).isCompletedExceptionally();
	}

	@Test
	void answerToACallWhoseTimeIsOverIsTold() {
		FakeConnection connection = greeted(true);
		ClientCall<Object> call = call("a", Duration.ofSeconds(1));
		String seq = connection.seq();
		this.timer.advance(Duration.ofSeconds(2));
		call.onLateAnswer(this.told::incrementAndGet);
		connection.receive(seq + " ok late");
		assertThat(this.told).hasValue(1);
	}

	@Test
	void errorIsNoAnswer() {
		FakeConnection connection = greeted(true);
		ClientCall<Object> call = call("a");
		String seq = connection.seq();
		call.abandon("too slow");
		call.onLateAnswer(this.told::incrementAndGet);
		connection.receive(seq + " coded CANCELLED - cancelled by its caller", seq + " ok late");
		assertThat(this.told).hasValue(0);
	}

	@Test
	void callThatWasAnsweredInTimeHasNoLateAnswer() {
		FakeConnection connection = greeted(true);
		ClientCall<Object> call = call("a");
		String seq = connection.seq();
		connection.receive(seq + " error no");
		call.onLateAnswer(this.told::incrementAndGet);
		connection.receive(seq + " ok twice");
		assertThat(this.told).hasValue(0);
	}

	@Test
	void callThatWasNeverSentHasNone() {
		ClientCall<Object> call = call("a");
		call.abandon("too slow");
		call.onLateAnswer(this.told::incrementAndGet);
		assertThat(this.told).hasValue(0);
	}

	@Test
	void othersAreNotAffected() {
		FakeConnection connection = greeted(true);
		ClientCall<Object> given = call("a");
		String seq = connection.seq();
		given.abandon("too slow");
		given.onLateAnswer(this.told::incrementAndGet);
		ClientCall<Object> next = call("b");
		connection.receive(connection.seq() + " ok b", seq + " ok late");
		assertThat(next).isCompletedWithValue("b");
		assertThat(this.told).hasValue(1);
	}

}
