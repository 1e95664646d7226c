package io.github.netrpc;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RpcException} and {@link RpcCallException}.
 */
class RpcExceptionTests {

	private static RpcAttempt attempt(String node, RpcCode code) {
		return new RpcAttempt(node, Duration.ofMillis(3), Duration.ofMillis(12), code, Known.MAYBE_RAN, "text");
	}

	private static RpcCallException call(RpcCode code, Known known, boolean idempotent, RpcAttempt... attempts) {
		return new RpcCallException(code, known, "message", null,
				new RpcCallException.Trace("a:1", "00ff-7", idempotent, List.of(attempts)));
	}

	@ParameterizedTest
	@CsvSource({ "UNAVAILABLE, NOT_RUN, false, true", "RESOURCE_EXHAUSTED, NOT_RUN, false, true",
			"UNAVAILABLE, MAYBE_RAN, false, false", "UNAVAILABLE, MAYBE_RAN, true, true",
			"UNAVAILABLE, RAN_AND_FAILED, true, false", "RESOURCE_EXHAUSTED, MAYBE_RAN, true, false",
			"INVALID_ARGUMENT, NOT_RUN, true, false", "DEADLINE_EXCEEDED, NOT_RUN, true, false" })
	void retryableIsWhatCouldBeTriedAgain(RpcCode code, Known known, boolean idempotent, boolean retryable) {
		assertThat(call(code, known, idempotent).retryable()).isEqualTo(retryable);
	}

	@Test
	void exceptionOfAHandlerKnowsNothingOfACall() {
		RpcException thrown = new RpcException(RpcCode.NOT_FOUND, "no such account");
		assertThat(thrown.node()).isNull();
		assertThat(thrown.callId()).isNull();
		assertThat(thrown.attempts()).isEmpty();
		assertThat(thrown.retryable()).isFalse();
	}

	@Test
	void messageShowsAttemptsOnlyIfThereWereSeveral() {
		RpcAttempt first = attempt("a:1", RpcCode.UNAVAILABLE);
		assertThat(call(RpcCode.UNAVAILABLE, Known.MAYBE_RAN, true, first)).hasMessage("message");
		assertThat(call(RpcCode.UNAVAILABLE, Known.MAYBE_RAN, true, first, attempt(null, RpcCode.UNAVAILABLE)))
			.hasMessage("message (2 attempts: a:1 UNAVAILABLE MAYBE_RAN at 3 ms after 12 ms, "
					+ "no node UNAVAILABLE MAYBE_RAN at 3 ms after 12 ms)");
	}

	@Test
	void failureOfACallCanBeSerialized() throws IOException, ClassNotFoundException {
		RpcCallException failure = call(RpcCode.UNAVAILABLE, Known.MAYBE_RAN, true,
				attempt("a:1", RpcCode.UNAVAILABLE));
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
			out.writeObject(failure);
		}
		try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
			RpcCallException read = (RpcCallException) in.readObject();
			assertThat(read.attempts()).isEqualTo(failure.attempts());
			assertThat(read.node()).isEqualTo("a:1");
			assertThat(read.callId()).isEqualTo("00ff-7");
		}
	}

}
