package io.github.netrpc.server;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.netrpc.annotation.RpcService;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Bounds on one connection as they were chosen, and what the log says of a connection
 * that has passed one.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConnectionLimitsTests {

	private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

	private final Work work = new Work();

	private final ManualServer server = new ManualServer(this.work);

	@Test
	void firstRequestHasItsOwnTime(CapturedOutput output) {
		this.server.limits = ConnectionLimits.DEFAULT.withRequests(70 * MILLI, 300 * MILLI);
		FakeConnection connection = this.server.open().receive(">>1 Wo");
		connection.advance(69, TimeUnit.MILLISECONDS);
		assertThat(connection.isClosed()).isFalse();
		connection.advance(1, TimeUnit.MILLISECONDS);
		assertThat(connection.isClosed()).isTrue();
		assertThat(output).contains(
				"a request was not complete in time " + "(limit: rpc.server.connection.first-request-timeout = 70 ms)");
	}

	@Test
	void otherRequestsHaveTheirs(CapturedOutput output) {
		this.server.limits = ConnectionLimits.DEFAULT.withRequests(70 * MILLI, 300 * MILLI);
		FakeConnection connection = this.server.open().receive(">>1 Work.Later x\n2 Wo");
		connection.advance(299, TimeUnit.MILLISECONDS);
		assertThat(connection.isClosed()).isFalse();
		connection.advance(1, TimeUnit.MILLISECONDS);
		assertThat(connection.isClosed()).isTrue();
		assertThat(output)
			.contains("a request was not complete in time (limit: rpc.server.connection.request-timeout = 300 ms)");
	}

	@Test
	void peerIsNotReadWhileItHasMoreUnreadThanItMay(CapturedOutput output) {
		this.server.limits = ConnectionLimits.DEFAULT.withUnread(10_000).withStalled(200 * MILLI);
		FakeConnection connection = this.server.open();
		connection.peerReads(false);
		connection.receive(">>1 Work.Later x\n");
		this.server.runHandlers();
		this.work.later.complete("y".repeat(10_001));
		connection.runTasks();
		connection.receive("2 Work.Later x\n");
		assertThat(connection.isReading()).isFalse();
		connection.advance(200, TimeUnit.MILLISECONDS);
		assertThat(connection.isClosed()).isTrue();
		assertThat(output).contains("10004 bytes of replies wait, and the peer has taken none "
				+ "(limit: rpc.server.connection.slow-reader-timeout = 200 ms)");
	}

	@Test
	void peerThatWasToldToGoHasToBeSilentForItsTime() {
		this.server.limits = ConnectionLimits.DEFAULT.withQuiet(40 * MILLI);
		FakeConnection connection = this.server.open().receive(">>0;0 _goRPC_.Ping\n");
		this.server.registry.drain();
		connection.runTasks();
		assertThat(connection.sent()).endsWith("notice{drain=true}\n");
		connection.advance(39, TimeUnit.MILLISECONDS);
		assertThat(connection.isGracefullyClosed()).isFalse();
		connection.advance(1, TimeUnit.MILLISECONDS);
		assertThat(connection.isGracefullyClosed()).isTrue();
	}

	@Test
	void connectionThatIsOneTooManyIsDescribedWithTheBound() {
		ConnectionRegistry one = new ConnectionRegistry(1);
		assertThat(one.describeSurplus(true))
			.isEqualTo("1 connections are open (limit: rpc.server.max-connections = 1), and all of them have said "
					+ "something");
		assertThat(one.describeSurplus(false))
			.isEqualTo("1 connections are open (limit: rpc.server.max-connections = 1), and this is the oldest that "
					+ "never said anything, or not who calls");
		one.closeAll();
		assertThat(one.describeSurplus(true)).isEqualTo("the server is closing");
	}

	@Test
	void callThatNoThreadTakesIsToldHowManyThereAre() {
		this.server.maxHandlers = 3;
		this.server.executor = (task) -> {
			throw new RejectedExecutionException("shut down");
		};
		FakeConnection connection = this.server.open().receive(">>1 Work.Later x\n");
		assertThat(connection.sent()).isEqualTo(
				"1!server has no thread for the call, 0 are at work " + "(limit: rpc.server.concurrency.max = 3)\n");
	}

	@Test
	void timesBeyondWhatCanBeCountedAreAsLongAsCan() {
		Duration ages = Duration.ofSeconds(Long.MAX_VALUE);
		assertThat(RpcServer.builder().requestTimeouts(ages, ages).drainQuietTime(ages).slowReaderTimeout(ages))
			.isNotNull();
		assertThatIllegalArgumentException().isThrownBy(() -> RpcServer.builder().requestTimeouts(Duration.ZERO, ages))
			.withMessage("first: PT0S (expected: more than zero)");
		assertThatIllegalArgumentException().isThrownBy(() -> RpcServer.builder().maxConnectionUnsentBytes(0))
			.withMessage("unsent bytes of a connection: 0 (expected: 1 or more)");
	}

	@RpcService("Work")
	public static class Work {

		final CompletableFuture<String> later = new CompletableFuture<>();

		public CompletableFuture<String> later(String text) {
			return this.later;
		}

	}

}
